"""A run over many cases, in one process or several, and what is wrong with a verdict."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from time import monotonic

from tests.lines.adapter import CRASH, ILL_TYPED, PROVED, REFUTED, Checker, Said, said
from tests.lines.families import FAMILIES
from tests.lines.make import Case, make
from tests.lines.markdown import written
from tests.lines.tree import Line

RENEWED = 20_000  # lines that one set of processes is for
CHUNK = 24
MEMORY = 4 * 2**30  # bytes, of one process


@dataclass(frozen=True)
class Task:
    """Which cases are made: every one follows from the seed and its number."""

    seed: int
    families: tuple[str, ...]

    def case(self, number: int) -> tuple[Case, Counter[str]]:
        """The case of a number: families in turn, true and false ones in turn."""
        family = self.families[number % len(self.families)]
        true = number // len(self.families) % 2 == 0
        return make(FAMILIES[family], f"{self.seed}/{number}", true=true)


@dataclass
class Result:
    """What became of one case."""

    number: int
    family: str
    true: bool
    kind: str
    how: str
    said: Said
    wrong: bool
    dropped: Counter[str] = field(default_factory=Counter)
    spellings: frozenset[tuple[str, str]] = frozenset()


def is_wrong(true: bool, verdict: str) -> bool:
    """Whether a verdict must not be: a false proof, a true line that falls, a crash."""
    return verdict == CRASH or verdict in ((REFUTED, ILL_TYPED) if true else (PROVED,))


def checked(case: Case, checker: Checker, text: str = "") -> Said:
    """What is said of the line of a case, or of a line before it, which is true, if it is wrong."""
    found = checker(text or case.text())
    lines = sum(isinstance(item, Line) for item in case.file)
    if len(found) != lines:
        return Said(CRASH, f"{len(found)} verdicts on {lines} lines")
    return next((each for each in found[:-1] if is_wrong(True, each.verdict)), found[-1])


def result(task: Task, number: int, checker: Checker) -> Result:
    """Make a case and have it checked."""
    case, dropped = task.case(number)
    style = case.style()
    verdict = checked(case, checker, written(case.file, style))
    return Result(
        number,
        case.family,
        case.true,
        case.kind,
        case.how,
        verdict,
        is_wrong(case.true, verdict.verdict),
        dropped,
        frozenset(style.used),
    )


def run(
    task: Task,
    count: int,
    *,
    jobs: int = 1,
    budget: float | None = None,
    checker: Checker = said,
) -> Iterator[Result]:
    """The results of so many cases, in any order; fewer where the budget, in seconds, is over."""
    late = None if budget is None else monotonic() + budget
    if jobs == 1:
        for number in range(count):
            if late is not None and monotonic() > late:
                return
            yield from _chunk(task, [number], checker)
        return
    # what is remembered of each line adds up: processes do not live for all of them
    for start in range(0, count, RENEWED):
        yield from _pooled(task, range(start, min(start + RENEWED, count)), jobs, checker, late)


def _pooled(
    task: Task, numbers: range, jobs: int, checker: Checker, late: float | None
) -> Iterator[Result]:
    """The results of some cases, by processes of their own."""
    waiting = iter(numbers)
    chunks = iter(lambda: list(islice(waiting, CHUNK)), [])
    with ProcessPoolExecutor(jobs, initializer=_limit_memory) as pool:
        pending: dict[Future[list[Result]], list[int]] = {}
        while True:
            while len(pending) < 2 * jobs and (late is None or monotonic() < late):
                chunk = next(chunks, None)
                if chunk is None:
                    break
                pending[pool.submit(_chunk, task, chunk, checker)] = chunk
            if not pending:
                return
            done, _ = wait_for(pending, return_when="FIRST_COMPLETED")
            for future in done:
                chunk = pending.pop(future)
                try:
                    yield from future.result()
                except BrokenProcessPool as error:
                    raise SystemExit(
                        f"a process died at one of the cases {chunk}: {error}"
                    ) from None


def _chunk(task: Task, numbers: Sequence[int], checker: Checker) -> list[Result]:
    return [result(task, number, checker) for number in numbers]


def _limit_memory() -> None:
    """What asks for more memory gets a MemoryError, not the whole machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
