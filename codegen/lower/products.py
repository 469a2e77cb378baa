"""A sum of a product taken apart: the indices summed over, and the factors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sympy import Expr, KroneckerDelta, Mul, Sum

from codegen.lower.deltas import complement
from codegen.lower.text import LoweringError
from derivations.definition import Defined, substitute
from derivations.indices import Index, total

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def opened(whole: Sum, lowering: Lowering) -> tuple[list[Index], list[Expr]]:
    """The indices and factors of a sum of a product, nested sums opened as well."""
    indices: list[Index] = []
    for index, lower, upper in whole.limits:
        space = index.space if isinstance(index, Index) else None
        if space is None or (lower, upper) != (space.lower, space.upper):
            raise LoweringError(f"{whole} does not run over a whole index set")
        while index in indices:  # bound once more outside, where nothing depends on it
            index = Index(f"{index.name}′", space)
        indices.append(index)
    factors: list[Expr] = []
    for factor in Mul.make_args(lowering.rewrites.apply(whole.function)):
        factor = _shown(lowering.rewrites.apply(factor))
        if isinstance(factor, Sum):
            inner, parts = opened(factor, lowering)
            if not (whole.function.free_symbols | set(indices)) & set(inner):
                indices += inner
                factors += parts
                continue
        factors.append(factor)
    return indices, factors


def entered(factors: Sequence[Expr], index: Index, lowering: Lowering) -> list[Expr]:
    """The factors of a sum over ``index`` once the index has become an axis.

    Where the array has no place for one member of the index set, the factor 1 - delta that
    leaves the member out of the sum has done its work; without such a factor there is no
    array to take the member's term from.
    """
    missing = lowering.axes.left_out(index)
    if missing is None:
        return list(factors)
    kept = [factor for factor in factors if complement(factor, lowering, index) != (index, missing)]
    if len(kept) == len(factors):
        raise LoweringError(f"a sum over {index} includes {missing}, which the arguments leave out")
    return kept


def summed(factors: Iterable[Expr], indices: Iterable[Index]) -> Expr:
    """The sum of a product over several indices."""
    product = Mul(*factors)
    for index in indices:
        product = total(product, index)
    return product


def depends(factor: Expr, indices: Iterable[Index]) -> bool:
    """Whether any of the indices is free in the factor."""
    return not factor.free_symbols.isdisjoint(indices)


def _shown(factor: Expr) -> Expr:
    """A definition that is nothing but a delta, unfolded: a one-hot vector."""
    if isinstance(factor, Defined) and isinstance(factor.body, KroneckerDelta):
        return substitute(factor.body, dict(zip(factor.params, factor.args, strict=True)))
    return factor
