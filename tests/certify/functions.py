"""Letters of a theorem as functions of Coq: one argument at a time.

An arbitrary function of rows r is the product over its rows of 1 + Σ c x + c x², with x the
entries of the row and c numbers that depend on all that is around. With a kink in a row it has
Σ c |x| there, and no derivative at zero.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from tests.certify.claimed.point import Point
from tests.certify.interpreter import values
from tests.certify.interpreter.library import LIBRARY
from tests.certify.interpreter.values import Real

ROWS = range(1, 4)


def curried(function: Callable[..., Any], arity: int, *given: Any) -> Any:
    """A function of some arguments as one that takes them one by one."""
    if arity == 0:
        return function(*given)
    return lambda argument: curried(function, arity - 1, *given, argument)


def family(point: Point, name: str, arity: int) -> Any:
    """Numbers at places."""
    return curried(lambda *places: values.rational(point.number(name, places)), arity)


def words(point: Point, name: str, arity: int) -> Any:
    """A list of words."""
    return curried(lambda *places: point.word(name, places), arity)


def arbitrary(point: Point, name: str, arity: int, depths: tuple[int, ...]) -> Any:
    """A function of ``arity`` indices and of a vector or matrix for each of ``depths``."""

    def value(*arguments: Any) -> Real:
        indices, rows = arguments[:arity], arguments[arity:]
        result: Real = values.ONE
        for number, (depth, row) in enumerate(zip(depths, rows, strict=True)):
            total: Real = values.ONE
            for place in product(ROWS, repeat=depth):
                x = row
                for each in place:
                    x = x(each)
                factor = values.rational(point.number(name, (number, *indices, *place)))
                square = values.add(x, values.multiply(x, x))
                bent = _absolute(x) if point.kink == number else square
                total = values.add(total, values.multiply(factor, bent))
            result = values.multiply(result, total)
        return result

    return curried(value, arity + len(depths))


_absolute = LIBRARY["Rabs"][2]
