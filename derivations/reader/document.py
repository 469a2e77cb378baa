"""A derivation file as Markdown: its parts, declarations, displays and remarks, as spans.

Everything else in the file is prose, and not read; the paragraph right above a chain is kept.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from derivations.reader.problem import Unreadable
from derivations.reader.source import Source, Span

FENCE = "```"
GIVEN = "given"
_HEADING = re.compile(r"(#+)\s+(.*)")
_PART = re.compile(r"\(([\w-]+)\)\s*(.*)")
_BULLET = re.compile(r"\s*[-*]\s+(.*)")
_OTHER_DISPLAY = re.compile(r"^\\\[|\\begin\{(?:equation|align|gather|multline|eqnarray)\*?\}")
IN_DISPLAYS = "put it between $$ and $$"
UNNAMED = "line"


@dataclass
class Chain:
    """Displays that make up one chain of equalities, the remarks under it, the words above."""

    displays: list[Span] = field(default_factory=list)
    remarks: list[Span] = field(default_factory=list)
    words: str = ""


@dataclass
class Part:
    """A titled part: chains, and declarations that hold for the chains after them."""

    name: str
    title: str = ""
    content: list[Chain | list[Span]] = field(default_factory=list)

    @property
    def chains(self) -> list[Chain]:
        """The chains alone."""
        return [each for each in self.content if isinstance(each, Chain)]


@dataclass
class Document:
    """Declarations for all parts, and the parts."""

    given: list[Span] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def structure(source: Source) -> Document:
    """The parts of a file."""
    return _Structure(source).read()


class _Structure:
    """Goes through the lines of a file once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.document = Document()
        self.lines: deque[Span] = deque()
        start = 0
        for text in source.text.splitlines(keepends=True):
            self.lines.append(Span(source, start, start + len(text.rstrip("\r\n"))))
            start += len(text)
        self.after_display = False
        self.words: list[str] = []  # of the paragraph that may stand right above a display
        self.paragraph_over = False
        self.names: set[str] = set()

    def read(self) -> Document:
        while self.lines:
            line = self.lines.popleft()
            text = line.text.strip()
            if text.startswith(FENCE):
                self._fence(line)
            elif _HEADING.fullmatch(text):
                self._heading(line, text)
            elif "$$" in text:
                self._display(line)
            elif self.after_display and (bullet := _BULLET.fullmatch(line.text)):
                self._remark(line, bullet.start(1))
            elif _OTHER_DISPLAY.search(text):
                raise Unreadable(line.place, text[:40], "a display without $$", IN_DISPLAYS)
            elif text:
                self._prose(text)
            else:
                self.paragraph_over = True
        return self.document

    def _prose(self, text: str) -> None:
        self.after_display = False
        if self.paragraph_over:
            self.words.clear()
        self.words.append(text)
        self.paragraph_over = False

    def _fence(self, line: Span) -> None:
        self.words.clear()
        kind = line.text.strip().strip("`").strip()
        inside: list[Span] = []
        while self.lines and not self.lines[0].text.strip().startswith(FENCE):
            inside.append(self.lines.popleft())
        if not self.lines:
            raise Unreadable(line.place, line.text.strip(), "a block that is never closed")
        self.lines.popleft()
        self.after_display = False
        if kind in ("math", "latex", "tex"):
            raise Unreadable(line.place, line.text.strip(), "a display without $$", IN_DISPLAYS)
        if kind == GIVEN and self.document.parts:
            self.document.parts[-1].content.append(inside)
        elif kind == GIVEN:
            self.document.given.extend(inside)

    def _heading(self, line: Span, text: str) -> None:
        self.after_display = False
        self.words.clear()
        found = _PART.fullmatch(text.lstrip("#").strip())
        if found is None:
            return
        name, title = found[1], found[2]
        if name in self.names:
            raise Unreadable(line.place, name, "a part of this name is there already")
        self.names.add(name)
        self.document.parts.append(Part(name, title))

    def _display(self, line: Span) -> None:
        """From ``$$`` to ``$$``, on one line or on several."""
        start = line.start + line.text.index("$$") + 2
        end = self.source.text.find("$$", start)
        if end < 0:
            raise Unreadable(self.source.place(start - 2), "$$", "a display that is never closed")
        while self.lines and self.lines[0].start < end + 2:
            self.lines.popleft()
        rest_end = self.source.text.find("\n", end)
        rest = self.source.text[end + 2 : rest_end if rest_end >= 0 else None]
        if "$$" in rest:
            what = "a second display on one line"
            raise Unreadable(self.source.place(end + 2), "$$", what, "give each a line of its own")
        self._chained(Span(self.source, start, end))

    def _chained(self, display: Span) -> None:
        if not self.document.parts:
            self.document.parts.append(Part(UNNAMED))
        part = self.document.parts[-1]
        continues = re.match(r"(?:\s|&|\\begin\{\w+\*?\})*=", display.text) is not None
        if continues and not part.chains:
            raise Unreadable(display.place, "=", "there is nothing before it to equal")
        if not continues:
            part.content.append(Chain(words=" ".join(self.words)))
        part.chains[-1].displays.append(display)
        self.after_display = True
        self.words.clear()

    def _remark(self, line: Span, start: int) -> None:
        """A bullet under a display, with the indented lines that go on with it."""
        start += line.start
        end = line.end
        while self.lines and re.match(r"\s+[^\s*-]", self.lines[0].text):
            end = self.lines.popleft().end
        self.document.parts[-1].chains[-1].remarks.append(Span(self.source, start, end))
