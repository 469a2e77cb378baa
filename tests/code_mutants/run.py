"""What becomes of each mutant, in one process or several."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import process_time
from types import FrameType
from typing import Any
from zlib import crc32

from codegen.execute.chosen_cases import QUICK, Limits, Plan
from tests.code_mutants.edit import Edit
from tests.code_mutants.fork import in_forks
from tests.code_mutants.layers import argument_checks, hypothesis, symbolic
from tests.code_mutants.numbers import differs
from tests.code_mutants.package import imported, spoilt

SECONDS = 30.0  # of the processor's time, for each layer
SHARE = 4  # one of so many that symbols see is given to the properties as well
ENDLESS = "does not end"
MORE_SECONDS = 10.0  # for sizes beyond the quick plan
LARGER = Plan(most=3, sizes=12, each=Limits(1, 1, 1), few=Limits(1, 1, 1), paths=4)
ASKED = ("symbolic", "numbers", "bytes", "arguments", "asked")
LAYERS = 6  # that may each take all of their time


@dataclass(frozen=True)
class Fate:
    """What each layer said of a mutant: None where it saw nothing, or was not asked."""

    edit: Edit
    symbolic: str | None = None
    numbers: str | None = None
    bytes: str | None = None  # a kernel whose numbers are the same but for rounding
    arguments: str | None = None
    hypothesis: str | None = None
    asked: bool = False  # whether the properties were
    seconds: float = 0.0

    @property
    def missed(self) -> bool:
        """Whether other numbers come out, and running on symbols did not see it."""
        return self.symbolic is None and self.numbers is not None

    @property
    def late(self) -> bool:
        """Whether all that symbols see is that it takes too long, or too much memory."""
        return self.symbolic is not None and self.symbolic.startswith(ENDLESS)


def fate(edit: Edit) -> Fate:
    """What all layers say, asked in this process."""
    said: dict[str, Any] = {}
    ask(edit, lambda pair: said.update([pair]))
    return Fate(edit, **said)


def ask(edit: Edit, tell: Callable[[Any], None]) -> None:
    """Ask every layer and tell what it says: its name, and what it saw.

    The properties, which take longest, are asked of a share of what symbols see, too. What the
    first plan passes is run at more sizes as long as there is time.
    """
    start = process_time()
    texts = spoilt(edit)
    seen = _limited(lambda: symbolic(edit, texts, QUICK))
    if seen is None:
        seen = _limited(lambda: symbolic(edit, texts, LARGER), MORE_SECONDS, late=None)
    tell(("symbolic", seen))
    try:
        package = imported(texts)
    except Exception as error:
        tell(("numbers", f"the import fails: {type(error).__name__}"))
        return
    tell(("numbers", _limited(lambda: differs(edit, package))))
    tell(("bytes", _limited(lambda: differs(edit, package, 0.0))))
    tell(("arguments", _limited(lambda: argument_checks(edit, package))))
    asked = seen is None or crc32(str(edit).encode()) % SHARE == 0
    tell(("asked", asked))
    if asked:
        tell(("hypothesis", _limited(lambda: hypothesis(edit, package))))
    tell(("seconds", process_time() - start))


def false_alarm(file: str) -> str | None:
    """What a layer finds wrong with the files as they are; their examples are then at hand."""
    nothing = Edit(file, 0, "", "nothing", 0, 0, "", "")
    found = fate(nothing)
    return found.symbolic or found.numbers or found.bytes or found.arguments or found.hypothesis


class OutOfTime(BaseException):
    """The time for one layer is over; nothing on the way may take this for its own error."""


def _limited(
    layer: Callable[[], str | None], seconds: float | None = None, late: str | None = ENDLESS
) -> str | None:
    def over(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds or SECONDS)
    try:
        return layer()
    except OutOfTime:
        return late and f"{late}: more than {SECONDS:g} s"
    except MemoryError:
        return f"{ENDLESS}: out of memory"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def run(
    edits: Sequence[Edit],
    jobs: int = 1,
    progress: Callable[[Fate], None] = lambda fate: None,
) -> list[Fate]:
    """The fate of each, in the order of the edits; ``progress`` hears of every one as it ends."""
    found: dict[Edit, Fate] = {}
    for edit, told in in_forks(ask, edits, jobs, int(SECONDS * LAYERS)):
        said = dict(told)
        left = [layer for layer in ASKED if layer not in said]
        if left and not str(said.get("numbers")).startswith("the import fails"):
            said[left[0]] = f"{ENDLESS}: its process ended"
        found[edit] = Fate(edit, **said)
        progress(found[edit])
    return [found[edit] for edit in edits]
