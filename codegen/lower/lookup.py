"""Sums that a delta reduces to one term."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, Expr, KroneckerDelta, Mul

from codegen.lower.deltas import complement
from codegen.lower.products import summed
from derivations.indices import Index
from derivations.language.index_nodes import substitute

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def look_up(indices: list[Index], factors: list[Expr], lowering: Lowering) -> Expr | None:
    """``sum over w of delta(w, o) f(w)`` is f(o); deltas inside a sum of terms are split off."""
    for index in indices:
        rest = [other for other in indices if other != index]
        for factor in factors:
            others = Mul(*(other for other in factors if other is not factor))
            if _compares(factor, index):
                (place,) = (place for place in factor.args if place != index)
                return summed([substitute(others, {index: place})], rest)
            if complement(factor, lowering) is None and _has_delta(factor, index):
                terms = [term.as_coeff_Mul() for term in factor.args]
                return Add(*(sign * summed([term, others], indices) for sign, term in terms))
    return None


def _compares(factor: Expr, index: Index) -> bool:
    """Whether the factor is a delta of the index itself and a place that it does not move."""
    if not isinstance(factor, KroneckerDelta) or index not in factor.args:
        return False
    return any(index not in place.free_symbols for place in factor.args)


def _has_delta(factor: Expr, index: Index) -> bool:
    """Whether the factor is a sum with a term that is multiplied by a delta of the index."""
    parts = [part for term in factor.args for part in Mul.make_args(term)]
    return isinstance(factor, Add) and any(_compares(part, index) for part in parts)
