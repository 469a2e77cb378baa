"""Fault isolation: pieces of work of which each may fail, without the others.

A piece that raises anything costs that piece. One that does not come to an end can only be ended
from outside, with its process: whoever started the process hears of every piece before it begins,
and starts another one in which that piece is given up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
TOO_DEEP = "it is nested too deep for this program"
TOO_LARGE = "it needs more memory than there is"
MOST_SAID = 200


class GivenUp(Exception):
    """A piece of work that came to no end of its own; the message says why."""


class Broken(Exception):
    """Memory or the stack ran out in some pieces: what was being built there may be half done."""

    def __init__(self, pieces: dict[int, str]) -> None:
        super().__init__(pieces)
        self.pieces = pieces


@dataclass
class Attempts:
    """Carries out one piece after the other; each has a number, the same in every process.

    ``given_up`` says why a piece is not tried; ``begin`` and ``end`` hear of each that is.
    ``broken`` are those in which memory or the stack ran out; ``number`` is that of the next.
    ``known`` is what an earlier process has told of what it found, by names; ``telling`` hears of
    what this one finds.
    """

    given_up: Mapping[int, str] = field(default_factory=dict)
    begin: Callable[[int], None] = lambda number: None
    end: Callable[[], None] = lambda: None
    broken: dict[int, str] = field(default_factory=dict)
    number: int = 0
    known: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    telling: Callable[[str, Mapping[str, Any]], None] = lambda name, found: None

    def tell(self, name: str, found: Mapping[str, Any]) -> None:
        """Something was found out that another process need not find out again: plain data."""
        self.known[name] = found
        self.telling(name, found)

    def __call__(self, piece: Callable[[], T], *passed: type[Exception]) -> T:
        """What the piece returns; raises GivenUp, or what it raises where that is ``passed``."""
        number, self.number = self.number, self.number + 1
        if number in self.given_up:
            raise GivenUp(self.given_up[number])
        self.begin(number)
        try:
            return piece()
        except passed:
            raise
        except (RecursionError, MemoryError) as error:
            self.broken[number] = what_happened(error)
            raise GivenUp(self.broken[number]) from error
        except Exception as error:
            raise GivenUp(what_happened(error)) from error
        finally:
            self.end()

    def require_sound(self) -> None:
        """Raise Broken where this process had better not go on."""
        if self.broken:
            raise Broken(self.broken)


def what_happened(error: BaseException) -> str:
    """An exception nobody expected, as a reason for a reader: never a traceback."""
    if isinstance(error, RecursionError):
        return TOO_DEEP
    if isinstance(error, MemoryError):
        return TOO_LARGE
    said = " ".join(str(error).split())[:MOST_SAID]
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return f"an error of this program, {text}{_where(error)}"


def _where(error: BaseException) -> str:
    """The innermost step that is of this project."""
    trace, found = error.__traceback__, ""
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if "derivations" in path.parts:
            found = f" ({'/'.join(path.parts[-2:])}:{trace.tb_lineno})"
        trace = trace.tb_next
    return found
