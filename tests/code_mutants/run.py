"""What becomes of each mutant, in one process or several."""

from __future__ import annotations

import multiprocessing
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from types import FrameType
from zlib import crc32

from tests.code_mutants.edit import Edit
from tests.code_mutants.layers import argument_checks, hypothesis, symbolic
from tests.code_mutants.numbers import differs
from tests.code_mutants.package import imported, spoilt

SECONDS = 30.0  # of the processor's time, for each layer
SHARE = 4  # one of so many that symbols see is given to the properties as well
BYTES = 8 * 2**30  # what a process may allocate: a spoilt size asks for more


@dataclass(frozen=True)
class Fate:
    """What each layer said of a mutant: None where it saw nothing, or was not asked."""

    edit: Edit
    symbolic: str | None
    hypothesis: str | None
    arguments: str | None
    numbers: str | None
    asked: bool = True  # whether the properties were
    seconds: float = 0.0

    @property
    def missed(self) -> bool:
        """Whether other numbers come out, and running on symbols did not see it."""
        return self.symbolic is None and self.numbers is not None

    @property
    def survives(self) -> bool:
        """Whether no layer saw anything."""
        return not (self.symbolic or self.hypothesis or self.arguments or self.numbers)


def fate(edit: Edit) -> Fate:
    """Ask every layer; the properties, which take longest, of a share of what symbols see."""
    start = perf_counter()
    texts = spoilt(edit)
    on_symbols = _limited(lambda: symbolic(edit, texts))
    try:
        package = imported(texts)
    except Exception as error:
        why = f"the import fails: {type(error).__name__}"
        return Fate(edit, on_symbols, why, why, why, True, perf_counter() - start)
    asked = on_symbols is None or crc32(str(edit).encode()) % SHARE == 0
    properties = _limited(lambda: hypothesis(edit, package)) if asked else None
    arguments = _limited(lambda: argument_checks(edit, package))
    numbers = _limited(lambda: differs(edit, package))
    seconds = perf_counter() - start
    return Fate(edit, on_symbols, properties, arguments, numbers, asked, seconds)


def false_alarm(file: str) -> str | None:
    """What a layer finds wrong with the files as they are; their examples are then at hand."""
    nothing = Edit(file, 0, "", "nothing", 0, 0, "", "")
    found = fate(nothing)
    return found.symbolic or found.hypothesis or found.arguments or found.numbers


class OutOfTime(BaseException):
    """The time for one layer is over; nothing on the way may take this for its own error."""


def _limited(layer: Callable[[], str | None]) -> str | None:
    def over(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        return layer()
    except OutOfTime:
        return f"not done within {SECONDS:g} s"
    except MemoryError:
        return "out of memory"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def run(
    edits: Sequence[Edit],
    jobs: int = 1,
    progress: Callable[[Fate], None] = lambda fate: None,
) -> list[Fate]:
    """The fate of each; ``progress`` hears of every one."""
    found = []
    for one in _fates(edits, jobs):
        found.append(one)
        progress(one)
    return found


def _fates(edits: Sequence[Edit], jobs: int) -> Iterator[Fate]:
    if jobs == 1:
        yield from map(fate, edits)
        return
    with multiprocessing.get_context("fork").Pool(jobs, _restrain) as pool:
        yield from pool.imap(fate, edits, 4)


def _restrain() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
