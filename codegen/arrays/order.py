"""The dimensions of an array in another order."""

from __future__ import annotations

from collections.abc import Sequence

from codegen.arrays.tree import LoweringError, Node, Turned
from derivations.indices import Index


def in_order(node: Node, axes: Sequence[Index]) -> Node:
    """The same array with its axes in the order that ``axes`` have them."""
    order = tuple(axis for axis in axes if axis in node.axes)
    if order == node.axes:
        return node
    if len(order) != len(node.axes):
        raise LoweringError(f"{node} has axes {node.axes}, wanted among {tuple(axes)}")
    if isinstance(node, Turned) and node.of.axes == order:
        return node.of
    return Turned(node, order)
