"""Real numbers as certified balls, and pairs of a number and its derivative.

A pair carries the number of the derivative it belongs to, so that derivatives nest: what belongs
to an outer one is a constant for an inner one.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any

from flint import arb, fmpq


class NoValue(ArithmeticError):
    """A quotient by zero, or a logarithm of what is not positive: Coq's value means nothing."""


class NoDerivative(ArithmeticError):
    """A function that has no derivative here."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and its slope; ``level`` says by what: the higher, the further inside."""

    level: int
    value: Real
    slope: Real


Real = Any  # arb, or Pair
LEVELS = count(1)


def pi() -> arb:
    return arb.pi()


def rational(number: int | Fraction) -> arb:
    """An exact number as a ball."""
    q = Fraction(number)
    return arb(fmpq(q.numerator, q.denominator))


ZERO, ONE = rational(0), rational(1)


def _level(*numbers: Real) -> int:
    return max(number.level if isinstance(number, Pair) else 0 for number in numbers)


def _value(number: Real, level: int) -> Real:
    return number.value if isinstance(number, Pair) and number.level == level else number


def _slope(number: Real, level: int) -> Real:
    return number.slope if isinstance(number, Pair) and number.level == level else ZERO


def add(x: Real, y: Real) -> Real:
    if not (level := _level(x, y)):
        return x + y
    value = add(_value(x, level), _value(y, level))
    return Pair(level, value, add(_slope(x, level), _slope(y, level)))


def multiply(x: Real, y: Real) -> Real:
    if x is ZERO or y is ZERO:
        return ZERO
    if not (level := _level(x, y)):
        return x * y
    (a, da), (b, db) = ((_value(n, level), _slope(n, level)) for n in (x, y))
    return Pair(level, multiply(a, b), add(multiply(da, b), multiply(a, db)))


def opposite(x: Real) -> Real:
    return multiply(rational(-1), x)


def inverse(x: Real) -> Real:
    if not (level := _level(x)):
        if x.contains(0):
            raise NoValue("a quotient by zero")
        return 1 / x
    one_over = inverse(x.value)
    return Pair(level, one_over, multiply(opposite(multiply(one_over, one_over)), x.slope))


def exponential(x: Real) -> Real:
    if not (level := _level(x)):
        return x.exp()
    value = exponential(x.value)
    return Pair(level, value, multiply(value, x.slope))


def logarithm(x: Real) -> Real:
    if not (level := _level(x)):
        if not x > 0:
            raise NoValue("the logarithm of what is not positive")
        return x.log()
    return Pair(level, logarithm(x.value), multiply(inverse(x.value), x.slope))


def root(x: Real) -> Real:
    if not (level := _level(x)):
        if not x >= 0:
            raise NoValue("the root of what may be negative")
        return x.sqrt()
    value = root(x.value)
    return Pair(level, value, multiply(inverse(multiply(rational(2), value)), x.slope))


def sine(x: Real) -> Real:
    if not (level := _level(x)):
        return x.sin()
    return Pair(level, sine(x.value), multiply(cosine(x.value), x.slope))


def cosine(x: Real) -> Real:
    if not (level := _level(x)):
        return x.cos()
    return Pair(level, cosine(x.value), multiply(opposite(sine(x.value)), x.slope))


def arctangent(x: Real) -> Real:
    if not (level := _level(x)):
        return x.atan()
    slope = inverse(add(ONE, multiply(x.value, x.value)))
    return Pair(level, arctangent(x.value), multiply(slope, x.slope))


def at_most(x: Real, y: Real) -> bool:
    """Whether x <= y; where both are the same, no derivative may pass through."""
    inner_x, inner_y = x, y
    while isinstance(inner_x, Pair):
        inner_x = inner_x.value
    while isinstance(inner_y, Pair):
        inner_y = inner_y.value
    if _level(x, y) and inner_x.overlaps(inner_y):
        raise NoDerivative("a branch that ends here")
    if inner_x <= inner_y:
        return True
    if inner_y < inner_x:
        return False
    raise NoValue("two numbers too near to be told apart")


def is_below(x: Real, y: Real) -> bool:
    """Whether x < y, of numbers that nothing differentiates."""
    if x < y or x >= y:
        return bool(x < y)
    raise NoValue("two numbers too near to be told apart")


def derivative(function: Any, at: Real) -> Real:
    """The derivative of a function of one number; raises NoDerivative."""
    level = next(LEVELS)
    return _slope(function(Pair(level, at, ONE)), level)
