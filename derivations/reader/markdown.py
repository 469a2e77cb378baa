"""Markdown, and notebooks of it: which block of text is what, as a library of Markdown says.

Only its division into blocks is used; each block keeps the lines that it was made of, without the
signs of quotations around it, so that the place of everything in it is known. One rule is added:
a display may be laid out over lines that would be something else, and over empty ones.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.rules_block import (
    StateBlock,
    code,
    fence,
    heading,
    html_block,
    lheading,
    paragraph,
)
from markdown_it.token import Token

from derivations.reader.latex_commands import GIVEN_WORDS, MATHEMATICS
from derivations.reader.macros import with_openings
from derivations.reader.prose import (
    DISPLAY,
    DISPLAY_BEGINS,
    bold_heading,
    closing_of,
    heading_of,
    pieces,
)
from derivations.reader.segmentation import Writer
from derivations.reader.source import NoFile, Page, Source, Span, Unreadable, joined, paged

MOST_NESTED = 60  # lists and quotations within one another
TEXT = "mathematics"
_Rule = Callable[[StateBlock, int, int, bool], bool]
_ENDS_SECTION = re.compile(r"^[ \t]*(?:```|~~~|#{1,6}[ \t])", re.MULTILINE)
_UNREAD = re.compile(r"\s*(?:<(?:pre|script|style|textarea)\b)", re.IGNORECASE)
_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\S*)")
_TITLE = re.compile(r"\s*(#{1,6})\s+")
_ENDS = ("paragraph", "reference", "blockquote", "list")  # what a display may end


def write_markdown(span: Span, writer: Writer) -> None:
    """Tell a writer what stands in a piece of Markdown."""
    span = with_openings(span, writer.openings)
    text = span.text
    parser = _parser()
    tokens: list[Token] = []
    parser.block.parse(text, parser, {"sections": _Sections(text)}, tokens)
    _Blocks(span, tokens, writer).write()


class _Blocks:
    """Goes through the blocks once."""

    def __init__(self, span: Span, tokens: Sequence[Token], writer: Writer) -> None:
        self.span, self.tokens, self.writer = span, tokens, writer
        self.lines = span.lines()
        self.told = 0  # lines

    def write(self) -> None:
        """Tell all of it."""
        remarks = 0  # level of the list that stands under a display, whose bullets are remarks
        bullet = False
        for token in self.tokens:
            if token.type == "bullet_list_open":
                remarks = remarks or (token.level + 1) * self.writer.after_display
            elif token.type == "bullet_list_close" and token.level + 1 == remarks:
                remarks = 0
            elif token.type == "list_item_open":
                bullet = token.markup in "-*+" and (remarks > 0 or self.writer.after_display)
            elif token.type in _LEAVES and token.map:
                self._untold(token.map[0])
                self.told = token.map[1]
                lines = self._lines(token)
                if lines:
                    self._leaf(token, joined(lines), lines, remark=bullet)
                bullet = False
        self._untold(len(self.lines))

    def _leaf(self, token: Token, whole: Span, lines: list[Span], *, remark: bool) -> None:
        writer = self.writer
        if token.type == "fence":
            self._fence(token, lines)
        elif token.type == "code_block" or _UNREAD.match(whole.text):
            writer.block(whole)
        elif token.type in ("heading_open", "lheading_open"):
            title = _TITLE.match(whole.text)
            name = whole.part(title.end(), len(whole.text)) if title else whole
            writer.title(heading_of(name, int(token.tag[1:])))
            writer.paragraph(name)
            writer.forget()
        elif remark and token.type == "paragraph_open":
            writer.remark(whole.stripped)
        else:
            bold = bold_heading(whole) if token.type == "paragraph_open" else None
            if bold is not None:
                writer.title(bold)
            writer.paragraph(whole)

    def _fence(self, token: Token, lines: list[Span]) -> None:
        word = _first_word(token)
        first, *inside = lines
        if inside and _closes(token, inside[-1].text):
            inside.pop()
        else:
            what = "a block that is never closed"
            place, said = first.place, first.text.strip()
            problem = Unreadable(place, said, what, f"write {token.markup}")
            self.writer.document.problems.append(problem)
        if word in GIVEN_WORDS:
            self.writer.given(inside)
        elif inside and word in MATHEMATICS:
            self.writer.display(joined(inside))
        elif inside:
            self.writer.block(joined(inside))

    def _lines(self, token: Token) -> list[Span]:
        marks: list[tuple[int, int]] = token.meta.get("lines", [])
        return [self.span.part(start, max(start, end)) for start, end in marks]

    def _untold(self, until: int) -> None:
        """Lines that belong to no block, such as those nested too deep, are text as well."""
        lines = [each for each in self.lines[self.told : until] if each.text.strip(" \t>*-+_=")]
        if lines:
            self.writer.paragraph(joined(lines))


_LEAVES = frozenset(
    {"fence", "code_block", "heading_open", "html_block", "paragraph_open", "mathematics"}
)


class _Sections:
    """Where displays of a text end, looked for once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end, self.uneven = -1, False
        self.next: dict[str, int] = {}
        self.last_comment_end = text.rfind("-->")

    @cached_property
    def _fences(self) -> dict[str, tuple[list[int], list[int]]]:
        """What may close a fence, by its sign: offsets, and the longest from there on."""
        found: dict[str, tuple[list[int], list[int]]] = {}
        for sign in "`~":
            marks = list(
                re.finditer(rf"(?<!{sign}){sign}{{3,}}(?=[ \t]*$)", self.text, re.MULTILINE)
            )
            lengths = [mark.end() - mark.start() for mark in marks]
            longest = list(accumulate(reversed(lengths), max))[::-1]
            found[sign] = ([mark.start() for mark in marks], longest)
        return found

    def may_close(self, sign: str, length: int, start: int) -> bool:
        """Whether a fence that begins here may have an end."""
        offsets, longest = self._fences[sign]
        after = bisect_left(offsets, start)
        return after < len(offsets) and longest[after] >= length

    def closing(self, mark: str, start: int) -> int:
        """Where a mark comes next before a heading or a block; -1 where it does not."""
        self._enter(start)
        found = self.next.get(mark, -1)
        if found < start:
            found = self.text.find(mark, start)
            found = self.next[mark] = found if found >= 0 else len(self.text)
        return found if found < self.end else -1

    def is_uneven(self, start: int) -> bool:
        """Whether one ``$$`` is missing in this section: then empty lines end displays.

        As in LaTeX, and so that what follows is not read inside out.
        """
        self._enter(start)
        return self.uneven

    def _enter(self, start: int) -> None:
        if start > self.end:
            found = _ENDS_SECTION.search(self.text, start)
            self.end = found.start() if found else len(self.text)
            self.uneven = self.text.count("$$", max(start - 2, 0), self.end) % 2 == 1


