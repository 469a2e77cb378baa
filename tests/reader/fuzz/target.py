"""What is done with one text, and what is found out about it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from types import FrameType

from derivations.proof.judge import judge
from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.line import Derivation
from derivations.reader.source import GivenUp, Siblings

SIBLINGS = Siblings(Path(__file__).parent / "taken_in", "text.tex")
SLOW = 2.0  # seconds of computing that a text may take to be read
PATIENCE = 20  # seconds the lines of a text may take to be judged
SHORT = 1500  # characters of a text that may be judged
MOST_JUDGED = 3  # lines of it


@dataclass(frozen=True)
class Outcome:
    """What came of a text: read, refused, or a crash with its exception."""

    kind: str
    seconds: float
    crash: str = ""
    lines: int = 0


class Impatience(Exception):
    """Judging took too long."""


def outcome(text: str, *, judging: bool = False) -> Outcome:
    """Read the text, and judge its first lines if that is asked for.

    What begins as a notebook, or as a LaTeX document, is one; the others take nothing in.
    """
    start = process_time()
    try:
        found = reading(text, "text", inline=len(text) % 2 == 0, siblings=SIBLINGS)
    except UnreadableFile as error:
        seconds = process_time() - start
        if isinstance(error.__cause__, GivenUp) and error.__cause__.__cause__ is not None:
            cause = error.__cause__.__cause__
            assert isinstance(cause, Exception)
            return Outcome("crash", seconds, _said(cause))
        return Outcome("refused", seconds)
    except Exception as error:
        return Outcome("crash", process_time() - start, _said(error))
    seconds = process_time() - start
    for problem in found.unread:
        if isinstance(problem.__cause__, GivenUp):
            cause = problem.__cause__.__cause__
            assert isinstance(cause, Exception)
            return Outcome("crash", seconds, _said(cause))
    if found.unread:
        return Outcome("refused", seconds)
    if judging and len(text) <= SHORT:
        return _judged(found, seconds)
    return Outcome("read", seconds, lines=len(found.lines))


def _judged(found: Derivation, seconds: float) -> Outcome:
    try:
        with limited(PATIENCE):
            for line in found.lines[:MOST_JUDGED]:
                judge(line.claim)
    except Impatience:
        return Outcome("unjudged", seconds, "judging takes too long")
    except Exception as error:
        return Outcome("unjudged", seconds, _said(error))
    return Outcome("judged", seconds, lines=len(found.lines))


def _said(error: Exception) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "derivations" in code.co_filename:
            place = f"{code.co_filename.rpartition('derivations/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}: {str(error)[:80]}"


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise Impatience inside once the time is over."""

    def stop(_: int, __: FrameType | None) -> None:
        raise Impatience

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
