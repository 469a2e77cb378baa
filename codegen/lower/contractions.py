"""Sums over indices: contractions, products of matrices and weighted sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Expr, Indexed, Mul, Sum, log

from codegen.arrays.computed_nodes import (
    Applied,
    Contraction,
    Guarded,
    MatrixProduct,
    Product,
    Summed,
)
from codegen.arrays.nodes import LoweringError, Node, in_order
from codegen.lower.delta_sums import complement, depends, entered, look_up, opened, summed
from codegen.lower.lowering import sum_without
from derivations.indices import Index, total
from derivations.language.index_nodes import Defined, unfold

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


# Numbers that may be zero times logarithms that may be infinite: 0 where the number is 0.


def weighted(factors: Sequence[Expr], lowering: Lowering) -> Node | None:
    """The product of such factors, where there is a logarithm among them and arrays beside it."""
    unbounded = [factor for factor in factors if _is_logarithm(factor)]
    numbers = [factor for factor in factors if factor not in unbounded]
    if len(unbounded) != 1 or not any(map(lowering.axes.running, numbers)):
        return None
    weight, value = lowering.lower(Mul(*numbers)), lowering.lower(*unbounded)
    return Applied("weigh", (weight, value), lowering.axes.of(weight, value))


def _is_logarithm(factor: Expr) -> bool:
    """Whether it is a logarithm, or a definition of a sum of them."""
    if isinstance(factor, Defined):
        terms = Mul.make_args(factor.opened)
        return any(isinstance(term, Sum) and isinstance(term.function, log) for term in terms)
    return isinstance(factor, log)


# Sums of products of arrays: a matrix product where two arrays allow it.


def contracted(indices: Sequence[Index], factors: Sequence[Expr], lowering: Lowering) -> Node:
    """The product of the factors summed over the indices.

    An inner product of two arguments, or of sums of their entries such as a mean, may overflow,
    or meet what is not finite: it is guarded.
    """
    parts = _side_by_side(factors, lowering)
    indices, inner, parts = _summed_first(indices, parts, lowering)
    nodes = [*inner, *(lowering.lower(part) for part in parts)]
    present = {axis for node in nodes for axis in node.axes}
    if not set(indices) <= present:
        raise LoweringError(f"{factors} have axes {present}, not all of {indices}")
    axes = lowering.axes.ordered(present - set(indices))
    product = (
        _matrix_product(nodes, indices, axes)
        or _stacked(nodes, indices, axes)
        or Contraction(tuple(nodes), tuple(axes))
    )
    if len(factors) == 2 and all(map(_is_linear, factors)):
        full = (*axes, *lowering.axes.ordered(indices))
        left, right = (in_order(node, full) for node in nodes)
        return Guarded(product, left, right, full, axes)
    return product


def _side_by_side(factors: Sequence[Expr], lowering: Lowering) -> list[Expr]:
    """Of more than two factors, those with the same axes multiplied entry by entry first.

    A factor whose axes another one has as well goes with it: with the one of the fewest entries,
    which is the one whose axes come last.
    """
    if len(factors) <= 2:
        return list(factors)
    alike: dict[frozenset[Index], list[Expr]] = {}
    for factor in factors:
        alike.setdefault(frozenset(lowering.axes.running(factor)), []).append(factor)
    for axes in sorted(alike, key=len):
        wider = [other for other in alike if axes < other]
        if wider and len(alike) > 2:
            alike[max(wider, key=lowering.axes.latest)] += alike.pop(axes)
    return [Mul(*some) for some in alike.values()]


def _summed_first(
    indices: Sequence[Index], parts: list[Expr], lowering: Lowering
) -> tuple[list[Index], list[Node], list[Expr]]:
    """Of three factors, a matrix product of the two that alone have some index, and the rest.

    Summed all at once they would cost the product of all lengths.
    """
    for index in indices if len(parts) == 3 else ():
        own = [part for part in parts if index in lowering.axes.running(part)]
        kept = {axis for part in own for axis in lowering.axes.running(part)} - {index}
        if len(own) == 2 and len(kept) == 2:
            product = lowering.lower(total(Mul(*own), index))
            others = [part for part in parts if part not in own]
            return [one for one in indices if one != index], [product], others
    return list(indices), [], parts


def _is_linear(factor: Expr) -> bool:
    """Whether it is an entry of an argument, or a multiple of entries or of a sum of them."""
    node = unfold(factor)
    if isinstance(node, Sum):
        return _is_linear(node.function)
    if isinstance(node, Mul):
        held = [part for part in node.args if part.has(Indexed)]
        return len(held) == 1 and _is_linear(held[0])
    return isinstance(node, Indexed)


def _matrix_product(
    nodes: Sequence[Node], indices: Sequence[Index], axes: Sequence[Index]
) -> Node | None:
    """``left @ right``, for two arrays that share just the axis summed.

    Each has at most one other axis, or the right one has none and the left one any number.
    """
    if len(nodes) != 2 or len(indices) != 1:
        return None
    left, right = sorted(nodes, key=lambda node: [axis not in node.axes for axis in axes])
    if set(left.axes) & set(right.axes) != set(indices):
        return None
    if len(left.axes) > 2 and (len(right.axes) > 1 or left.axes[-1] != indices[0]):
        return None
    if len(right.axes) > 2:
        return None
    rows = tuple(axis for axis in left.axes if axis not in indices)
    columns = tuple(axis for axis in right.axes if axis not in indices)
    left, right = in_order(left, (*rows, *indices)), in_order(right, (*indices, *columns))
    return MatrixProduct(left, right, (*rows, *columns))


def _stacked(nodes: Sequence[Node], indices: Sequence[Index], axes: Sequence[Index]) -> Node | None:
    """``left @ right``, one matrix product for each place along the leading axes of both."""
    if len(nodes) != 2 or len(indices) != 1:
        return None
    left, right = sorted(nodes, key=lambda node: [axis not in node.axes for axis in axes])
    shared = [axis for axis in axes if axis in left.axes and axis in right.axes]
    rows = [axis for axis in left.axes if axis not in (*shared, *indices)]
    columns = [axis for axis in right.axes if axis not in (*shared, *indices)]
    if not shared or len(rows) != 1 or len(columns) != 1 or list(axes) != shared + rows + columns:
        return None
    left = in_order(left, (*shared, *rows, *indices))
    right = in_order(right, (*shared, *indices, *columns))
    return MatrixProduct(left, right, tuple(axes))


# Sums over index sets: look-ups, sums along an axis, matrix products.


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
