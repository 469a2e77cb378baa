"""An index expression at one instance, written out as an ordinary SymPy expression."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction

from sympy import Expr, Rational, Symbol, exp, log

from derivations.proof.domain import Application
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import OutsideFragment
from derivations.proof.places import Instance


class WrittenOut:
    """The domain of SymPy expressions."""

    def constant(self, value: Fraction | int) -> Expr:
        return Rational(value)

    def parameter(self, key: Hashable) -> Expr:
        return Symbol(str(key), real=True)

    def arbitrary(self, application: Application[Expr]) -> Expr:
        """A symbol of its own, for the labels that index notation writes."""
        labels = application.written.labels if application.written else application.arguments
        return self.parameter((application.function, labels))

    def add(self, left: Expr, right: Expr) -> Expr:
        return left + right

    def multiply(self, left: Expr, right: Expr) -> Expr:
        return left * right

    def power(self, base: Expr, exponent: int) -> Expr:
        return base**exponent

    def exp(self, value: Expr) -> Expr:
        return exp(value)

    def log(self, value: Expr) -> Expr:
        return log(value)

    def sign(self, value: Expr) -> int:
        raise OutsideFragment("a case by sign")


def written_out(expression: Expr, instance: Instance) -> Expr:
    """``expression``, free of derivatives, with all sums written out."""
    return Interpreter(instance, WrittenOut()).value(expression)
