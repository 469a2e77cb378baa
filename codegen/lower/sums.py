"""Sums over index sets: look-ups, sums along an axis, matrix products."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Expr, Mul, Sum

from codegen.arrays.entrywise import Product
from codegen.arrays.sums import Summed
from codegen.arrays.tree import LoweringError, Node
from codegen.lower.contraction import contracted
from codegen.lower.deltas import complement
from codegen.lower.entries import sum_without
from codegen.lower.lookup import look_up
from codegen.lower.products import depends, entered, opened, summed
from codegen.lower.weighted import weighted
from derivations.indices import Index, total

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


def lower_sum(whole: Sum, lowering: Lowering) -> Node:
    """A sum over whole index sets of a product of factors.

    A delta of the index is a look-up; what does not depend on the index stays outside; an index
    that only one factor has is summed there; what is left is a matrix product.
    """
    indices, factors = opened(whole, lowering)
    spelled_out = look_up(indices, factors, lowering)
    if spelled_out is not None:
        return lowering.lower(spelled_out)
    factors = _merged(factors, indices, lowering)
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
        lengths = tuple(map(lowering.axes.length, indices))
        return Product(lengths, (), ()) if len(lengths) > 1 else lengths[0]
    product = lowering.step(Mul(*factors))
    if product is not None:
        return _along_axes(product, indices)
    if len(factors) > 1:
        selected = weighted(factors, lowering)
        return (
            _along_axes(selected, indices) if selected else contracted(indices, factors, lowering)
        )
    return _without(factors[0], indices, lowering) or _along_axes(
        lowering.lower(Mul(*factors)), indices
    )


def _leaves_out(factor: Expr, index: Index, lowering: Lowering) -> bool:
    """Whether the factor does nothing but leave out a member that the arrays have no place for."""
    missing = lowering.axes.left_out(index)
    return missing is not None and complement(factor, lowering, index) == (index, missing)


def _merged(factors: list[Expr], indices: Sequence[Index], lowering: Lowering) -> list[Expr]:
    """Each factor 1 - delta joined to a factor whose entry it sets to zero."""
    removes = [factor for factor in factors if _removes(factor, indices, lowering)]
    merged = [factor for factor in factors if factor not in removes]
    for factor in removes:
        found = complement(factor, lowering)
        assert found is not None
        named = (n for n, other in enumerate(merged) if lowering.has_name(factor * other))
        able = (n for n, other in enumerate(merged) if depends(other, found[:1]))
        place = next(named, next(able, 0))
        merged[place : place + 1] = [Mul(factor, *merged[place : place + 1])]
    return merged


def _removes(factor: Expr, indices: Sequence[Index], lowering: Lowering) -> bool:
    """Whether the factor is 1 - delta and does more than leave a member out of a sum."""
    return complement(factor, lowering) is not None and not any(
        _leaves_out(factor, index, lowering) for index in indices
    )


def _without(factor: Expr, indices: Sequence[Index], lowering: Lowering) -> Node | None:
    """``sum over w of (1 - delta(w, o)) A``: the entry at o is left out."""
    if len(indices) == 1:
        for part in Mul.make_args(factor):
            found = complement(part, lowering, indices[0])
            if found is not None and found[0] == indices[0]:
                rest, word = lowering.lower(factor / part), lowering.place(found[1])
                return sum_without(rest, found[0], word, lowering)
    return None


def _along_axes(node: Node, indices: Sequence[Index]) -> Node:
    """The array summed over the axes of the indices."""
    places = tuple(sorted(node.axes.index(index) for index in indices if index in node.axes))
    if len(places) < len(indices):
        raise LoweringError(f"{node} has axes {node.axes}, not all of {indices}")
    return Summed(node, places, tuple(axis for axis in node.axes if axis not in indices))
