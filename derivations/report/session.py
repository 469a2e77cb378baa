"""The whole of a run in a process of its own, watched from outside.

Reading a file cannot be left to worker processes, as what it makes stays where it is made. So the
process that reads tells of each piece before it begins with it; where it does not come to the end
of one it is replaced by another, in which that piece is given up. The watching process imports
nothing heavy, so that the first of them costs a fork of a small process, and the others are rare.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from derivations.reader.attempts import Attempts, Broken
from derivations.report.workers import Limits, leave_interrupts_to_parent, started

PROGRAM_ERROR = 3
RARELY = 100_000  # new objects until garbage is looked for
PATIENCE = 1.0  # seconds that a process has to end its workers


@dataclass(frozen=True)
class Answer:
    """What a run comes to: its exit code, the page it prints, and what it complains of."""

    code: int
    page: str = ""
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a process has found out, and would find out again: plain data, by a name."""

    name: str
    found: Mapping[str, Any]


Known = dict[str, Mapping[str, Any]]
Run = Callable[[Attempts], Answer]


def answer(run: Run, limits: Limits) -> Answer:
    """What a run comes to, with the pieces given up that come to no end within the limits."""
    given_up: dict[int, str] = {}
    known: Known = {}
    while True:
        found = _once(run, limits, given_up, known)
        if isinstance(found, Answer):
            return found
        given_up |= found


def _once(
    run: Run, limits: Limits, given_up: dict[int, str], known: Known
) -> Answer | dict[int, str]:
    """The answer, or the pieces to give up with the reasons; what is told is put with the known."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = started(_session, (theirs, run, limits, given_up, known), daemon=False)
    theirs.close()
    try:
        return _heard(ours, process, limits, known)
    except BaseException:
        process.terminate()
        process.join(PATIENCE)
        raise
    finally:
        process.kill()
        process.join()
        ours.close()


def _heard(
    ours: Connection, process: BaseProcess, limits: Limits, known: Known
) -> Answer | dict[int, str]:
    piece: int | None = None
    late = 0.0
    while True:
        if piece is not None and not ours.poll(max(late - monotonic(), 0)):
            process.kill()
            return {piece: limits.too_long}
        try:
            told = ours.recv()
        except (EOFError, OSError):
            reason = limits.ended(process)
            if piece is not None:
                return {piece: reason}
            return Answer(PROGRAM_ERROR, complaints=(f"this should not happen: {reason}",))
        if isinstance(told, Answer | dict):
            return told
        if isinstance(told, Told):
            known[told.name] = told.found
            continue
        piece, late = told, monotonic() + limits.clock


def _end(*_: object) -> None:
    """End the workers and this process; what is raised in a handler may be told, and lost."""
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(1)


def _session(
    theirs: Connection, run: Run, limits: Limits, given_up: dict[int, str], known: Known
) -> None:
    """What the process does that reads, and has workers judge."""
    gc.set_threshold(RARELY)  # expressions are many and long-lived, and hardly any are cyclic
    leave_interrupts_to_parent()
    signal.signal(signal.SIGTERM, _end)

    def begin(number: int) -> None:
        theirs.send(number)
        if not confined:
            limits.confine()
            confined.append(True)
        limits.begin()

    def end() -> None:
        limits.end()
        theirs.send(None)

    def tell(name: str, found: Mapping[str, Any]) -> None:
        theirs.send(Told(name, found))

    confined: list[bool] = []
    try:
        found: Answer | dict[int, str] = run(
            Attempts(given_up, begin, end, known=known, telling=tell)
        )
    except Broken as broken:
        found = broken.pieces
    except Exception as error:
        found = Answer(
            PROGRAM_ERROR, complaints=(f"this should not happen: {limits.raised(error)}",)
        )
    with suppress(OSError):  # nobody may be there any more
        theirs.send(found)
