"""What becomes of a mutant."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from time import perf_counter
from types import FrameType

from derivations.claim import Claim, Judgement, Verdict
from derivations.proof.judge import Disagreement
from tests.mutation.confirm import seen
from tests.mutation.mutants import Mutant

Judge = Callable[[Claim], Judgement]


class Fate(Enum):
    """How a mutant ends; those that are missed, or at fault, fail the campaign."""

    REFUTED = "refuted"
    ILL_TYPED = "ill-typed"
    EQUIVALENT = "equivalent"
    UNDECIDED = "undecided"
    LATE = "out of time"
    MISSED = "missed"
    FAULT = "fault"


KILLED = (Fate.REFUTED, Fate.ILL_TYPED)
WRONG = (Fate.MISSED, Fate.FAULT)


@dataclass(frozen=True)
class Outcome:
    """The fate of one mutant, with what there is to say about it."""

    fate: Fate
    detail: str = ""
    seconds: float = 0.0


class OutOfTime(BaseException):
    """The time for one mutant is over; nothing on the way may take this for its own error."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises OutOfTime inside the block when the time is over."""

    def over(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def outcome(mutant: Mutant, judge: Judge, seconds: float) -> Outcome:
    """Judge a mutant; what is called proved is looked at again by other means."""
    start = perf_counter()
    try:
        with time_limit(seconds):
            fate, detail = _fate(mutant, judge)
    except OutOfTime:
        fate, detail = Fate.LATE, f"more than {seconds:g} s"
    return Outcome(fate, detail, perf_counter() - start)


def _fate(mutant: Mutant, judge: Judge) -> tuple[Fate, str]:
    claim = mutant.claim()
    try:
        judgement = judge(claim)
    except Disagreement as disagreement:
        return Fate.FAULT, str(disagreement)
    except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        return Fate.FAULT, f"{type(error).__name__}: {error}"
    if judgement.verdict is not Verdict.PROVED:
        return Fate(judgement.verdict.value), judgement.reason
    found = seen(claim, mutant.equality.scope)
    if found.true:
        return Fate.EQUIVALENT, f"agrees at {found.agreed} points, exactly at {found.exact}"
    if found.differ:
        return Fate.MISSED, "the sides differ"
    points = found.agreed + found.without
    return Fate.MISSED, f"not confirmed: {found.agreed} of {points} points, {found.exact} exactly"
