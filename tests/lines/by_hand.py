"""Lines written down as terms, with the values that their names are given, for tests."""

from __future__ import annotations

from decimal import localcontext
from fractions import Fraction
from typing import Any

import numpy as np

from tests.lines.evaluate import Evaluator
from tests.lines.jets import Value
from tests.lines.tables import Table
from tests.lines.tree import (
    ZERO,
    Add,
    Block,
    Cell,
    Closure,
    Declaration,
    Define,
    Deriv,
    Entry,
    Index,
    Labels,
    Letter,
    Line,
    Matmul,
    Matrix,
    Mul,
    Name,
    Neg,
    Num,
    Parameter,
    Picked,
    Pow,
    Scalar,
    Size,
    Sum,
    Term,
    Transpose,
    Vector,
    Whole,
    WholeOf,
    scoped_lines,
)
from tests.lines.truth import PRECISION

A, B, a, b, t, x, y = map(Name, ["A", "B", "a", "b", "t", "x", "y"])
i, j, k = map(Letter, "ijk")
SQUARE: tuple[Declaration, ...] = (
    Size("n"),
    *(Index(each, "n") for each in "ijk"),
    *(Vector(each, "n") for each in "xy"),
    *(Matrix(each, "n", "n") for each in "AB"),
    Scalar("a"),
    Scalar("b"),
)
NUMBERS: tuple[Declaration, ...] = tuple(Scalar(each) for each in "abxy")


def num(value: int | Fraction) -> Num:
    """A number."""
    return Num(Fraction(value))


def minus(left: Term, right: Term) -> Term:
    """A difference."""
    return Add((left, Neg(right)))


def chain(*factors: Term) -> Term:
    """A product of matrices from the left."""
    found = factors[0]
    for factor in factors[1:]:
        found = Matmul(found, factor)
    return found


def over(letter: str, body: Term, axis: str = "n") -> Sum:
    """A sum over all of 1..n."""
    return Sum(letter, Whole(axis), (), body)


def at(array: Name | Picked, *letters: Letter) -> Entry:
    """An entry."""
    return Entry(array, letters)


def function(name: str, parameter: str, body: Term) -> Define:
    """``define f(t) = body``."""
    return Define(name, (Parameter("number", parameter),), (), (), body)


def turned(term: Term) -> Term:
    """The transpose."""
    return Transpose(term)


def times(*factors: Term) -> Term:
    """A product of numbers."""
    return Mul(factors)


def squared(term: Term) -> Term:
    """A square."""
    return Pow(term, 2)


def slope(of: Term, by: Name | Entry | Picked) -> Term:
    """A derivative."""
    return Deriv(of, by)


def value(term: Term, given: tuple[Declaration, ...], values: dict[str, Any]) -> Any:
    """The value of a term: a number, or a list of rows. Lists of numbers are arrays."""
    scoped = scoped_lines((Block(given), Line(term, ZERO)))[-1]
    store: dict[Cell, Value] = {}
    for name, known in values.items():
        binding = scoped.env[name]
        cell = binding.cell if isinstance(binding, WholeOf) else binding
        assert isinstance(cell, Cell)
        assert not isinstance(binding, Closure)
        store[cell] = _array(known, cell) if isinstance(known, list) else known
    with localcontext(PRECISION):
        exact = not any(isinstance(each, float) for each in values.values())
        found = Evaluator(store, exact=exact).value(term, scoped.env)
    return found.entries.tolist() if isinstance(found, Table) else found


def _array(known: list[Any], cell: Cell) -> Value:
    if isinstance(cell.declaration, Labels):
        return known
    rows = [row if isinstance(row, list) else [row] for row in known]
    found = np.zeros((len(rows), len(rows[0]) if rows else 1), dtype=object)
    for n, row in enumerate(rows):
        for m, entry in enumerate(row):
            found[n, m] = entry
    return found
