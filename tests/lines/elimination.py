"""Determinant and inverse of a matrix of numbers, by elimination (Gauss and Jordan)."""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from tests.lines.jets import Array, Dual, NoValue, Number, divide, is_nothing

NOTHING = Decimal("1e-40")  # what rounding leaves of zero: a pivot like this has lost all digits


def determinant(matrix: Array) -> Number:
    """Raises NoValue where no pivot is found."""
    return _eliminated(matrix.tolist(), above=False)


def inverse(matrix: Array) -> Array:
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
        rows[step] = [_part(each, rows[step][step]) for each in rows[step]]
        for n in range(0 if above else step + 1, len(rows)):
            if n != step and not is_nothing(rows[n][step]):
                rows[n] = _without(rows[n], rows[step], -rows[n][step])
    return found


def _part(over: Number, under: Number) -> Number:
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
