"""Other checkers' opinions of the same lines: ``python -m benchmarks.checkers``.

False lines that they accept, and true ones that they reject: this project's judge, SymPy's equals,
a gradient check in numbers, pycodemath, math-verify.
"""

from __future__ import annotations

import argparse
import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from importlib import import_module
from itertools import islice, product
from math import exp, log, pi, sin
from os import cpu_count
from platform import platform
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

from flint import arb
from rich.progress import track
from sympy import Derivative, Expr, Symbol

from benchmarks.growth import WrittenOut, entries_of
from benchmarks.tables import Peer, add_without, console, installed, positive, table
from derivations.claim import Claim, Verdict
from derivations.proof.domain import Application, Primitive
from derivations.proof.domain import Scope as Bound
from derivations.proof.evaluate import Instance, Interpreter, Places
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.judge import judge
from derivations.reader.environment import Scope
from derivations.repair.search import Sizes, points
from tests.mutation.campaign import (
    Fate,
    Outcome,
    Slip,
    TrueLine,
    all_slips,
    chosen,
    run,
    true_lines,
)
from tests.planting import OutOfTime, time_limit


class Truth(Enum):
    """What is known of a line: proved, refuted in numbers, or without a meaning."""

    TRUE = "true"
    FALSE = "false"
    ILL_TYPED = "ill-typed"


