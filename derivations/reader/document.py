"""A derivation file as Markdown: its parts, declarations, displays and remarks, as spans.

Everything else in the file is prose, comment or code, and kept as regions that are not read; the
paragraph right above a chain is kept with it. What is malformed, such as a display that is never
closed, spoils itself and nothing behind it.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field

from derivations.reader.elsewhere import CODE, COMMENT, FENCE, PROSE, Region
from derivations.reader.problem import Unreadable
from derivations.reader.source import Source, Span

GIVEN = "given"
MATHEMATICS = ("math", "latex", "tex")
UNNAMED = "line"
_HEADING = re.compile(r"(#+)\s+(.*)")
_PART = re.compile(r"\(([\w-]+)\)\s*(.*)")
_BULLET = re.compile(r"\s*[-*]\s+(.*)")
_FENCE = re.compile(r"\s*(`{3,}(?=[^`]*$)|~{3,})(.*)")
_ENDS_SECTION = re.compile(r"^[ \t]*(?:```|~~~|#{1,6}[ \t])", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_CONTINUES = re.compile(r"(?:\s|&|\\begin\{\w+\*?\})*=")


@dataclass(frozen=True)
class Display:
    """What stands between two ``$$``, and what is wrong with how it stands there."""

    span: Span
    problem: Unreadable | None = None


@dataclass
class Chain:
    """Displays that make up one chain of equalities, the remarks under it, the words above."""

    displays: list[Display] = field(default_factory=list)
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

    @property
    def displays(self) -> list[Display]:
        """All displays of the chains."""
        return [display for chain in self.chains for display in chain.displays]


@dataclass
class Document:
    """Declarations for all parts, the parts, what is malformed, and what is not read."""

    given: list[list[Span]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    problems: list[Unreadable] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)


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
        self.chain: Chain | None = None  # the last one of the part
        self.names: set[str] = set()
        self.unclosed: dict[str, int] = {}  # from how many signs on a fence has no end
        self.section_end, self.uneven = 0, False

    def read(self) -> Document:
        while self.lines:
            line = self.lines.popleft()
            text = line.text.strip()
            if fence := _FENCE.fullmatch(line.text):
                self._fence(line, fence[1], fence[2].strip())
            elif _HEADING.fullmatch(text):
                self._heading(line, text)
            elif "<!--" in text and "$$" not in text.partition("<!--")[0]:
                self._comment(line)
            elif "$$" in text:
                self._displays(line)
            elif self.after_display and (bullet := _BULLET.fullmatch(line.text)):
                self._remark(line, bullet.start(1))
            else:
                self.after_display = self.after_display and not text
                self._prose(line.start, line.end)
                self._paragraph(text)
        return self.document

    def _paragraph(self, text: str) -> None:
        """Keep the words of the paragraph that may stand right above a display."""
        if text and self.paragraph_over:
            self.words.clear()
        if text:
            self.words.append(text)
        self.paragraph_over = not text

    def _prose(self, start: int, end: int) -> None:
        """Prose goes on with the prose before it, so that a formula may break a line."""
        regions = self.document.regions
        last = regions[-1] if regions else None
        if last is not None and not last.kind and last.span.end == self._line_break(start):
            regions[-1] = Region(Span(self.source, last.span.start, end))
        else:
            regions.append(Region(Span(self.source, start, end), PROSE))

    def _line_break(self, start: int) -> int:
        """Where the line before the one that begins here ends."""
        breaks = 1 if self.source.text[start - 2 : start] != "\r\n" else 2
        return start - breaks

    def _skipped(self, inside: list[Span], kind: str) -> None:
        if inside:
            whole = Span(self.source, inside[0].start, inside[-1].end)
            self.document.regions.append(Region(whole, kind))

    def _fence(self, line: Span, mark: str, kind: str) -> None:
        self.words.clear()
        self.after_display = False
        inside = self._fenced(mark)
        if inside is None:
            said = line.text.strip()
            problem = Unreadable(line.place, said, "a block that is never closed", f"write {mark}")
            self.document.problems.append(problem)
            inside = []
            # declarations are given up at the first empty line, as prose and displays follow
            while self.lines and (kind != GIVEN or self.lines[0].text.strip()):
                inside.append(self.lines.popleft())
        if kind != GIVEN:
            self._skipped(inside, FENCE if kind in MATHEMATICS else CODE)
            return
        for each in inside:
            if each.text.lstrip().startswith("#"):
                self._skipped([each], COMMENT)
        if self.document.parts:
            self.document.parts[-1].content.append(inside)
        else:
            self.document.given.append(inside)

    def _fenced(self, mark: str) -> list[Span] | None:
        """The lines to the end of a block, taken from those to come; None if it has no end."""
        if len(mark) >= self.unclosed.get(mark[0], len(mark) + 1):
            return None
        closing = re.compile(rf"\s*{mark[0]}{{{len(mark)},}}\s*")
        for number, line in enumerate(self.lines):
            if closing.fullmatch(line.text):
                inside = [self.lines.popleft() for _ in range(number)]
                self.lines.popleft()
                return inside
        self.unclosed[mark[0]] = len(mark)
        return None

    def _heading(self, line: Span, text: str) -> None:
        self.after_display = False
        self.words.clear()
        self._prose(line.start, line.end)
        found = _PART.fullmatch(text.lstrip("#").strip())
        if found is None:
            return
        name, title = found[1], found[2]
        if name in self.names:
            what = "a part of this name is there already"
            problem = Unreadable(line.place, name, what, "give each part a name of its own")
            self.document.problems.append(problem)
        self.names.add(name)
        self.document.parts.append(Part(name, title))
        self.chain = None

    def _comment(self, line: Span) -> None:
        """From ``<!--`` to ``-->``; what stands behind it on its line is looked at by itself."""
        text, at = self.source.text, line.start
        while (start := text.find("<!--", at, line.end)) >= 0 and "$$" not in text[at:start]:
            if text[at:start].strip():
                self.after_display = False
                self._prose(at, start)
            end = -1 if "<" in self.unclosed else text.find("-->", start)
            if end < 0:
                self.unclosed["<"] = 1
                what, advice = "a comment that is never closed", "write -->"
                self.document.problems.append(
                    Unreadable(self.source.place(start), "<!--", what, advice)
                )
            at = end + 3 if end >= 0 else line.end
            inside = Span(self.source, start + 4, end if end >= 0 else line.end)
            self.document.regions.append(Region(inside, COMMENT))
            while self.lines and line.end < at:
                line = self.lines.popleft()
        rest = Span(self.source, at, line.end)
        if rest.text.strip():
            self.lines.appendleft(rest)

    def _displays(self, line: Span) -> None:
        """From ``$$`` to ``$$``, on one line or on several."""
        text = self.source.text
        before = line.start
        first = True
        while (opening := text.find("$$", before, line.end)) >= 0:
            if text[before:opening].strip():
                self._prose(before, opening)
            end, closed = self._closing(opening + 2)
            before = end + 2 if closed else end
            problem = None
            if not closed:
                what = "a display that is never closed"
                problem = Unreadable(self.source.place(opening), "$$", what, "close it with $$")
            if not first:
                what, advice = "a second display on one line", "give each a line of its own"
                problem = Unreadable(self.source.place(opening), "$$", what, advice)
            self._chained(Display(Span(self.source, opening + 2, end), problem), first=first)
            first = False
            while self.lines and line.end < before:
                line = self.lines.popleft()
        if text[before : line.end].strip():
            self._prose(before, line.end)

    def _closing(self, start: int) -> tuple[int, bool]:
        """Where the display that begins here ends, and whether it is closed there.

        In a section with an odd number of ``$$`` one is missing: there a blank line ends a
        display, as it does in LaTeX, so that what follows is not read inside out.
        """
        text = self.source.text
        if start > self.section_end:
            heading = _ENDS_SECTION.search(text, start)
            self.section_end = heading.start() if heading else len(text)
            self.uneven = text.count("$$", start - 2, self.section_end) % 2 == 1
        closing = text.find("$$", start, self.section_end)
        end = closing if closing >= 0 else self.section_end
        blank = _BLANK_LINE.search(text, start, end) if self.uneven else None
        if closing >= 0 and blank is None:
            return closing, True
        end = blank.start() if blank else end
        return start + len(text[start:end].rstrip()), False

    def _chained(self, display: Display, *, first: bool) -> None:
        if not self.document.parts:
            self.document.parts.append(Part(UNNAMED))
        part = self.document.parts[-1]
        continues = first and _CONTINUES.match(display.span.text) is not None
        if continues and self.chain is None:
            what = "there is nothing before it to equal"
            problem = Unreadable(display.span.place, "=", what, "write both sides")
            display = Display(display.span, display.problem or problem)
        if not continues or self.chain is None:
            self.chain = Chain(words=" ".join(self.words))
            part.content.append(self.chain)
        self.chain.displays.append(display)
        self.after_display = True
        self.words.clear()

    def _remark(self, line: Span, start: int) -> None:
        """A bullet under a display, with the indented lines that go on with it."""
        start += line.start
        end = line.end
        while self.lines and re.match(r"\s+[^\s*-]", self.lines[0].text):
            end = self.lines.popleft().end
        if self.chain is not None:
            self.chain.remarks.append(Span(self.source, start, end))
