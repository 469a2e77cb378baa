"""Expressions with every bound index renamed by how many binders it stands under.

Two expressions that differ in the names of bound indices alone become the same tree. Index
sets, definitions and SymPy's own ordering stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Basic, Derivative, Expr, Indexed, Sum, Symbol

from derivations.indices import Index

Renamed = Mapping[Basic, Basic]


def levelled(node: Expr, free: Renamed | None = None) -> Expr:
    """The tree under level names; ``free`` says what free indices are to be called."""
    return _levelled(node, free or {}, 0)


def _levelled(node: Basic, names: Renamed, depth: int) -> Basic:
    if isinstance(node, Sum):
        return _sum(node, names, depth)
    if isinstance(node, Symbol):
        return names.get(node, node)
    if isinstance(node, Indexed):
        return node.base[tuple(_levelled(index, names, depth) for index in node.indices)]
    if isinstance(node, Derivative):
        variables = [_levelled(variable, names, depth) for variable in node.variables]
        return Derivative(_levelled(node.expr, names, depth), *variables, evaluate=False)
    if not node.args:
        return node
    return node.func(*[_levelled(part, names, depth) for part in node.args])


def _sum(node: Sum, names: Renamed, depth: int) -> Expr:
    limits = []
    for index, lower, upper in reversed(node.limits):  # the last one is the outermost
        bounds = [_levelled(bound, names, depth) for bound in (lower, upper)]
        level = Index(f"#{depth}", index.space)
        limits.append((level, *bounds))
        names, depth = {**names, index: level}, depth + 1
    return node.func(_levelled(node.function, names, depth), *reversed(limits))
