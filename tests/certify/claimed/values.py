"""The two sides of a claim as certified balls; derivatives are those that SymPy takes."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

from flint import arb, fmpq
from sympy import Expr

from derivations.proof.decide import sides_of
from derivations.proof.evaluate import Interpreter
from derivations.proof.signs import sign_cases
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Point

ROWS = range(1, 4)


class NoNumber(ArithmeticError):
    """A side has no real value at the point."""


def values(subject: Subject, point: Point) -> tuple[arb, arb]:
    """Both sides; raises NoNumber."""
    signs = next(iter(sign_cases(*subject.sides)))
    here = {scalar: 1 if point.number(scalar.name, ()) >= 0 else -1 for scalar in signs}
    sides = sides_of(*subject.sides, here)
    rows = {
        function.__name__: {base.name: place for base, place in function.rows.items()}
        for function in subject.functions
    }
    interpreter = Interpreter(point.instance, _Balls(point, rows))
    return _value(interpreter, sides.left_taken), _value(interpreter, sides.right_taken)


def _value(interpreter: Interpreter, side: Expr) -> arb:
    try:
        found: arb = interpreter.value(side)
    except ZeroDivisionError:
        raise NoNumber from None
    if not found.is_finite():
        raise NoNumber
    return found


class _Balls:
    """The evaluator's domain of balls at one point."""

    def __init__(self, point: Point, rows: dict[str, dict[str, int | None]]) -> None:
        self.point, self.rows = point, rows

    def constant(self, value: Fraction | int) -> arb:
        q = Fraction(value)
        return arb(fmpq(q.numerator, q.denominator))

    def parameter(self, key: Any) -> arb:
        return self.constant(self.point.number(*key))

    def arbitrary(self, name: str, indices: tuple[int, ...], rows: dict[str, int | None]) -> arb:
        """What `functions.py` defines, and its derivatives, taken by hand."""
        if not name.startswith("∂"):
            return self._product(name, indices, frozenset())
        function, matrix = name[1:].split("/∂")
        number = list(self.rows[function]).index(matrix)
        picked = self.rows[function][matrix]
        count = len(indices) - (1 if picked is not None else 2)
        arguments, place = indices[:count], indices[count:]
        if not all(each in ROWS for each in place):
            return self.constant(0)
        entry = place if picked is None else (arguments[picked], *place)
        factor = self.point.number(function, (number, *arguments, *place))
        outer = self.constant(factor) * (1 + 2 * self.parameter((matrix, entry)))
        return outer * self._product(function, arguments, frozenset({number}))

    def _product(self, name: str, indices: tuple[int, ...], but: frozenset[int]) -> arb:
        rows = self.rows[name].items()
        return prod(
            (
                1 + self._row(name, number, matrix, picked, indices)
                for number, (matrix, picked) in enumerate(rows)
                if number not in but
            ),
            start=self.constant(1),
        )

    def _row(
        self, name: str, number: int, matrix: str, picked: int | None, indices: tuple[int, ...]
    ) -> arb:
        result = self.constant(0)
        for i in ROWS:
            for place in [(i,)] if picked is not None else [(w, i) for w in ROWS]:
                entry = place if picked is None else (indices[picked], *place)
                x = self.parameter((matrix, entry))
                factor = self.point.number(name, (number, *indices, *place))
                result += self.constant(factor) * (x + x * x)
        return result

    def add(self, left: arb, right: arb) -> arb:
        return left + right

    def multiply(self, left: arb, right: arb) -> arb:
        return left * right

    def power(self, base: arb, exponent: int) -> arb:
        if exponent < 0 and base.contains(0):
            raise NoNumber
        return base**exponent

    def exp(self, value: arb) -> arb:
        return value.exp()

    def log(self, value: arb) -> arb:
        if not value > 0:
            raise NoNumber
        return value.log()
