"""Transposes put and dropped, at one factor or all through a side."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.edits.make import letter, product, raised, terms
from derivations.edits.operator import Change
from derivations.edits.setting import Setting, is_below, is_derivative
from derivations.edits.spots import Spot
from derivations.reader.syntax import Accented, Fraction, Group, Leaf, Node, Product, Script, Terms
from derivations.reader.written import written


def dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a^T`` as ``a``."""
    node = spot.node
    if is_turned(node) and isinstance(node, Script):
        yield f"the transpose dropped from {written(node)}", _without(node)


def added(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``a`` as ``a^T``, for the names of vectors and matrices, and for brackets."""
    node = spot.node
    if is_below(spot.above) or (isinstance(node, Script) and node.sup):
        return
    if isinstance(node, Group) and _is_argument(spot, setting):
        return
    if isinstance(node, Group) or _has_axes(node, setting):
        yield f"{written(node)} transposed", raised(node, letter("T"))


def whole_side(spot: Spot, setting: Setting) -> Iterator[Change]:
    """Every product of a side transposed: ``y^T U^T`` as ``U y``."""
    if spot.parent is None:
        yield "the whole side transposed", _turned(spot.node, setting)


def _turned(node: Node, setting: Setting) -> Node:
    if isinstance(node, Terms):
        return terms(node.signs, tuple(_turned(part, setting) for part in node.parts))
    if isinstance(node, Product) and not any(node.joins):
        if all(_simple(factor, setting) for factor in node.factors):
            return product(tuple(_turned(each, setting) for each in reversed(node.factors)))
        return raised(node, letter("T"))
    if isinstance(node, Script) and is_turned(node):
        return _without(node)
    if isinstance(node, Group) or _has_axes(node, setting):
        return raised(node, letter("T"))
    return node if isinstance(node, Leaf) else raised(node, letter("T"))


def is_turned(node: Node) -> bool:
    """Whether a transpose is written above a node."""
    return isinstance(node, Script) and node.sup is not None and written(node.sup) in ("T", r"\top")


def _without(node: Script) -> Node:
    return Script(node.at, node.base, node.sub) if node.sub else node.base


def _simple(node: Node, setting: Setting) -> bool:
    if isinstance(node, Fraction) or is_derivative(node):
        return False
    return isinstance(node, Group) or is_turned(node) or _has_axes(node, setting)


def _has_axes(node: Node, setting: Setting) -> bool:
    """Whether a name is that of a vector or matrix, with the subscripts it needs and no more."""
    bare = node.base if isinstance(node, Script) else node
    if not isinstance(bare, Leaf | Accented):
        return False
    thing = setting.thing(bare)
    subscripts = 1 if isinstance(node, Script) and node.sub else 0
    return thing is not None and bool(thing.body.axes) and len(thing.params) == subscripts


def _is_argument(spot: Spot, setting: Setting) -> bool:
    parent = spot.parent
    if not isinstance(parent, Product):
        return False
    pairs = zip(parent.factors, parent.factors[1:], strict=False)
    return any(setting.function(first) and second is spot.node for first, second in pairs)
