"""Equalities that stand outside of displays between ``$$``: found and counted, not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from derivations.reader.problem import Place, Unreadable
from derivations.reader.source import Span
from derivations.reader.vocabulary import ALIGNED

PROSE = ""
INLINE, PLAIN = "inline", "plain text"
BRACKETS, PARENTHESES, ENVIRONMENT = r"\[ \]", r"\( \)", r"\begin{ }"
FENCE, CODE, COMMENT = "```math", "code", "comment"
DISPLAYED = frozenset({BRACKETS, ENVIRONMENT, FENCE})
ENVIRONMENTS = ALIGNED | {"displaymath", "math", "flalign", "flalign*", "alignat", "alignat*"}
MOST_SHOWN = 60
ADVICE = "put it between $$ and $$"

_BLANK = re.compile(r"\n[ \t\r]*(?=\n)")
_OPENS = re.compile(
    r"<!--|\$\$|(?<![\\$])\$(?=[^\s$])|\\\[|\\\(|\\begin\{([A-Za-z]+\*?)\}|`+|(?<=\s)=(?=\s)"
)
_INSIDE_DOLLARS = re.compile(r"((?:\\.|[^$\\])*+)(?<!\s)\$(?!\d)", re.DOTALL)
_SIGNS = re.compile(
    r"\\(?:begin|end)\s*\{[^{}\n]{0,40}\}|\\equiv(?![A-Za-z])|\\[A-Za-z]+|\\."
    r"|(?<!\\)%[^\n]*|<=|>=|!=|==+|[(){}\[\]=]",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?<!\\)%([^\n]*)")
_CLOSES = {")": "(", "]": "[", "}": "{", r"\}": r"\{"}


@dataclass(frozen=True)
class Elsewhere:
    """A formula, or a sign alone, with so many equalities; ``kind`` says what it stands in."""

    place: Place
    kind: str
    text: str
    count: int

    @property
    def displayed(self) -> bool:
        """Whether it is printed as a line of its own, as what is judged is."""
        return self.kind in DISPLAYED

    @property
    def problem(self) -> Unreadable:
        """Why it is not judged."""
        return Unreadable(self.place, self.text, "a display without $$", ADVICE)


@dataclass(frozen=True)
class Region:
    """A piece of a file that is not read: prose, a comment, a block of code."""

    span: Span
    kind: str = PROSE


def equality_signs(formula: str) -> list[int]:
    """The offsets of the signs that seem to be equalities of a formula, brackets being closed.

    A rough reading, for what cannot be read: those within closed brackets, as below a sum, are
    none; a bracket that is not closed groups nothing.
    """
    signs: list[int] = []
    depth_changes: dict[int, int] = {}
    opened: list[tuple[str, int]] = []
    for found in _SIGNS.finditer(formula):
        sign = found.group()
        if sign in ("=", r"\equiv"):
            signs.append(found.start())
        elif sign in _CLOSES.values():
            opened.append((sign, found.start()))
        elif sign in _CLOSES and opened and opened[-1][0] == _CLOSES[sign]:
            _, start = opened.pop()
            depth_changes[start], depth_changes[found.start()] = 1, -1
    at = sorted(depth_changes)
    depths = list(accumulate(depth_changes[offset] for offset in at))
    found_signs, before = [], 0
    for offset in signs:
        while before < len(at) and at[before] < offset:
            before += 1
        if before == 0 or depths[before - 1] == 0:
            found_signs.append(offset)
    return found_signs


def elsewhere(regions: list[Region]) -> list[Elsewhere]:
    """All equalities of what is not read, as they stand in the file."""
    found = [each for region in regions for each in _of_region(region)]
    return sorted(found, key=lambda each: each.place)


def comments_of(display: Span) -> Iterator[Elsewhere]:
    """The equalities behind a ``%`` of a display."""
    for found in _COMMENT.finditer(display.text):
        yield from _formula(display.part(*found.span(1)), COMMENT)


def _of_region(region: Region) -> Iterator[Elsewhere]:
    if region.kind == FENCE:
        yield from _formula(region.span, FENCE)
        return
    text, start = region.span.text, 0
    for blank in (*_BLANK.finditer(text), None):
        end = blank.start() if blank else len(text)
        for each in _of_paragraph(region.span.part(start, end)):
            yield (
                each
                if not region.kind
                else Elsewhere(each.place, region.kind, each.text, each.count)
            )
        start = end


def _of_paragraph(paragraph: Span) -> Iterator[Elsewhere]:
    """The formulas of a paragraph; one that is never closed reaches to its end."""
    text, at = paragraph.text, 0
    while opening := _OPENS.search(text, at):
        at = opening.end()
        mark = opening.group()
        if mark == "=":
            yield Elsewhere(paragraph.part(opening.start(), at).place, PLAIN, "=", 1)
            continue
        if mark == "$":
            inside = _INSIDE_DOLLARS.match(text, at)
            if inside is None:
                continue  # a sign of money
            end, kind, closed = inside.end(1), INLINE, inside.end()
        else:
            kind, closing = _delimited(mark, opening[1])
            if not closing:
                continue  # an environment of text
            end = text.find(closing, at)
            end = end if end >= 0 else len(text)
            closed = end + len(closing)
        yield from _formula(paragraph.part(at, end), kind)
        at = closed


def _delimited(mark: str, environment: str | None) -> tuple[str, str]:
    """What an opening begins, and what closes it."""
    if environment is not None:
        closing = f"\\end{{{environment}}}" if environment in ENVIRONMENTS else ""
        return ENVIRONMENT, closing
    if mark.startswith("`"):
        return CODE, mark
    return {
        "<!--": (COMMENT, "-->"),
        "$$": (INLINE, "$$"),
        r"\[": (BRACKETS, r"\]"),
        r"\(": (PARENTHESES, r"\)"),
    }[mark]


def _formula(span: Span, kind: str) -> Iterator[Elsewhere]:
    count = len(equality_signs(span.text))
    if count:
        shown = " ".join(span.text.split())
        shown = shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 1]}…"
        yield Elsewhere(span.stripped.place, kind, shown, count)
