"""True derivatives at symbolic size, by SymPy's own differentiation.

Bound indices are renamed apart first (`unfold`): SymPy ignores capture in derivatives. What
SymPy leaves is a sum with Kronecker deltas in it, which the normal form contracts.
"""

from __future__ import annotations

from functools import lru_cache

from sympy import Derivative, Expr, Indexed, Sum

from derivations.definition import unfold


def differentiated(expression: Expr) -> Expr:
    """``expression`` unfolded, with every derivative in it taken."""
    if not expression.has(Derivative):
        return unfold(expression)
    if isinstance(expression, Derivative):
        return _derivative(expression)
    return _taken(unfold(expression))


@lru_cache(maxsize=1024)
def _derivative(node: Derivative) -> Expr:
    return _taken(unfold(node))


def _taken(node: Expr) -> Expr:
    if isinstance(node, Derivative):
        return _taken(node.expr).diff(*node.variables)
    if not node.args or isinstance(node, Indexed):
        return node
    if isinstance(node, Sum):
        return node.func(_taken(node.function), *node.limits)
    return node.func(*[_taken(argument) for argument in node.args])
