"""The text of a file, and where in it something stands.

What is read need not stand in the file as it is: signs of a quotation are left out, macros written
out. Such a text knows for each of its characters where in the author's text it comes from.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from derivations.reader.problem import Page, Place

_BRACES = re.compile(r"\\.|%[^\n]*|[{}]", re.DOTALL)


@dataclass(frozen=True, eq=False)
class Source:
    """A whole text; pieces of it are spans of offsets.

    ``pages`` are the offsets where a page begins. A text that was made of another one has that
    for its ``author``, and ``at`` has the offset there of each character, and of the end.
    """

    text: str
    pages: tuple[tuple[int, Page | None], ...] = ()
    author: Source | None = None
    at: Sequence[int] = ()

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    @cached_property
    def braces(self) -> dict[int, int]:
        """Where each brace that is closed is closed, as LaTeX counts them."""
        found: dict[int, int] = {}
        opened: list[int] = []
        for brace in _BRACES.finditer(self.text):
            if brace.group() == "{":
                opened.append(brace.start())
            elif brace.group() == "}" and opened:
                found[opened.pop()] = brace.start()
        return found

    def place(self, offset: int) -> Place:
        """Line and column of an offset."""
        if self.author is not None:
            return self.author.place(self.at[offset])
        line = bisect_right(self._starts, offset)
        column = offset - self._starts[line - 1] + 1
        page = bisect_right(self.pages, offset, key=lambda each: each[0])
        if page == 0:
            return Place(line, column)
        start, name = self.pages[page - 1]
        return Place(line - bisect_right(self._starts, start) + 1, column, name)

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

    @property
    def offsets(self) -> Sequence[int]:
        """For each character, where in the author's text it comes from."""
        if self.source.author is not None:
            return self.source.at[self.start : self.end]
        return range(self.start, self.end)

    def lines(self) -> list[Span]:
        """Its lines, without what ends them."""
        found, start = [], 0
        for line in self.text.split("\n"):
            found.append(self.part(start, start + len(line)))
            start += len(line) + 1
        return found


def joined(lines: Sequence[Span]) -> Span:
    """Lines of one source as one piece: of that source, if nothing but blanks is left out."""
    first, last = lines[0], lines[-1]
    text = first.source.text
    if all(not text[one.end : other.start].strip() for one, other in pairwise(lines)):
        return Span(first.source, first.start, last.end)
    made = Made(first.source)
    for line in lines:
        if made.pieces:
            made.add("\n", at=line)
        made.add(line)
    return made.source(last).whole


class Made:
    """A text in the making, from pieces of another one and from what stands for a piece of it."""

    def __init__(self, source: Source) -> None:
        self.author = source.author or source
        self.pieces: list[str] = []
        self.at = array("q")

    @property
    def length(self) -> int:
        """How many characters there are."""
        return len(self.at)

    def add(self, what: Span | str, at: Span | None = None) -> None:
        """A piece as it stands there, or words that stand for the place of a piece."""
        if isinstance(what, str):
            assert at is not None
            self.pieces.append(what)
            self.at.extend([origin(at)] * len(what))
        else:
            self.pieces.append(what.text)
            self.at.extend(what.offsets)

    def source(self, last: Span) -> Source:
        """All of it; it ends where ``last`` ends."""
        end = last.source.at[last.end] if last.source.author is not None else last.end
        return Source("".join(self.pieces), author=self.author, at=array("q", [*self.at, end]))


def without(span: Span, sign: str) -> Span:
    """A piece without some sign of one character."""
    made = Made(span.source)
    start = 0
    for piece in span.text.split(sign):
        made.add(span.part(start, start + len(piece)))
        start += len(piece) + 1
    return made.source(Span(span.source, span.end, span.end)).whole


def origin(span: Span) -> int:
    """Where in the author's text a piece begins."""
    return span.source.at[span.start] if span.source.author is not None else span.start


def paged(pages: Iterable[tuple[str, Page | None]]) -> Source:
    """Texts one after the other, each on a page of its own."""
    texts: list[str] = []
    starts: list[tuple[int, Page | None]] = []
    length = 0
    for text, page in pages:
        text = text if text.endswith("\n") else f"{text}\n"
        starts.append((length, page))
        texts.append(text)
        length += len(text)
    return Source("".join(texts), tuple(starts))
