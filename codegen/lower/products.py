"""A sum of a product taken apart: the indices summed over, and the factors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sympy import Add, Expr, KroneckerDelta, Mul, Sum

from codegen.arrays.tree import LoweringError
from codegen.lower.deltas import complement
from derivations.indices import Index, total
from derivations.language.index_nodes import Defined

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
    for factor in _factors(whole.function, set(indices), lowering):
        if isinstance(factor, Sum):
            inner, parts = opened(factor, lowering)
            if not (whole.function.free_symbols | set(indices)) & set(inner):
                indices += inner
                factors += parts
                continue
        factors.append(factor)
    return indices, factors


def _factors(product: Expr, summed_over: set[Index], lowering: Lowering) -> Iterator[Expr]:
    """The factors; quotients, and those that compare a summed index with a place, written out.

    A named step stays as it is, unless one of its two cases has a name: these are then summed
    apart, so that a single entry is not added to many small ones before its turn.
    """
    for factor in Mul.make_args(lowering.rewrites.apply(product)):
        factor = _shown(lowering.rewrites.apply(factor))
        body = _body(factor)
        cases = Add.make_args(body) if _compares(factor, summed_over) else ()
        if lowering.has_name(factor):
            is_opened = any(lowering.has_name(case) for case in cases)
        else:
            is_opened = bool(cases) or isinstance(body, Mul)
        if is_opened:
            yield from _factors(body, summed_over, lowering)
        else:
            yield factor


def _body(factor: Expr) -> Expr:
    """What a definition stands for; anything else as it is."""
    return factor.opened if isinstance(factor, Defined) else factor


def _compares(factor: Expr, indices: set[Index]) -> bool:
    """Whether a definition is a sum whose terms compare an index with a place, times others."""
    body = _body(factor)
    if body == factor:
        return False
    if isinstance(body, Add):
        parts = [part for term in body.args for part in Mul.make_args(term)]
        deltas = [part if isinstance(part, KroneckerDelta) else 1 - part for part in parts]
        return any(isinstance(d, KroneckerDelta) and indices & set(d.args) for d in deltas)
    return isinstance(body, Mul) and any(_compares(part, indices) for part in body.args)


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
    """The sum of a product over several indices; what depends on none of them stays outside."""
    indices = list(indices)
    parts = Mul.make_args(Mul(*factors))
    outside = [part for part in parts if not depends(part, indices)]
    product = Mul(*(part for part in parts if part not in outside))
    for index in indices:
        product = total(product, index)
    return Mul(*outside) * product


def depends(factor: Expr, indices: Iterable[Index]) -> bool:
    """Whether any of the indices is free in the factor."""
    return not factor.free_symbols.isdisjoint(indices)


def _shown(factor: Expr) -> Expr:
    """A definition that is nothing but a delta, unfolded: a one-hot vector."""
    body = _body(factor)
    return body if isinstance(body, KroneckerDelta) else factor
