"""Products and quotients, decided as soon as enough is known of what stands in them."""

from __future__ import annotations

from functools import partial

from derivations.reader.propose.axes import MANY, ONE, Shape
from derivations.reader.propose.shapes import Shapes
from derivations.reader.propose.sketch import Term


def not_a_number(shapes: Shapes, shape: Shape, term: Term) -> bool:
    """Of what is transposed one axis at least is no unit."""
    for axis, other in (shape, shape[::-1]):
        if shapes.state(axis) == ONE and not shapes.state(other):
            shapes.mark(other, MANY, term)
    return shapes.is_some(shape)


def quotient(shapes: Shapes, above: Shape, below: Shape, result: Shape, term: Term) -> bool:
    if shapes.is_number(below):
        shapes.same(result, above, term)
        return True
    return shapes.is_some(below)


def product_of(shapes: Shapes, a: Shape, b: Shape, result: Shape, join: str, term: Term) -> bool:
    if shapes.is_number(a):
        shapes.same(result, b, term)
        return True
    if shapes.is_number(b):
        shapes.same(result, a, term)
        return True
    if shapes.is_some(a) and shapes.is_some(b):
        if _both_columns(shapes, a, b) and join == r"\cdot":
            shapes.same(a, b, term)
            shapes.number(result, term)
            return True
        if _both_columns(shapes, a, b):
            return True  # no product: that is for the verdict
        _meet(shapes, a, b, result, term)
        return True
    state = shapes.state
    # a matrix before something whose product is one column, a row whose product is a number
    if state(a[1]) == MANY and state(result[1]) == ONE:
        _meet(shapes, a, b, result, term)
        return True
    if state(b[0]) == MANY and state(result[0]) == ONE and state(b[1]) == ONE:
        _meet(shapes, a, b, result, term)
        return True
    if state(b[0]) == MANY and state(b[1]) == ONE and shapes.is_number(result):
        if join == r"\cdot":
            shapes.same(a, b, term)
        else:
            _meet(shapes, a, b, result, term)
        return True
    return False


def _both_columns(shapes: Shapes, a: Shape, b: Shape) -> bool:
    return all(shapes.state(s[0]) == MANY and shapes.state(s[1]) == ONE for s in (a, b))


def _meet(shapes: Shapes, a: Shape, b: Shape, result: Shape, term: Term) -> None:
    for one, other in ((a[1], b[0]), (a[0], result[0]), (b[1], result[1])):
        shapes.attempt(partial(shapes.axes.join, one, other, term.node.at), term)
