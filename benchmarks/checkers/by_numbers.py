"""A gradient check: both sides in floating point at one random point.

Derivatives are central differences; step and tolerances are the customary ones of gradient
checks in double precision (step 1e-6, absolute 1e-5, relative 1e-3). N = 5, d = 3, K = 5, m = 2,
coordinates from a normal distribution, words at random among those that meet the conditions. The
arbitrary loss of the window is the sine of a random combination of its coordinates.
"""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from math import exp, log, pi, sin
from random import Random
from typing import Any

from flint import arb
from sympy import Derivative, Expr

from benchmarks.checkers.case import Case, Checker, Opinion
from benchmarks.checkers.draw import drawn, entries
from benchmarks.written_out import entries_of
from derivations.proof.domain import Application, Primitive, Scope
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import OutsideFragment
from derivations.repair.screening import Sizes

SIZES = Sizes(labels=(5, 5), windows=(2, 2), others=(3, 5))
STEP, ABSOLUTE, RELATIVE = 1e-6, 1e-5, 1e-3
SEED = 2


class _Floats:
    """Floating point numbers; one coordinate may be moved a little."""

    def __init__(self, moved: dict[Hashable, float]) -> None:
        self.moved = moved

    def constant(self, value: Fraction | int) -> float:
        return float(value)

    def parameter(self, key: Hashable) -> float:
        return Random(f"{SEED} {key}").gauss(0, 1) + self.moved.get(key, 0.0)

    def arbitrary(self, application: Application[float]) -> float:
        if application.partials:
            raise OutsideFragment(f"a derivative of {application.function} by itself")
        labels = [each for each in application.arguments if isinstance(each, int)]
        weights = Random(f"{SEED} {application.function} {labels}")
        return sin(sum(weights.gauss(0, 1) * entry for entry in entries_of(application)))

    def add(self, left: float, right: float) -> float:
        return left + right

    def multiply(self, left: float, right: float) -> float:
        return left * right

    def power(self, base: float, exponent: int) -> float:
        return float(base**exponent)

    def exp(self, value: float) -> float:
        return exp(value)

    def log(self, value: float) -> float:
        return log(value)

    def sign(self, value: float) -> int:
        return (value > 0) - (value < 0)

    def pi(self) -> float:
        return pi

    def apply(self, primitive: Primitive, value: float) -> float:
        return float(primitive.ball(arb(value)))


class _Differences(Interpreter):
    """Takes derivatives by central differences."""

    def _value(self, node: Expr, scope: Scope) -> Any:
        if not isinstance(node, Derivative):
            return super()._value(node, scope)
        (by,) = node.variables
        key = self._coordinate(by, scope)
        ends = [self._moved(node.expr, scope, {key: step}) for step in (STEP, -STEP)]
        return (ends[0] - ends[1]) / (2 * STEP)

    def _moved(self, node: Expr, scope: Scope, moved: dict[Hashable, float]) -> float:
        domain = _Floats(moved)
        found: float = _Differences(self.instance, domain).value(node, scope)
        return found


def says(case: Case) -> Opinion:
    """Accepted where all entries agree within the tolerances."""
    instance = drawn(case, SIZES, SEED)
    if instance is None:
        return Opinion.SILENT
    try:
        sides = entries(case, _Differences(instance, _Floats({})))
    except (ValueError, OverflowError):  # the logarithm of a negative number has no float
        return Opinion.SILENT
    if sides is None:
        return Opinion.SILENT
    close = all(abs(x - y) <= ABSOLUTE + RELATIVE * abs(y) for x, y in zip(*sides, strict=True))
    return Opinion.ACCEPTED if close else Opinion.REJECTED


CHECKER = Checker(
    "gradient check",
    "floats at one random point, N = 5, derivatives by central differences",
    says,
    components=True,
)
