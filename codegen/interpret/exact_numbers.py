"""One number of a run: an element of the exact field, or one for each side of a condition.

A condition is whether a term is at least zero. Absolute values, minima and `where` give a number
that has a value on either side of it; as soon as both values are equal in the field, the
condition is dropped. So a form like `where(z >= 0, 1, e) / (1 + e)`, `e = exp(-|z|)`, is proved
on both sides at the very place it is computed, and what follows has no cases any more.

A term and its negative are conditions of their own: at zero both hold, and each function of the
term is then taken on the side that its own comparison says.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from codegen.interpret.branching import Refused, Split, World, combined, either
from derivations.proof.field import Value

MOST_PARTS = 4096  # of a fraction that a float stands for


class Entry:
    """What an entry of an exact array can be: a number, a condition, a step on the way to one."""

    __slots__ = ()


class Condition(Entry):
    """Whether something holds, on every side of the conditions met so far."""

    __slots__ = ("tree", "world")

    def __init__(self, world: World, tree: Any) -> None:
        self.world, self.tree = world, tree

    def __bool__(self) -> bool:
        return self.world.decide(self.tree)

    def _with(self, how: Callable[[bool, bool], bool], other: Any) -> Condition:
        tree = other.tree if isinstance(other, Condition) else bool(other)
        return Condition(self.world, combined(self.world, how, self.tree, tree))

    def __and__(self, other: Any) -> Condition:
        return self._with(operator.and_, other)

    def __or__(self, other: Any) -> Condition:
        return self._with(operator.or_, other)

    def __invert__(self) -> Condition:
        return Condition(self.world, combined(self.world, operator.not_, self.tree))

    __rand__, __ror__ = __and__, __or__

    def choose(self, yes: Any, no: Any) -> Number:
        """``yes`` where it holds, ``no`` elsewhere."""
        world = self.world
        trees = (self.tree, number(world, yes).tree, number(world, no).tree)
        return Number(world, combined(world, either, *trees))


class Number(Entry):
    """An exact number; arithmetic that is not defined here raises."""

    __slots__ = ("tree", "world")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, world: World, tree: Any) -> None:
        self.world, self.tree = world, tree

    def _new(self, how: Callable[..., Value], *of: Number) -> Number:
        return Number(self.world, combined(self.world, how, self.tree, *(one.tree for one in of)))

    def __add__(self, other: Any) -> Number:
        return self._binary(self.world.field.add, other)

    def __sub__(self, other: Any) -> Number:
        return self._binary(self.world.subtract, other)

    def __mul__(self, other: Any) -> Number:
        return self._binary(self.world.field.multiply, other)

    def __truediv__(self, other: Any) -> Number:
        return self._binary(self.world.divide, other)

    def _binary(self, how: Callable[[Value, Value], Value], other: Any) -> Number:
        world, left = self.world, self.tree
        right = other.tree if type(other) is Number else number(world, other).tree
        if isinstance(left, Split) or isinstance(right, Split):
            return Number(world, combined(world, how, left, right))
        return Number(world, how(left, right))

    def __radd__(self, other: Any) -> Number:
        return number(self.world, other) + self

    def __rsub__(self, other: Any) -> Number:
        return number(self.world, other) - self

    def __rmul__(self, other: Any) -> Number:
        return number(self.world, other) * self

    def __rtruediv__(self, other: Any) -> Number:
        return number(self.world, other) / self

    def __neg__(self) -> Number:
        return self._new(self.world.negative)

    def __pow__(self, exponent: Any) -> Number:
        power = plain(exponent)
        if isinstance(power, Number | Condition) or power != int(power):
            raise Refused("a power whose exponent is no whole number")
        return self._new(lambda value: self.world.field.power(value, int(power)))

    def __rpow__(self, base: Any) -> Number:
        raise Refused("a power whose exponent is no whole number")

    def __abs__(self) -> Number:
        return (self >= 0).choose(self, -self)

    def exp(self) -> Number:
        """The exponential."""
        return self._new(self.world.field.exp)

    def tanh(self) -> Number:
        """The hyperbolic tangent, by exponentials."""
        return 1 - 2 / (1 + (2 * self).exp())

    def sqrt(self) -> Number:
        """The square root."""
        return self._new(self.world.field.sqrt)

    def reduced(self) -> Number:
        """The same in lowest terms."""
        return self._new(self.world.reduced)

    def log(self) -> Number:
        """The logarithm of a number that is positive for sure."""
        return self._new(self._log)

    def log1p(self) -> Number:
        """The logarithm of one more."""
        return (self + 1).log()

    def _log(self, value: Value) -> Value:
        if not self.world.surely_positive(value):
            raise Refused("the logarithm of a number that may not be positive")
        return self.world.field.log(value)

    def __ge__(self, other: Any) -> Condition:
        return at_least_zero(self - other)

    def __le__(self, other: Any) -> Condition:
        return at_least_zero(other - self)

    def __lt__(self, other: Any) -> Condition:
        return ~at_least_zero(self - other)

    def __gt__(self, other: Any) -> Condition:
        return ~at_least_zero(other - self)

    def __eq__(self, other: object) -> Any:
        raise Refused("whether two numbers are equal")

    def _no_other(self) -> Any:
        raise Refused("a symbol as a float, a whole number or a truth value")

    __float__ = __int__ = __index__ = __bool__ = _no_other


def at_least_zero(of: Number) -> Condition:
    """Whether the number is at least zero."""
    return Condition(of.world, of.world.conditions_of(of.tree))


def number(world: World, entry: Any) -> Number:
    """The number that an entry of an array is."""
    entry = plain(entry)
    if isinstance(entry, Number):
        return entry
    if isinstance(entry, Condition):
        tree = combined(world, lambda holds: world.field.constant(int(holds)), entry.tree)
        return Number(world, tree)
    return Number(world, world.field.constant(entry))


def plain(entry: Any) -> Any:
    """A number, a condition, or a rational number; anything else is refused."""
    if isinstance(entry, Entry):
        return entry
    if isinstance(entry, int | Fraction):
        return int(entry) if isinstance(entry, bool) else entry
    if entry is None:
        raise Refused("memory is read that nothing was written to")
    if hasattr(entry, "item"):
        return plain(entry.item())
    if isinstance(entry, float):
        return fraction(entry)
    raise Refused(f"{type(entry).__name__} as a number")


def fraction(number: float) -> Fraction:
    """The fraction of small numbers that a float is the rounding of, as 1 / n is of sizes."""
    try:
        nearest = Fraction(number).limit_denominator(MOST_PARTS)
    except (OverflowError, ValueError):
        raise Refused(f"{number} as an exact number") from None
    if float(nearest) != number:
        raise Refused(f"{number!r}, which is the rounding of no fraction of small numbers")
    return nearest
