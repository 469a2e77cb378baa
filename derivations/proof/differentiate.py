"""True derivatives at symbolic size, by SymPy's own differentiation.

Bound indices are renamed apart first (`unfold`): SymPy ignores capture in derivatives. What
SymPy leaves is a sum with Kronecker deltas in it, which the normal form contracts.
"""

from __future__ import annotations

from functools import lru_cache

from sympy import Derivative, Expr

from derivations.definition import unfold, with_derivatives_taken


def differentiated(expression: Expr) -> Expr:
    """``expression`` unfolded, with every derivative in it taken."""
    if not expression.has(Derivative):
        return unfold(expression)
    if isinstance(expression, Derivative):
        return _derivative(expression)
    return with_derivatives_taken(unfold(expression))


@lru_cache(maxsize=1024)
def _derivative(node: Derivative) -> Expr:
    return with_derivatives_taken(unfold(node))
