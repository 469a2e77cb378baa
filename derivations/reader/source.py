"""The text of a file, and where in it something stands."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from derivations.reader.problem import Place


@dataclass(frozen=True)
class Source:
    """A whole text; pieces of it are spans of offsets."""

    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    def place(self, offset: int) -> Place:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return Place(line, offset - self._starts[line - 1] + 1)

    @property
    def whole(self) -> Span:
        """All of it."""
        return Span(self, 0, len(self.text))


@dataclass(frozen=True)
class Span:
    """A piece of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """What stands there."""
        return self.source.text[self.start : self.end]

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.source.place(self.start)

    @property
    def stripped(self) -> Span:
        """The same without blanks around it."""
        text = self.text
        return self.part(len(text) - len(text.lstrip()), len(text.rstrip()))

    def part(self, start: int, end: int) -> Span:
        """A piece of this piece, by offsets from its start."""
        return Span(self.source, self.start + start, self.start + end)