def _display(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """Lines with a display, from the one in which it begins to the one in which it ends."""
    if state.is_code_block(first):
        return False
    start, end = _marks(state, first)
    line = Source(state.src[start:end])
    if not DISPLAY_BEGINS.search(line.text):
        return False
    if silent:
        return any(piece.kind == DISPLAY for piece in pieces(line.whole))
    at = _end(state, first, last)
    if at is None:
        return False
    state.line = at
    token = state.push(TEXT, "", 0)
    token.map = [first, at]
    return True


def _end(state: StateBlock, first: int, last: int) -> int | None:
    """The line behind the displays that begin in a line; None if none does."""
    sections: _Sections = state.env["sections"]
    at = first
    begins, end = _marks(state, at)
    found = False
    while True:
        text = Source(state.src[begins:end]).whole
        unclosed = None
        for piece in pieces(text):
            if piece.kind == DISPLAY:
                found = True
                unclosed = piece if piece.problem is not None else None
        if unclosed is None:
            return at + 1 if found else None
        opening = _opening(text.text, unclosed.span.start)
        mark = closing_of(opening)[1]
        inside = begins + opening.end()
        closing = sections.closing(mark, inside)
        closed = _line_of(state, at, last, closing) if closing >= 0 else last
        uneven = mark == "$$" and sections.is_uneven(inside)
        for number in range(at + 1, min(closed + 1, last)):
            blank = state.isEmpty(number)
            dedented = not blank and state.sCount[number] < state.blkIndent
            if dedented or (blank and (uneven or closing < 0 or closed >= last)):
                return number
        if closing < 0 or closed >= last:
            return last
        at, begins = closed, closing + len(mark)
        end = state.eMarks[at]


def _opening(text: str, before: int) -> re.Match[str]:
    """The mark that begins a display which has its inside here, or a bit further on."""
    found = [each for each in DISPLAY_BEGINS.finditer(text) if each.end() <= before]
    return found[-1]


def _line_of(state: StateBlock, first: int, last: int, offset: int) -> int:
    return bisect_left(state.eMarks, offset, first, last)


def _marks(state: StateBlock, line: int) -> tuple[int, int]:
    return state.bMarks[line] + state.tShift[line], state.eMarks[line]


def _html(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """HTML; a comment that is never closed is none, or all that follows would be one."""
    start, _ = _marks(state, first)
    sections: _Sections = state.env["sections"]
    if state.src.startswith("<!--", start) and sections.last_comment_end < start:
        return False
    return html_block(state, first, last, silent)


def _closes(token: Token, line: str) -> bool:
    mark = token.markup
    return re.fullmatch(rf"\s*{re.escape(mark[0])}{{{len(mark)},}}\s*", line) is not None


def _first_word(token: Token) -> str:
    return token.info.strip().lower().partition(" ")[0]


def _fence(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A fenced block; declarations that are never closed end at the first empty line."""
    if silent:
        return fence(state, first, last, silent)
    start, end = _marks(state, first)
    mark = _FENCE.match(state.src, start, end)
    if mark is None:
        return False
    given = mark[2].lower() in GIVEN_WORDS
    empty = (number for number in range(first, last) if state.isEmpty(number))
    sections: _Sections = state.env["sections"]
    if given and not sections.may_close(mark[1][0], len(mark[1]), mark.end()):
        return fence(state, first, next(empty, last), silent)
    if not fence(state, first, last, silent):
        return False
    token = state.tokens[-1]
    start, end = _marks(state, state.line - 1)
    if given and (state.line - 1 == first or not _closes(token, state.src[start:end])):
        state.line = min(state.line, next(empty, last))
        token.map = [first, state.line]
    return True


def _placed(rule: _Rule) -> _Rule:
    """A rule whose blocks keep the lines that they are made of."""

    def run(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        before = len(state.tokens)
        if not rule(state, first, last, silent):
            return False
        for token in () if silent else state.tokens[before:]:
            if token.map and token.nesting >= 0:
                token.meta["lines"] = [_marks(state, n) for n in range(*token.map)]
        return True

    return run


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MOST_NESTED})
    rules = parser.block.ruler
    ends = {name: list(_ENDS) for name in ("fence",)} | {
        name: list(_ENDS[:3]) for name in ("html_block", "heading")
    }
    every: dict[str, _Rule] = {
        "code": code,
        "fence": _fence,
        "html_block": _html,
        "heading": heading,
        "lheading": lheading,
        "paragraph": paragraph,
    }
    for name, rule in every.items():
        rules.at(name, _placed(rule), {"alt": ends.get(name, [])})
    rules.before("lheading", TEXT, _placed(_display), {"alt": list(_ENDS)})
    parser.disable("reference")
    return parser


# A notebook: its Markdown cells, one after the other; code and what it printed are not read.


RAW = "raw cell"


def write_notebook(text: str, writer: Writer) -> None:
    """Tell a writer what stands in the cells; raises NoFile for what is no notebook."""
    cells = [(n, *cell) for n, cell in enumerate(_cells(text), 1) if any(cell)]
    source = paged((said or raw, Page(number, f"cell {number}")) for number, said, raw in cells)
    starts = [start for start, _ in source.pages]
    ends = [*starts[1:], len(source.text)]
    for start, end, (_, said, _) in zip(starts, ends, cells, strict=True):
        if said:
            write_markdown(Span(source, start, end), writer)
        else:
            writer.skipped(Span(source, start, end), RAW)


def _cells(text: str) -> list[tuple[str, str]]:
    """The text of each cell that is Markdown, and of each that is raw; empty for all others."""
    try:
        notebook = json.loads(text)
        cells = notebook["cells"] if "cells" in notebook else notebook["worksheets"][0]["cells"]
        kinds = [cell["cell_type"] for cell in cells]
        texts = [_said(cell.get("source", "")) for cell in cells]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise NoFile("no notebook: no cells can be found in it") from None
    return [
        (said if kind == "markdown" else "", said if kind == "raw" else "")
        for kind, said in zip(kinds, texts, strict=True)
    ]


def _said(source: object) -> str:
    lines = source if isinstance(source, list) else [source]
    said = "".join(line for line in lines if isinstance(line, str))
    return said.replace("\r\n", "\n").replace("\r", "\n")
