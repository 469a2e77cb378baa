"""Arrays that know which sets their rows and columns are for, and sums and products of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from tests.lines.jets import Array, Number, Value, power
from tests.lines.tree import Cell, Env, Size

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
