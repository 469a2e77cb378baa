"""Values: decimal numbers with derivatives (dual numbers), arrays with axes, elimination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.lines.tree import Cell, Env, Size

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


Axes = tuple[Cell | None, Cell | None]


@dataclass(frozen=True, slots=True)
class Table:
    """An array, and which sets its rows and columns are for; None is the one row or column."""

    axes: Axes
    entries: Array


class NoMeaning(Exception):
    """The term means nothing here: shapes that do not fit, or no member of that number."""


class TooLong(Exception):
    """More steps than an evaluation may take."""


class AnyFunction:
    """A function that was declared as arbitrary: a polynomial drawn at random.

    Labels among its arguments choose the coefficients.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn: dict[tuple[int, ...], list[int]] = {}

    def __call__(self, labels: tuple[int, ...], numbers: list[Number]) -> Number:
        key = (*labels, len(numbers))
        if key not in self._drawn:
            random = Random(f"{self._seed}/{key}")
            count = 7 + 3 * len(numbers)
            self._drawn[key] = [random.choice((-3, -2, -1, 1, 2, 3)) for _ in range(count)]
        rest = iter(self._drawn[key])
        found: Number = next(rest)
        for degree in (1, 2, 3):
            inner: Number = next(rest)
            for number in numbers:
                inner = inner + number * next(rest)
            found = found + power(inner, degree) * next(rest)
        return found


def two(axes: Sequence[Cell]) -> Axes:
    """One or two sets as the axes of a column or a matrix."""
    return (axes[0], axes[1] if len(axes) > 1 else None)


def axes_of(cell: Cell) -> Axes:
    """The axes of a declared array."""
    return two(cell.axes)


def size_cell(env: Env, axis: str) -> Cell:
    """The cell of a size; raises NoMeaning for any other name."""
    cell = env.get(axis)
    if not isinstance(cell, Cell) or not isinstance(cell.declaration, Size):
        raise NoMeaning(f"{axis} is no size")
    return cell


def turned(table: Table) -> Table:
    """The transpose."""
    return Table((table.axes[1], table.axes[0]), table.entries.T)


def place_of(array: Array, at: list[int]) -> tuple[int, int]:
    """Row and column, from zero."""
    if len(at) == 1 and array.shape[1] == 1:
        at = [*at, 1]
    if len(at) != 2:
        raise NoMeaning("the wrong number of subscripts")
    row, column = at
    if not (1 <= row <= array.shape[0] and 1 <= column <= array.shape[1]):
        raise NoMeaning("no such entry")
    return row - 1, column - 1


def plus(left: Value, right: Value) -> Value:
    """The sum of two numbers, or of two arrays with the same axes."""
    if isinstance(left, Table) and isinstance(right, Table):
        if left.axes != right.axes:
            raise NoMeaning("shapes that do not fit")
        return Table(left.axes, left.entries + right.entries)
    if isinstance(left, Table) or isinstance(right, Table):
        raise NoMeaning("a number and an array")
    return left + right


def times_of(left: Value, right: Value) -> Value:
    """The product of two numbers, or of an array and a number."""
    if isinstance(left, Table) and isinstance(right, Table):
        raise NoMeaning("two arrays in a product of numbers")
    if isinstance(right, Table):
        left, right = right, left
    if isinstance(left, Table):
        return Table(left.axes, np.multiply(left.entries, right))
    return left * right


NOTHING = Decimal("1e-40")  # what rounding leaves of zero: a pivot like this has lost all digits


def determinant(matrix: Array) -> Number:
    """Raises NoValue where no pivot is found."""
    return _eliminated(matrix.tolist(), above=False)


def inverted(matrix: Array) -> Array:
    """Raises NoValue where no pivot is found."""
    size = len(matrix)
    rows = [[*row, *unit] for row, unit in zip(matrix.tolist(), _identity(size), strict=True)]
    _eliminated(rows, above=True)
    found = np.zeros((size, size), dtype=object)
    for at in np.ndindex(size, size):
        found[at] = rows[at[0]][size + at[1]]
    return found


def _eliminated(rows: list[list[Number]], *, above: bool) -> Number:
    """Makes ones on the diagonal and zeros below it, and above it if asked; the determinant."""
    found: Number = 1
    for step in range(len(rows)):
        pivot = max(range(step, len(rows)), key=lambda n: abs(_value(rows[n][step])))
        largest = _value(rows[pivot][step])
        if not largest or (isinstance(largest, Decimal) and abs(largest) < NOTHING):
            raise NoValue("a singular matrix")
        if pivot != step:
            rows[step], rows[pivot] = rows[pivot], rows[step]
            found = -found
        found = found * rows[step][step]
        rows[step] = [_quotient(each, rows[step][step]) for each in rows[step]]
        for n in range(0 if above else step + 1, len(rows)):
            if n != step and not is_nothing(rows[n][step]):
                rows[n] = _without(rows[n], rows[step], -rows[n][step])
    return found


def _quotient(over: Number, under: Number) -> Number:
    return 0 if is_nothing(over) else divide(over, under)


def _without(row: list[Number], pivots: list[Number], factor: Number) -> list[Number]:
    """A row and so many times another one, in which much is zero."""
    pairs = zip(row, pivots, strict=True)
    return [a if is_nothing(b) else a + factor * b for a, b in pairs]


def _identity(size: int) -> list[list[int]]:
    return [[int(i == j) for j in range(size)] for i in range(size)]


def _value(number: Number) -> Number:
    while isinstance(number, Dual):
        number = number.value
    return number
