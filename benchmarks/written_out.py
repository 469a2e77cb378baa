"""An index expression at one instance, written out as an ordinary SymPy expression."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction

from sympy import Expr, Function, Rational, Symbol, exp, log, pi

from derivations.proof.domain import Application, Primitive, V
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import OutsideFragment
from derivations.proof.index_evaluation import Instance


class WrittenOut:
    """The domain of SymPy expressions."""

    def constant(self, value: Fraction | int) -> Expr:
        return Rational(value)

    def parameter(self, key: Hashable) -> Expr:
        return Symbol(str(key), real=True)

    def arbitrary(self, application: Application[Expr]) -> Expr:
        """An undefined function of the entries it depends on, one for each choice of labels."""
        if application.partials:
            raise OutsideFragment(f"a derivative of {application.function} written out")
        labels = tuple(each for each in application.arguments if isinstance(each, int))
        return Function(f"{application.function}{labels}")(*entries_of(application))

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
        raise OutsideFragment(f"the sign of {value} written out")

    def pi(self) -> Expr:
        return pi

    def apply(self, primitive: Primitive, value: Expr) -> Expr:
        raise OutsideFragment(f"the function {primitive.name} written out")


def entries_of(application: Application[V]) -> list[V]:
    """The entries of all numbers and arrays that an arbitrary function is applied to."""
    arrays = [each for each in application.arguments if not isinstance(each, int)]
    return [entry for array in arrays for entry in array]


def written_out(expression: Expr, instance: Instance) -> Expr:
    """``expression``, free of derivatives, with all sums written out."""
    return Interpreter(instance, WrittenOut()).value(expression)
