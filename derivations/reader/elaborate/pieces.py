"""Sums of terms, fractions and brackets."""

from __future__ import annotations

from sympy import S

from derivations.reader.array import Array
from derivations.reader.elaborate import derivative, shape
from derivations.reader.elaborate.call import function_of
from derivations.reader.elaborate.derivative import slope, takes_a_number, variable
from derivations.reader.elaborate.indicator import indicators
from derivations.reader.elaborate.number import Here, number
from derivations.reader.elaborate.ranges import space_named
from derivations.reader.meaning import Function
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Fraction, Group, Relation, Terms
from derivations.reader.written import written


@number.register
def _terms(node: Terms, here: Here) -> Array:
    value = Array(S.Zero, (), shape.ZERO)
    for sign, part in zip(node.signs, node.parts, strict=True):
        value = shape.plus(value, number(part, here), sign, node)
    return value


@number.register
def _fraction(node: Fraction, here: Here) -> Array:
    found = derivative.quotient(node, here)
    if found is not None:
        inside, by = found
        function = function_of(inside, here)
        if isinstance(function, Function) and takes_a_number(function):
            here.note(
                f"{written(inside)} below \\partial is read as {written(inside)} of {written(by)}"
            )
            return slope(function, variable(by, here).entry)
        return derivative.differentiated(number(inside, here.under(node)), by, node, here)
    if derivative.operator(node, here) is not None:
        raise Unreadable(node.at, written(node), "of what?", "its operand is missing")
    return shape.over(number(node.over, here), number(node.under, here), node)


@number.register
def _group(node: Group, here: Here) -> Array:
    content = node.content
    if node.bracket == "<":
        return _inner(node, here)
    if content.only is None:
        raise Unreadable(node.at, written(node), "a list where one thing is expected")
    if node.bracket == "|":
        return Array(space_named(content.only, here).size)
    if node.bracket == r"\|":
        advice = r"write \lVert v \rVert^2"
        raise Unreadable(node.at, written(node), "only squares of norms are read", advice)
    if isinstance(content.only, Relation):
        return _bracketed(node, content.only, here)
    return number(content.only, here)


def _bracketed(node: Group, relation: Relation, here: Here) -> Array:
    """``[w = o]``, Iverson's bracket; a condition in parentheses stands at the end of a side."""
    if node.bracket != "[":
        advice = "a condition stands at the end of a side; an indicator is [w = o]"
        raise Unreadable(node.at, written(node), "a relation where a number is expected", advice)
    here.note(f"{written(node)} is read as one where it holds, else zero")
    return indicators(node.content, here)


def _inner(node: Group, here: Here) -> Array:
    if len(node.content.items) != 2:
        raise Unreadable(node.at, written(node), "an inner product takes two vectors")
    left, right = (number(item, here) for item in node.content.items)
    return shape.dot(left, right, node)
