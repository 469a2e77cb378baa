"""Every place in a tree, and the tree with something else there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from derivations.edits.make import bracketed, product, terms
from derivations.reader.syntax import Fraction, Node, Product, Script, Terms


@dataclass(frozen=True)
class Spot:
    """A node, what it stands in from the outermost on, and how to put another one there."""

    node: Node
    put: Callable[[Node], Node]
    above: tuple[Node, ...] = ()

    @property
    def parent(self) -> Node | None:
        """What it stands in directly."""
        return self.above[-1] if self.above else None


def spots(tree: Node, whole: Callable[[Node], bool] = lambda node: False) -> Iterator[Spot]:
    """Every place, outer ones first; what is ``whole`` is not entered."""
    yield from _within(Spot(tree, lambda node: node), whole)


def _within(spot: Spot, whole: Callable[[Node], bool]) -> Iterator[Spot]:
    yield spot
    if whole(spot.node):
        return
    for child, put in _children(spot.node):
        outer = partial(_through, spot.put, put)
        yield from _within(Spot(child, outer, (*spot.above, spot.node)), whole)


def _through(outer: Callable[[Node], Node], inner: Callable[[Node], Node], node: Node) -> Node:
    return outer(inner(node))


def _children(node: Node) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    for field in fields(node):
        for path, child in _nodes(getattr(node, field.name), ()):
            yield child, partial(_with, node, field.name, path)


def _nodes(value: Any, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Node]]:
    if isinstance(value, Node):
        yield path, value
    elif isinstance(value, tuple):
        for n, each in enumerate(value):
            yield from _nodes(each, (*path, n))


def _with(node: Node, field: str, path: tuple[int, ...], new: Node) -> Node:
    """The node with ``new`` in one place, bracketed where it would fall apart."""
    value = _replaced(getattr(node, field), path, new)
    if isinstance(node, Product):
        return product(value, node.joins)
    if isinstance(node, Terms):
        return terms(node.signs, value)
    if isinstance(node, Script) and field == "base":
        if isinstance(new, Script) and not ((new.sub and node.sub) or (new.sup and node.sup)):
            return replace(new, sub=new.sub or node.sub, sup=new.sup or node.sup)
        if isinstance(new, Terms | Product | Fraction | Script):
            value = bracketed(new)
    fields_changed: dict[str, Any] = {field: value}
    return replace(node, **fields_changed)


def _replaced(value: Any, path: tuple[int, ...], new: Node) -> Any:
    if not path:
        return new
    first, *rest = path
    return (*value[:first], _replaced(value[first], tuple(rest), new), *value[first + 1 :])
