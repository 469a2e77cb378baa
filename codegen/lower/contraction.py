"""Sums of products of arrays: a matrix product where two arrays allow it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sympy import Expr, Indexed, Mul, Sum

from codegen.arrays.order import in_order
from codegen.arrays.sums import Contraction, Guarded, MatrixProduct
from codegen.arrays.tree import LoweringError, Node
from derivations.indices import Index, total
from derivations.language.index_nodes import unfold

if TYPE_CHECKING:
    from codegen.lower.lowering import Lowering


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
