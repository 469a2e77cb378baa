"""Products that did not come out finite, so that they are taken again of scaled vectors.

In one variant every inner product that a kernel hands to `guarded` is taken for overflowed: it
becomes an entry that can be looked up and asked whether it is finite, and nothing else. What is
computed in its place is run with exponents that are any whole numbers: symbols for the powers of
two, seven taken in turn.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from codegen.execute.entry import Entry
from codegen.execute.number import Number
from codegen.execute.refused import Refused
from codegen.execute.world import World


class Overflowed(Entry):
    """A product that is not finite."""


class Largest(Entry):
    """The largest of some numbers, of which only the exponent may be asked."""

    def __init__(self, world: World) -> None:
        self.world = world


class Exponent(Entry):
    """A whole number e, by the number 2 to the e."""

    __slots__ = ("power",)

    def __init__(self, power: Number) -> None:
        self.power = power

    def __neg__(self) -> Exponent:
        return Exponent(1 / self.power)

    def __add__(self, other: Any) -> Exponent:
        if not isinstance(other, Exponent):
            raise Refused("an exponent and a number added")
        return Exponent(self.power * other.power)


def scaled(number: Any, exponent: Any) -> Any:
    """ldexp: the number times a power of two, in lowest terms."""
    if not isinstance(exponent, Exponent):
        raise Refused("ldexp of a number and something other than an exponent")
    return (number * exponent.power).reduced()


def exponents(largest: Any) -> tuple[Any, Any]:
    """frexp: parts that nobody may read, and any exponents."""

    def exponent(entry: Any) -> Exponent:
        if not isinstance(entry, Largest):
            raise Refused("frexp of something other than a largest number")
        return Exponent(Number(entry.world, entry.world.fresh("2^")))

    return None, np.frompyfunc(exponent, 1, 1)(largest)


def largest(array: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """maximum.reduce: of numbers of which only the exponent will be asked."""
    if keepdims:
        raise Refused("np.maximum.reduce with keepdims=")
    first = np.take(array, 0, axis=axis)
    return np.frompyfunc(lambda entry: Largest(entry.world), 1, 1)(first)


def finite(array: Any) -> Any:
    """isfinite, entry by entry."""
    each = np.frompyfunc(lambda entry: not isinstance(entry, Overflowed), 1, 1)(array)
    return np.asarray(each).astype(bool)[()]
