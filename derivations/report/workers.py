"""Work in processes that can be ended: a time and memory limit on each piece, also inside C code.

A process does one piece after the other. One that does not come to an end in time, that needs more
memory than it may have, that crashes or in which anything is raised is replaced, and the piece that
it was at is Stopped; the others are not touched. The time is the processor's, so that a verdict
does not turn on how busy the machine is; by the clock a piece may take three times as long.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from typing import IO, TYPE_CHECKING

from derivations.reader.source import Attempts, Broken, what_happened
from derivations.report.stdio import PROGRAM_ERROR

if TYPE_CHECKING:
    from derivations.claim import Evidence

if sys.platform != "win32" and sys.platform != "emscripten":
    import resource

BUSY = 3  # how much longer a piece may take by the clock than of the processor's time
MEBIBYTE = 2**20
WORDS = 2000  # last bytes of what a process says that are looked at
FORKS = sys.platform != "emscripten" and "fork" in multiprocessing.get_all_start_methods()
Work = Callable[[str], object]


@dataclass(frozen=True)
class Stopped:
    """A piece of work that came to no end: why, and after how long by the clock."""

    reason: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Limits:
    """What one piece of work may take: seconds of the processor's time, MiB of memory.

    Where the system has no such limits there is only one on the clock.
    """

    seconds: float = 10.0
    memory: int = 1024

    @property
    def clock(self) -> float:
        """The seconds it may take by the clock."""
        return BUSY * self.seconds if hasattr(signal, "setitimer") else self.seconds

    @property
    def too_long(self) -> str:
        """The reason of what was stopped for its time."""
        return f"it takes more than {self.seconds:g} s (--budget)"

    @property
    def too_large(self) -> str:
        """The reason of what was stopped for its memory."""
        return f"it needs more than {self.memory} MiB of memory (--memory)"

    def begin(self) -> None:
        """From now on this process is ended when the time is over."""
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, self.seconds)

    def end(self) -> None:
        """The time no longer counts."""
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, 0)

    def confine(self) -> None:
        """From now on this process gets so much memory, and no more."""
        size = Path("/proc/self/statm")
        if sys.platform != "win32" and sys.platform != "emscripten" and size.exists():
            pages = int(size.read_text(encoding="ascii").split()[0])
            most = pages * resource.getpagesize() + self.memory * MEBIBYTE
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))

    def release(self) -> None:
        """Lift the bound on memory again, to be able to tell that it was met."""
        if sys.platform != "win32" and sys.platform != "emscripten":
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))

    def raised(self, error: BaseException) -> str:
        """The reason of what was stopped by an exception."""
        return self.too_large if isinstance(error, MemoryError) else what_happened(error)

    def ended(self, process: BaseProcess, words: str = "") -> str:
        """The reason why a process has ended by itself; ``words`` is the last that it said."""
        process.join()
        code = process.exitcode or 0
        if code >= 0:
            return f"its process ended with code {code}: an error of this program"
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = f"signal {-code}"
        if name == "SIGPROF":
            return self.too_long
        # GMP and FLINT say so, and abort
        if name == "SIGABRT" and "memory" in words.lower():
            return self.too_large
        if name == "SIGKILL":
            return "its process was killed from outside, perhaps for want of memory"
        return f"its process crashed ({name}): an error of this program, or of a library"


def run(
    prepare: Callable[[], Work],
    shares: Iterable[Iterable[str]],
    limits: Limits,
    processes: int,
    done: Callable[[str, object], None],
) -> None:
    """Do all pieces of work; those of a share one after the other in one process.

    ``prepare`` is called once in each process, and what it gives back is called with the name of
    a piece; what that gives back must be plain data. ``done`` hears of each piece in the order
    that they end in, with its value or a Stopped.
    """
    waiting = deque(deque(share) for share in shares)
    workers: list[_Worker] = []
    try:
        while waiting or workers:
            while waiting and len(workers) < processes:
                share = waiting.popleft()
                if share:
                    workers.append(_Worker(prepare, limits, share, workers))
            for worker in _ready(workers):
                if isinstance(worker.outcome, Stopped):
                    spent = monotonic() - worker.began
                    worker.outcome = replace(worker.outcome, seconds=spent)
                done(worker.share.popleft(), worker.outcome)
                if not worker.share and not worker.over and waiting:
                    worker.share = waiting.popleft()
                if worker.share and not worker.over:
                    worker.go_on()
                    continue
                workers.remove(worker)
                worker.kill()
                if worker.share:
                    waiting.appendleft(worker.share)
    finally:
        for worker in workers:
            worker.kill()


def _ready(workers: Sequence[_Worker]) -> list[_Worker]:
    """Those that have something to tell, or whose time is over."""
    if not workers:
        return []
    first = min(worker.late for worker in workers)
    parent = multiprocessing.parent_process()
    ends = [parent.sentinel] if parent is not None else []
    told = wait([*(worker.ours for worker in workers), *ends], max(first - monotonic(), 0))
    if parent is not None and parent.sentinel in told:
        raise SystemExit(1)  # nobody is there who would hear of it
    found = []
    for worker in workers:
        if worker.ours in told:
            worker.hear()
        elif monotonic() >= worker.late:
            worker.give_up()
        else:
            continue
        found.append(worker)
    return found


class _Worker:
    """One process, the pieces of work it has before it, and what came of the first of them."""

    def __init__(
        self,
        prepare: Callable[[], Work],
        limits: Limits,
        share: deque[str],
        others: Sequence[_Worker],
    ) -> None:
        self.limits, self.share = limits, share
        self.outcome: object = None
        self.over = False
        self.ours, theirs = multiprocessing.Pipe()
        self.words = TemporaryFile() if FORKS else None  # noqa: SIM115  # closed in `kill`
        inherited = [each.ours for each in (*others, self)] if FORKS else []
        arguments = (theirs, inherited, prepare, limits, self.words)
        # the pipes of the others are closed, so that each ends with the process that has it
        self.process = started(_serve, arguments, daemon=True)
        theirs.close()
        self.go_on()

    def go_on(self) -> None:
        """Begin with the next piece."""
        self.began = monotonic()
        with suppress(OSError):  # it is over already, as will be heard
            self.ours.send(self.share[0])

    @property
    def late(self) -> float:
        """When the time is over by the clock."""
        return self.began + self.limits.clock

    def hear(self) -> None:
        """What the process tells; what it was at is stopped where it has ended."""
        try:
            self.outcome = self.ours.recv()
        except (EOFError, OSError):
            self.outcome = Stopped(self.limits.ended(self.process, self._last_words()))
        self.over = isinstance(self.outcome, Stopped)

    def give_up(self) -> None:
        """The time is over by the clock."""
        self.kill()
        self.outcome, self.over = Stopped(self.limits.too_long), True

    def _last_words(self) -> str:
        if self.words is None:
            return ""
        self.process.join()
        size = self.words.seek(0, os.SEEK_END)
        self.words.seek(max(size - WORDS, 0))
        return self.words.read().decode("utf-8", "replace")

    def kill(self) -> None:
        """End the process whatever it is at."""
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.ours.close()
        if self.words is not None:
            self.words.close()


def _serve(
    theirs: Connection,
    inherited: Sequence[Connection],
    prepare: Callable[[], Work],
    limits: Limits,
    words: IO[bytes] | None,
) -> None:
    """What a process does: one piece of work after the other."""
    leave_interrupts_to_parent()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for each in inherited:
        each.close()
    if words is not None:
        for stream in (1, 2):  # what C code says before it aborts is not for the reader
            os.dup2(words.fileno(), stream)
    work = prepare()
    limits.confine()
    while True:
        try:
            name = theirs.recv()
        except EOFError:
            return
        limits.begin()
        outcome = outcome_of(work, name, limits)
        limits.end()
        if isinstance(outcome, Stopped):
            limits.release()
        try:
            theirs.send(outcome)
        except Exception as error:  # it is too large to be sent, or nobody is there
            with suppress(OSError):
                theirs.send(Stopped(limits.raised(error)))
            return
        if isinstance(outcome, Stopped):
            return  # what was raised may have left something half done


def outcome_of(work: Work, name: str, limits: Limits) -> object:
    """What a piece of work gives back, or why it does not."""
    try:
        return work(name)
    except Exception as error:
        return Stopped(limits.raised(error))


def started(
    target: Callable[..., None], arguments: tuple[object, ...], *, daemon: bool
) -> BaseProcess:
    """A new process, forked where that can be done."""
    process: BaseProcess
    if FORKS:
        fork = multiprocessing.get_context("fork")
        process = fork.Process(target=target, args=arguments, daemon=daemon)
    else:
        spawn = multiprocessing.get_context("spawn")
        process = spawn.Process(target=target, args=arguments, daemon=daemon)
    with interrupts_held():
        process.start()
    return process


def leave_interrupts_to_parent() -> None:
    """Ignore interrupts: who started this process ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Interrupts wait until the end; a process forked meanwhile never takes one.

    Between its fork and `leave_interrupts_to_parent` a process would answer with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# The whole of a run in a process of its own, watched from outside.
