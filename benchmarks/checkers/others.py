"""What lines are put to: this judge, SymPy's equals, a gradient check, pycodemath, math-verify."""

from __future__ import annotations

import sys
from collections.abc import Hashable
from fractions import Fraction
from functools import cache
from math import exp, log, pi, sin
from random import Random
from typing import Any

from flint import arb
from sympy import Derivative, Expr, Symbol

from benchmarks.checkers.lines import Case, Checker, Opinion, drawn, entries
from benchmarks.growth import WrittenOut, entries_of
from derivations.claim import Verdict
from derivations.proof.domain import Application, Primitive, Scope
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import OutsideFragment
from derivations.proof.judge import judge
from derivations.repair.search import Sizes

# This project's judge, as it runs in the command.


_OPINIONS = {Verdict.PROVED: Opinion.ACCEPTED, Verdict.UNDECIDED: Opinion.SILENT}


def judge_says(case: Case) -> Opinion:
    """Accepted only where it is proved."""
    return _OPINIONS.get(judge(case.claim).verdict, Opinion.REJECTED)


JUDGE = Checker("this judge", "for all sizes; derivations.proof.judge", judge_says)


# SymPy's ``equals`` on both sides written out in components at one small size.
#
# The sizes are N = 4, d = 2, K = 2, m = 1; the words meet the conditions and are as different as
# they can be, as in an example made by hand.
# Derivatives are SymPy's, of the function written out. The arbitrary loss of the window is an
# undefined function of the coordinates it depends on.


EQUALS_SIZES = Sizes(labels=(4, 4), windows=(1, 1), others=(2, 2))
EQUALS_SEED, EQUALS_DRAWS = 1, 200


class _Derived(Interpreter):
    """Takes derivatives by SymPy of what is written out."""

    def _value(self, node: Expr, scope: Scope) -> Any:
        if not isinstance(node, Derivative):
            return super()._value(node, scope)
        value = super()._value(node.expr, scope)
        for by in node.variables:
            value = value.diff(Symbol(str(self._coordinate(by, scope)), real=True))
        return value


def components(case: Case) -> tuple[list[Expr], list[Expr]] | None:
    """The components of both sides, derivatives taken; None where there are none."""
    instance = drawn(case, EQUALS_SIZES, EQUALS_SEED, EQUALS_DRAWS)
    return None if instance is None else entries(case, _Derived(instance, WrittenOut()))


def equals_says(case: Case) -> Opinion:
    """Accepted where SymPy finds every component equal, rejected where one is not."""
    sides = components(case)
    if sides is None:
        return Opinion.SILENT
    found = [(left - right).equals(0) for left, right in zip(*sides, strict=True)]
    if False in found:
        return Opinion.REJECTED
    return Opinion.ACCEPTED if all(found) else Opinion.SILENT


EQUALS = Checker(
    "SymPy equals", "in components at N = 4, d = 2, K = 2, m = 1", equals_says, components=True
)


# A gradient check: both sides in floating point at one random point.
#
# Derivatives are central differences; step and tolerances are the customary ones of gradient
# checks in double precision (step 1e-6, absolute 1e-5, relative 1e-3). N = 5, d = 3, K = 5, m = 2,
# coordinates from a normal distribution, words at random among those that meet the conditions. The
# arbitrary loss of the window is the sine of a random combination of its coordinates.


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


def numbers_say(case: Case) -> Opinion:
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


NUMBERS = Checker(
    "gradient check",
    "floats at one random point, N = 5, derivatives by central differences",
    numbers_say,
    components=True,
)


# pycodemath's ``check_equal`` on both sides written out in components at one small size.
#
# It proves by SymPy's simplification, refutes at sampled points with certified digits, and says
# which of the two it did. The components are those that SymPy's ``equals`` is asked about, with
# derivatives taken, and letters that its reader takes for names.


@cache
def _pycodemath() -> Any:
    """Exits with what to install where the package is missing."""
    try:
        import pycodemath.core.errors
        import pycodemath.verify
    except ModuleNotFoundError:
        sys.exit("this comparison needs pycodemath: pip install '.[checkers]', or --without it")
    return pycodemath


def pycodemath_says(case: Case) -> Opinion:
    """Accepted where every component is verified, rejected where one is refuted."""
    sides = components(case)
    if sides is None:
        return Opinion.SILENT
    found = set()
    for left, right in zip(*sides, strict=True):
        found.add(_verdict(left, right))
        if "refuted" in found:
            return Opinion.REJECTED
    return Opinion.ACCEPTED if found == {"verified"} else Opinion.SILENT


def _verdict(left: Expr, right: Expr) -> str:
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    names = {old: Symbol(f"x{number}") for number, old in enumerate(symbols)}
    package = _pycodemath()
    try:
        verdict = package.verify.check_equal(str(left.xreplace(names)), str(right.xreplace(names)))
    except (
        package.core.errors.PycodemathError
    ):  # outside of what it reads, as an undefined function
        return "undecided"
    return str(verdict.status.value).lower()


PYCODEMATH = Checker(
    "pycodemath check_equal",
    "in components at N = 4, d = 2, K = 2, m = 1",
    pycodemath_says,
    components=True,
)


# math-verify: each side parsed from its LaTeX, the left as the reference, the right as answer.
#
# It is made for comparing answers, and reads what a formula says by itself: it is not told what is
# declared, nor under which conditions a line is meant. Markup is taken off before. A side that it
# finds no formula in counts as not read.


@cache
def _math_verify() -> Any:
    """Exits with what to install where the package is missing."""
    try:
        import math_verify
    except ModuleNotFoundError:
        sys.exit("this comparison needs math-verify: pip install '.[checkers]', or --without it")
    return math_verify


@cache
def _parsed(side: str) -> Any:
    package = _math_verify()
    config = package.LatexExtractionConfig()
    return package.parse(f"${side}$", [config], fallback_mode="no_fallback")


def math_verify_says(case: Case) -> Opinion:
    """Accepted where it verifies the right side as an answer to the left one."""
    left, right = map(_parsed, case.latex)
    if not left or not right:
        return Opinion.SILENT
    return Opinion.ACCEPTED if _math_verify().verify(left, right) else Opinion.REJECTED


MATH_VERIFY = Checker(
    "math-verify", "the LaTeX of both sides, as reference and answer", math_verify_says
)


CHECKERS = (JUDGE, EQUALS, NUMBERS, PYCODEMATH, MATH_VERIFY)