class Opinion(Enum):
    """What a checker says of a line."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SILENT = "cannot say"


@dataclass(frozen=True)
class Case:
    """One line; ``latex`` are its sides as they are printed."""

    name: str
    truth: Truth
    latex: tuple[str, str]
    scope: Scope
    claim: Claim


@dataclass(frozen=True)
class Checker:
    """A way to check a line. One that works in components is not asked about ill-typed lines."""

    name: str
    how: str
    says: Callable[[Case], Opinion]
    components: bool = False

    def asked(self, case: Case) -> bool:
        """Whether the line can be put to it at all."""
        return not (self.components and case.truth is Truth.ILL_TYPED)


_TRUTHS = {
    Fate.REFUTED: Truth.FALSE,
    Fate.ILL_TYPED: Truth.ILL_TYPED,
    Fate.EQUIVALENT: Truth.TRUE,
}


def cases(
    lines: tuple[TrueLine, ...], mutants: list[Slip], outcomes: list[Outcome]
) -> Iterator[Case]:
    """The true lines and the mutants of which the truth is known."""
    for line in lines:
        mutant = Slip(line.id, line.part, "", "", line.equality)
        yield Case(line.id, Truth.TRUE, mutant.latex, line.equality.scope, line.claim)
    for mutant, outcome in zip(mutants, outcomes, strict=True):
        truth = _TRUTHS.get(outcome.fate)
        if truth is not None:
            scope = mutant.equality.scope
            yield Case(mutant.text, truth, mutant.latex, scope, mutant.claim())


# One instance of a line, and its sides entry by entry.


def drawn(case: Case, sizes: Sizes, seed: int, among: int = 1) -> Instance | None:
    """Sizes and words that meet the conditions; None where none are found.

    Of so many draws, the one in which the most words are different.
    """
    found = points(case.scope, case.claim.conditions, sizes, seed)
    instances = [point.instance for point in islice(found, among)]
    letters = [i.name for i in case.scope.letters.values() if i.space.labels]
    return max(instances, key=lambda each: _different(each, letters), default=None)


def _different(instance: Instance, letters: list[str]) -> int:
    words = {instance.indices[name] for name in letters}
    return len(words) + len(set(instance.words.values()))


def entries(case: Case, interpreter: Interpreter[Any]) -> tuple[list[Any], list[Any]] | None:
    """All entries of both sides; None where one has no value."""
    sides = case.claim.sides
    reader = Places(interpreter.instance)
    members = [reader.members(axis.space.lower, axis.space.upper, {}) for axis in sides.axes]
    try:
        scopes = [dict(zip(sides.axes, at, strict=True)) for at in product(*members)]
        return (
            [interpreter.value(sides.left, scope) for scope in scopes],
            [interpreter.value(sides.right, scope) for scope in scopes],
        )
    except (NoValue, OutsideFragment, ZeroDivisionError):
        return None


# One checker asked about every line, each within a time limit, and what it said counted.


@dataclass
class Answers:
    """What one checker said."""

    checker: Checker
    counts: Counter[tuple[Truth, Opinion]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    late: int = 0
    wrong: list[str] = field(default_factory=list)

    def cell(self, truth: Truth, opinion: Opinion) -> str:
        """So many of so many, or a dash where it was not asked."""
        asked = sum(self.counts[truth, each] for each in Opinion)
        return f"{self.counts[truth, opinion]} of {asked}" if asked else "not asked"

    @property
    def silent(self) -> int:
        """How many lines it could not say anything about, in time."""
        return sum(self.counts[truth, Opinion.SILENT] for truth in Truth)

    def row(self) -> list[str]:
        """Its line of the table: what it got wrong, what it gave no answer to, how long it took."""
        return [
            self.checker.name,
            self.cell(Truth.FALSE, Opinion.ACCEPTED),
            self.cell(Truth.ILL_TYPED, Opinion.ACCEPTED),
            self.cell(Truth.TRUE, Opinion.REJECTED),
            f"{self.silent} of {len(self.seconds)} ({self.late} late)",
            f"{1000 * median(self.seconds):.1f}",
            f"{len(self.seconds) / sum(self.seconds):.1f}",
        ]


def answers(checker: Checker, cases: Iterable[Case], limit: float) -> Answers:
    """What a checker says of every line that can be put to it."""
    result = Answers(checker)
    for case in cases:
        if checker.asked(case):
            opinion = _timed(result, case, limit)
            result.counts[case.truth, opinion] += 1
            wrong = (Truth.TRUE, Opinion.REJECTED), (Truth.FALSE, Opinion.ACCEPTED)
            if (case.truth, opinion) in (*wrong, (Truth.ILL_TYPED, Opinion.ACCEPTED)):
                result.wrong.append(f"{opinion.value} though {case.truth.value}: {case.name}")
    return result


def _timed(result: Answers, case: Case, limit: float) -> Opinion:
    start = perf_counter()
    try:
        with time_limit(limit):
            return result.checker.says(case)
    except OutOfTime:
        result.late += 1
        return Opinion.SILENT
    finally:
        result.seconds.append(perf_counter() - start)


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


class _Derived(Interpreter[Any]):
    """Takes derivatives by SymPy of what is written out."""

    def _value(self, node: Expr, scope: Bound) -> Any:
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


class _Differences(Interpreter[Any]):
    """Takes derivatives by central differences."""

    def _value(self, node: Expr, scope: Bound) -> Any:
        if not isinstance(node, Derivative):
            return super()._value(node, scope)
        (by,) = node.variables
        key = self._coordinate(by, scope)
        ends = [self._moved(node.expr, scope, {key: step}) for step in (STEP, -STEP)]
        return (ends[0] - ends[1]) / (2 * STEP)

    def _moved(self, node: Expr, scope: Bound, moved: dict[Hashable, float]) -> float:
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
    from pycodemath.core.errors import PycodemathError
    from pycodemath.verify import check_equal

    try:
        verdict = check_equal(str(left.xreplace(names)), str(right.xreplace(names)))
    except PycodemathError:  # outside of what it reads, as an undefined function
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
def _parsed(side: str) -> Any:
    from math_verify import LatexExtractionConfig, parse

    return parse(f"${side}$", [LatexExtractionConfig()], fallback_mode="no_fallback")


def math_verify_says(case: Case) -> Opinion:
    """Accepted where it verifies the right side as an answer to the left one."""
    from math_verify import verify

    left, right = map(_parsed, case.latex)
    if not left or not right:
        return Opinion.SILENT
    return Opinion.ACCEPTED if verify(left, right) else Opinion.REJECTED


MATH_VERIFY = Checker(
    "math-verify", "the LaTeX of both sides, as reference and answer", math_verify_says
)


def _peer(checker: Checker, *needs: str) -> Peer[Checker]:
    def load() -> Checker:
        for name in needs:
            import_module(name)
        return checker

    return Peer(checker.name, load, needs)


PEERS = (
    _peer(JUDGE),
    _peer(EQUALS),
    _peer(NUMBERS),
    _peer(PYCODEMATH, "pycodemath"),
    _peer(MATH_VERIFY, "math_verify"),
)


COLUMNS = ("", "false accepted", "ill-typed accepted", "true rejected", "no answer", "median ms",
           "lines a second")  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Print the table; with --list, also every line that a checker got wrong."""
    options = _parser().parse_args(arguments)
    logging.disable(logging.WARNING)  # a package that logs what it cannot read
    called, missing = installed(PEERS, options.without)
    lines = true_lines()
    mutants = chosen(all_slips(), options.count, options.seed)
    found = list(cases(lines, mutants, run(mutants, options.jobs)))
    err = console(error=True)
    results = [
        answers(each, track(found, each.name, console=err, transient=True), options.limit)
        for each in called.values()
    ]
    shown = table(*COLUMNS)
    for result in results:
        shown.add_row(*result.row())
    console().print(shown)
    for result in results:
        print(f"{result.checker.name}: {result.checker.how}")
    truths = ", ".join(f"{sum(case.truth is t for case in found)} {t.value}" for t in Truth)
    print(f"\n{len(found)} lines: {truths}; at most {options.limit:g} s for one line.")
    print(f"{date.today()}, {platform()}, {cpu_count()} cores, of which one is used.")
    print(
        "Lines that this judge left undecided, and those that cannot be read, are not among them: "
        "its own row says only that it agrees with certified numbers."
    )
    for message in missing:
        print(message)
    for result in results if options.list else ():
        print(f"\n{result.checker.name}")
        for wrong in result.wrong:
            print(f"  {wrong}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.checkers",
        description="The true lines of the written derivation and slips made in them, put to "
        "several checkers. Whether a line is true is known: proved and evaluated again, or refuted "
        "by certified numbers.",
    )
    parser.add_argument("--count", type=positive, default=150, help="how many slips (150)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument(
        "--jobs", type=positive, default=1, help="processes for judging them first (1)"
    )
    parser.add_argument("--limit", type=float, default=5.0, help="seconds for one line (5)")
    add_without(parser, PEERS)
    parser.add_argument("--list", action="store_true", help="also list what each got wrong")
    return parser


if __name__ == "__main__":
    main()
