"""The project as the campaign sees it: a text goes in, verdicts come out. All it knows is here."""

from __future__ import annotations

import re
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from derivations.proof.judge import Disagreement, judge
from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.line import Line, NotRead
from derivations.report.results import doubted

PROVED, REFUTED, ILL_TYPED = "proved", "refuted", "ill-typed"
UNDECIDED, NOT_READ, CRASH, LATE = "undecided", "not read", "crash", "late"
VERDICTS = (PROVED, REFUTED, ILL_TYPED, UNDECIDED, NOT_READ, CRASH, LATE)
SECONDS = 15.0  # of the processor's time; how busy the machine is shall change nothing
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")


@dataclass(frozen=True, slots=True)
class Said:
    """The verdict on one line, and the reason that was given for it."""

    verdict: str
    reason: str = ""


def kind_of(reason: str) -> str:
    """A reason without the names and formulas in it."""
    if "does not fit" in reason:
        return "... does not fit ..."
    words = [word for word in _WORD.findall(reason.split(";")[0]) if len(word) > 1]
    return " ".join(words[:7])


Checker = Callable[[str], list[Said]]


class _Late(BaseException):
    """The time for one file is over; nothing on the way may take this for its own error."""


def said(text: str) -> list[Said]:
    """What is said of each equality of a file, in order."""
    equalities = text.count("$$") // 2
    try:
        with _limit(SECONDS):
            return _said(text, equalities)
    except _Late:
        return [Said(LATE, f"more than {SECONDS:g} s")] * equalities
    except Exception as error:
        # whatever is raised is what the campaign looks for
        return [Said(CRASH, _where(error))] * equalities


def _said(text: str, equalities: int) -> list[Said]:
    try:
        entries = reading(text, "case").entries
    except UnreadableFile as refused:
        return [Said(NOT_READ, refused.problems[0].what)] * equalities
    return [_judged(entry) for entry in entries]


def _judged(line: Line | NotRead) -> Said:
    if isinstance(line, NotRead):
        return Said(NOT_READ, line.problem.what)
    if line.defines:  # as the command says of such a line
        return Said(UNDECIDED, f"taken as the definition of {line.defines}")
    try:
        judgement = doubted(judge(line.claim), line.doubt)  # as the command does
    except Disagreement as error:
        return Said(CRASH, f"Disagreement: {error}")
    return Said(judgement.verdict.value, judgement.reason)


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}: {error}"


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def over(number: int, frame: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
