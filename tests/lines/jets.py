"""Forward-mode differentiation: numbers with a tangent, told apart by the derivative they serve.

The tag of a derivative that is taken later, inside another one, is higher; of two numbers with
different tags the one with the higher tag is outside. So derivatives within derivatives do not mix.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

# an int, Fraction, Decimal or Dual: Python's types have no common name for what can be added
Number: TypeAlias = Any
Array = NDArray[np.object_]
Value: TypeAlias = Any  # a Number or an Array


class NoValue(ArithmeticError):
    """There is no number: a divisor is zero, a logarithm of what is not positive."""


@dataclass(frozen=True, slots=True)
class Dual:
    """A value and how fast it changes."""

    tag: int
    value: Number
    tangent: Number

    def __add__(self, other: Number) -> Number:
        if isinstance(other, np.ndarray):
            return NotImplemented
        (a, da), (b, db), tag = _parts(self, other)
        return Dual(tag, a + b, _plus(da, db))

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(self.tag, -self.value, -self.tangent)

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, np.ndarray):
            return NotImplemented
        (a, da), (b, db), tag = _parts(self, other)
        return Dual(tag, a * b, _plus(_times(da, b), _times(a, db)))

    __rmul__ = __mul__


def is_nothing(number: Number) -> bool:
    """Whether a number is zero and varies with nothing."""
    return not isinstance(number, Dual) and number == 0


def _times(one: Number, other: Number) -> Number:
    return 0 if is_nothing(one) or is_nothing(other) else one * other


def _plus(one: Number, other: Number) -> Number:
    return other if is_nothing(one) else one if is_nothing(other) else one + other


def _parts(one: Dual, other: Number) -> tuple[tuple[Number, Number], tuple[Number, Number], int]:
    tag = max(one.tag, other.tag) if isinstance(other, Dual) else one.tag
    return _part(one, tag), _part(other, tag), tag


def _part(number: Number, tag: int) -> tuple[Number, Number]:
    if isinstance(number, Dual) and number.tag == tag:
        return number.value, number.tangent
    return number, 0


def tangent(number: Number, tag: int) -> Number:
    """How fast a number changes with what the tag was given to."""
    return _part(number, tag)[1]


def divide(over: Number, under: Number) -> Number:
    """The quotient; raises NoValue for a divisor of zero."""
    if isinstance(under, Dual) or isinstance(over, Dual):
        return over * inverse(under)
    if under == 0:
        raise NoValue("a divisor is zero")
    if isinstance(over, Decimal) or isinstance(under, Decimal):
        return over / under
    quotient = Fraction(over) / under
    return quotient.numerator if quotient.denominator == 1 else quotient


def inverse(number: Number) -> Number:
    """One divided by a number."""
    if isinstance(number, Dual):
        value = inverse(number.value)
        return Dual(number.tag, value, -(number.tangent * value * value))
    return divide(1, number)


def power(base: Number, exponent: int) -> Number:
    """A whole power."""
    if exponent == 0:
        return 1
    found = base
    for _ in range(abs(exponent) - 1):
        found = found * base
    return found if exponent > 0 else inverse(found)


def exp(number: Number) -> Number:
    """The exponential of a decimal number."""
    if isinstance(number, Dual):
        value = exp(number.value)
        return Dual(number.tag, value, number.tangent * value)
    return Decimal(number).exp()


def sqrt(number: Number) -> Number:
    """The square root of a decimal number; raises NoValue for what is negative."""
    if isinstance(number, Dual):
        value = sqrt(number.value)
        return Dual(number.tag, value, number.tangent * inverse(value + value))
    if number < 0:
        raise NoValue("the root of what is negative")
    return Decimal(number).sqrt()


def sign_of(number: Number) -> int:
    """The sign of a number; where it is zero and varies, raises NoValue."""
    value = number
    while isinstance(value, Dual):
        value = value.value
    if value == 0 and isinstance(number, Dual):
        raise NoValue("a kink")
    return int(value > 0) - int(value < 0)


def absolute(number: Number) -> Number:
    """The absolute value; where it is zero and varies, raises NoValue."""
    return number * sign_of(number)


def positive_part(number: Number) -> Number:
    """The number where it is above zero, else zero."""
    return number * ((1 + sign_of(number)) // 2)


def sinh(number: Number) -> Number:
    """The hyperbolic sine."""
    return (exp(number) + -exp(-number)) * Decimal("0.5")


def cosh(number: Number) -> Number:
    """The hyperbolic cosine."""
    return (exp(number) + exp(-number)) * Decimal("0.5")


def tanh(number: Number) -> Number:
    """The hyperbolic tangent."""
    return sinh(number) * inverse(cosh(number))


def sigmoid(number: Number) -> Number:
    """The logistic function."""
    return inverse(exp(-number) + 1)


def softplus(number: Number) -> Number:
    """What the logistic function is the derivative of."""
    return log(exp(number) + 1)


def log(number: Number) -> Number:
    """The natural logarithm of a decimal number; raises NoValue for what is not positive."""
    if isinstance(number, Dual):
        return Dual(number.tag, log(number.value), number.tangent * inverse(number.value))
    if number <= 0:
        raise NoValue("the logarithm of what is not positive")
    return Decimal(number).ln()


FUNCTIONS = {
    **{"exp": exp, "log": log, "sqrt": sqrt, "abs": absolute, "relu": positive_part},
    **{"sinh": sinh, "cosh": cosh, "tanh": tanh, "sigmoid": sigmoid, "softplus": softplus},
}
