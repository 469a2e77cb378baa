"""Sums over index sets: look-ups, sums along an axis, matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Expr, Mul, Sum

from codegen.lower.contraction import contracted
from codegen.lower.deltas import complement
from codegen.lower.entries import sum_without
from codegen.lower.lookup import look_up
from codegen.lower.products import depends, entered, opened, summed
from codegen.lower.text import ATOM, PRODUCT, LoweringError, Text
from derivations.indices import Index, total

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def lower_sum(whole: Sum, lowering: Lowering) -> Text:
    """A sum over whole index sets of a product of factors.

    A delta of the index is a look-up; what does not depend on the index stays outside; an index
    that only one factor has is summed there; what is left is a matrix product.
    """
    indices, factors = opened(whole, lowering)
    spelled_out = look_up(indices, factors, lowering)
    if spelled_out is not None:
        return lowering.lower(spelled_out)
    idle = [index for index in indices if not any(depends(f, [index]) for f in factors)]
    outside = [factor for factor in factors if not depends(factor, indices)]
    if idle or outside:
        times = [index.space.size for index in idle if not entered([], index, lowering)]
        rest = [index for index in indices if index not in idle]
        inside = summed((factor for factor in factors if factor not in outside), rest)
        return lowering.lower(Mul(*times, *outside) * inside)
    for index in tuple(indices):
        owned = [factor for factor in factors if depends(factor, [index])]
        owners = [factor for factor in owned if not _leaves_out(factor, index, lowering)]
        if len(owners) <= 1 and len(owned) < len(factors):
            indices.remove(index)
            factors = [factor for factor in factors if factor not in owned]
            factors.append(total(Mul(*owned), index))
    for index in indices:
        factors = entered(factors, index, lowering)
    if not indices:
        return lowering.lower(Mul(*factors))
    if not factors:
        return Text(" * ".join(map(lowering.axes.length, indices)), (), PRODUCT)
    product = lowering.step(Mul(*factors))
    if product is not None:
        return _along_axes(product, indices)
    factors = _merged(factors, lowering)
    if len(factors) > 1:
        return contracted(indices, factors, lowering)
    return _without(factors[0], indices, lowering) or _along_axes(
        lowering.lower(Mul(*factors)), indices
    )


def _leaves_out(factor: Expr, index: Index, lowering: Lowering) -> bool:
    """Whether the factor does nothing but leave one member out of the sum over ``index``."""
    found = complement(factor, lowering, index)
    return found is not None and found[0] == index and not found[1].free_symbols


def _merged(factors: list[Expr], lowering: Lowering) -> list[Expr]:
    """Each factor 1 - delta joined to a factor whose entry it sets to zero."""
    merged = [factor for factor in factors if complement(factor, lowering) is None]
    for factor in factors:
        found = complement(factor, lowering)
        if found is not None:
            place = next((n for n, other in enumerate(merged) if depends(other, found[:1])), 0)
            merged[place : place + 1] = [Mul(factor, *merged[place : place + 1])]
    return merged


def _without(factor: Expr, indices: Sequence[Index], lowering: Lowering) -> Text | None:
    """``sum over w of (1 - delta(w, o)) A``: the entry at o is left out."""
    if len(indices) == 1:
        for part in Mul.make_args(factor):
            found = complement(part, lowering, indices[0])
            if found is not None and found[0] == indices[0]:
                rest, word = lowering.lower(factor / part), lowering.place(found[1])
                return sum_without(rest, found[0], word, lowering)
    return None


def _along_axes(text: Text, indices: Sequence[Index]) -> Text:
    """The array summed over the axes of the indices."""
    places = sorted(text.axes.index(index) for index in indices if index in text.axes)
    if len(places) < len(indices):
        raise LoweringError(f"{text.code} has axes {text.axes}, not all of {indices}")
    rest = tuple(axis for axis in text.axes if axis not in indices)
    which = "" if not rest else f"axis={places[0] if len(places) == 1 else tuple(places)}"
    return Text(f"{text.within(ATOM)}.sum({which})", rest)
