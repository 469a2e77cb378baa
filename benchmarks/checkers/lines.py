"""The lines that are put to every checker, and what a checker can say of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice, product
from statistics import median
from time import perf_counter
from typing import Any

from derivations.claim import Claim
from derivations.proof.evaluate import Instance, Interpreter, Places
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.reader.scope import Scope
from derivations.repair.search import Sizes, points
from tests.mutation.campaign import Fate, Outcome
from tests.mutation.slips import Slip, TrueLine
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
            f"{self.checker.name}, {self.checker.how}",
            self.cell(Truth.FALSE, Opinion.ACCEPTED),
            self.cell(Truth.ILL_TYPED, Opinion.ACCEPTED),
            self.cell(Truth.TRUE, Opinion.REJECTED),
            f"{self.silent} of {len(self.seconds)} ({self.late} late)",
            f"{1000 * median(self.seconds):.1f}",
            f"{len(self.seconds) / sum(self.seconds):.1f}",
        ]


def answers(
    checker: Checker, cases: Sequence[Case], limit: float, progress: Callable[[], None]
) -> Answers:
    """What a checker says of every line that can be put to it."""
    result = Answers(checker)
    for case in cases:
        if checker.asked(case):
            opinion = _timed(result, case, limit)
            result.counts[case.truth, opinion] += 1
            wrong = (Truth.TRUE, Opinion.REJECTED), (Truth.FALSE, Opinion.ACCEPTED)
            if (case.truth, opinion) in (*wrong, (Truth.ILL_TYPED, Opinion.ACCEPTED)):
                result.wrong.append(f"{opinion.value} though {case.truth.value}: {case.name}")
        progress()
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
