"""One checker asked about every line, each within a time limit, and what it said counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter

from benchmarks.checkers.lines import Case, Checker, Opinion, Truth
from tests.mutation.mutants import OutOfTime, time_limit


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
