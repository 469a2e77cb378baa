"""Whether two expressions are the same tree, whatever their letters are called."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Add, Basic, Derivative, Expr, Indexed, KroneckerDelta, Mul, Sum, Symbol
from sympy.core.function import AppliedUndef, Function

from derivations.language.index_nodes import unfold

Names = Mapping[str, str]


def same(left: Expr, right: Expr, names: Names | None = None) -> bool:
    """Whether both, with definitions written out, are one tree; ``names`` renames the left's."""
    return spelled(left, names) == spelled(right)


def spelled(expression: Expr, names: Names | None = None) -> str:
    """The tree as a string in which a bound letter is how many binders up it is bound."""
    return _spelled(unfold(expression), names or {}, ())


def _spelled(node: Basic, names: Names, bound: tuple[Symbol, ...]) -> str:
    if isinstance(node, Symbol):
        if node in bound:
            return f"^{len(bound) - bound.index(node)}"
        return names.get(node.name, node.name)
    if isinstance(node, Sum):
        return _sum(node, names, bound)
    parts = node.args
    if isinstance(node, Indexed):
        name = str(node.base)
        head, parts = names.get(name, name), node.indices
    elif isinstance(node, Derivative):
        head, parts = "by", (node.expr, *node.variables)
    elif isinstance(node, AppliedUndef | Function):
        name = type(node).__name__
        head = names.get(name, name)
    elif not parts:
        return str(node)
    else:
        head = type(node).__name__
    texts = [_spelled(part, names, bound) for part in parts]
    if isinstance(node, Add | Mul | KroneckerDelta):
        texts.sort()
    return f"{head}({', '.join(texts)})"


def _sum(node: Sum, names: Names, bound: tuple[Symbol, ...]) -> str:
    """The last limit is the outermost binder."""
    (index, lower, upper), inner = node.limits[-1], node.limits[:-1]
    bounds = [_spelled(end, names, bound) for end in (lower, upper)]
    body = node.func(node.function, *inner) if inner else node.function
    return f"sum({', '.join(bounds)}, {_spelled(body, names, (index, *bound))})"
