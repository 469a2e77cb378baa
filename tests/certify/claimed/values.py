"""The two sides of a claim as certified balls; derivatives are those that SymPy takes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

from flint import arb, fmpq
from sympy import Expr

from derivations.language.index_nodes import differentiated
from derivations.proof.domain import Application, Family, Primitive
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import NoValue
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Place, Point

ROWS = range(1, 4)


class NoNumber(ArithmeticError):
    """A side has no real value at the point."""


def values(subject: Subject, point: Point) -> tuple[arb, arb]:
    """Both sides; raises NoNumber."""
    axes = {space for each in subject.functions for sets in each.axes.values() for space in sets}
    rows = {str(space.upper): ROWS[-1] for space in axes}  # where the sides say no size
    instance = replace(point.instance, sizes=rows | point.instance.sizes)
    interpreter = Interpreter(instance, _Balls(point))
    left, right = map(differentiated, subject.sides)
    return _value(interpreter, left), _value(interpreter, right)


def _value(interpreter: Interpreter[arb], side: Expr) -> arb:
    try:
        found = interpreter.value(side)
    except (NoValue, ZeroDivisionError):
        raise NoNumber from None
    if not found.is_finite():
        raise NoNumber
    return found


class _Balls:
    """The evaluator's domain of balls at one point."""

    def __init__(self, point: Point) -> None:
        self.point = point

    def constant(self, value: Fraction | int) -> arb:
        q = Fraction(value)
        return arb(fmpq(q.numerator, q.denominator))

    def parameter(self, key: Any) -> arb:
        return self.constant(self.point.number(*key))

    def arbitrary(self, application: Application[arb]) -> arb:
        """What `functions.py` defines, and its first derivatives, taken by hand."""
        written = application.written
        assert written is not None
        first = len(application.arguments) - len(written.arrays)
        by = {argument - first: entry for argument, entry in application.partials}
        assert len(by) == len(application.partials) <= 1
        result = self.constant(1)
        for number, array in enumerate(written.arrays):
            name = (application.function, (number, *written.labels))
            if number in by:
                place = array.places[by[number]]
                x = self.parameter((array.base, (*array.row, *place)))
                result *= self._factor(name, place) * (1 + 2 * x)
            else:
                result *= 1 + self._row(name, array)
        return result

    def _row(self, name: Place, array: Family) -> arb:
        result = self.constant(0)
        for place in product(ROWS, repeat=len(array.places[0])):
            x = self.parameter((array.base, (*array.row, *place)))
            result += self._factor(name, place) * (x + x * x)
        return result

    def _factor(self, name: Place, place: tuple[int, ...]) -> arb:
        function, places = name
        in_rows = all(each in ROWS for each in place)
        return self.constant(self.point.number(function, (*places, *place)) if in_rows else 0)

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

    def sign(self, value: arb) -> int:
        if value.is_zero():
            return 0
        if value.contains(0):
            raise NoNumber
        return 1 if value > 0 else -1

    def pi(self) -> arb:
        return arb.pi()

    def apply(self, primitive: Primitive, value: arb) -> arb:
        return primitive.ball(value)