#
# Reading a file cannot be left to worker processes, as what it makes stays where it is made. So the
# process that reads tells of each piece before it begins with it; where it does not come to the end
# of one it is replaced by another, in which that piece is given up. The watching process imports
# nothing heavy, so that the first of them costs a fork of a small process, and the others are rare.


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
    """What a process has found out, and would find out again, by a name."""

    name: str
    found: Evidence


Run = Callable[[Attempts], Answer]


def answer(run: Run, limits: Limits) -> Answer:
    """What a run comes to, with the pieces given up that come to no end within the limits."""
    given_up: dict[int, str] = {}
    known: dict[str, Evidence] = {}
    while True:
        found = _once(run, limits, given_up, known)
        if isinstance(found, Answer):
            return found
        given_up |= found


def _once(
    run: Run, limits: Limits, given_up: dict[int, str], known: dict[str, Evidence]
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
    ours: Connection, process: BaseProcess, limits: Limits, known: dict[str, Evidence]
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
            return _unheard_of(reason)
        if isinstance(told, Answer | dict):
            return told
        if isinstance(told, Told):
            known[told.name] = told.found
            continue
        piece, late = told, monotonic() + limits.clock


def _unheard_of(reason: str) -> Answer:
    return Answer(PROGRAM_ERROR, complaints=(f"this should not happen: {reason}",))


def _end(*_: object) -> None:
    """End the workers and this process; what is raised in a handler may be told, and lost."""
    for worker in multiprocessing.active_children():
        worker.kill()
    os._exit(1)


def _session(
    theirs: Connection,
    run: Run,
    limits: Limits,
    given_up: dict[int, str],
    known: dict[str, Evidence],
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

    def tell(name: str, found: Evidence) -> None:
        theirs.send(Told(name, found))

    confined: list[bool] = []
    try:
        found: Answer | dict[int, str] = run(
            Attempts(given_up, begin, end, known=known, telling=tell)
        )
    except Broken as broken:
        found = broken.pieces
    except Exception as error:
        found = _unheard_of(limits.raised(error))
    with suppress(OSError):  # nobody may be there any more
        theirs.send(found)
