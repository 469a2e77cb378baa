"""Equalities that stand where none is judged: found and counted, not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from derivations.reader.paragraph import COMMENT, PROSE, Piece, pieces
from derivations.reader.problem import Place
from derivations.reader.source import Span
from derivations.reader.vocabulary import DEFINING

PLAIN = "plain text"
MOST_SHOWN = 60

_BLANK = re.compile(r"\n[ \t\r]*(?=\n)")
_PLAIN_SIGN = re.compile(r"(?<=\s)=(?=\s)")
_SIGNS = re.compile(
    r"\\(?:begin|end)\s*\{[^{}\n]{0,40}\}|\\[A-Za-z]+|\\."
    r"|(?<!\\)%[^\n]*|<=|>=|!=|==+|[(){}\[\]=]",
    re.DOTALL,
)
SIGN = re.compile(rf"=|\\(?:equiv|{'|'.join(sorted(DEFINING))})(?![A-Za-z])")  # of an equality
_COMMENT = re.compile(r"(?<!\\)%([^\n]*)")
_CLOSES = {")": "(", "]": "[", "}": "{", r"\}": r"\{"}


@dataclass(frozen=True)
class Elsewhere:
    """A formula, or a sign alone, with so many equalities; ``kind`` says what it stands in."""

    place: Place
    kind: str
    text: str
    count: int

    def __str__(self) -> str:
        return f"{self.place}: {self.kind}: {self.text}"


@dataclass(frozen=True)
class Region:
    """A formula that is not read, or words, where only a sign between blanks counts."""

    span: Span
    kind: str
    formula: bool = True


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
        if SIGN.fullmatch(sign):
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


def elsewhere(skipped: list[Region]) -> list[Elsewhere]:
    """All equalities of what is not read, as they stand in the file."""
    found = [each for region in skipped for each in _of_region(region)]
    return sorted(found, key=lambda each: each.place)


def comments_of(display: Span) -> Iterator[Elsewhere]:
    """The equalities behind a ``%`` of a display."""
    for found in _COMMENT.finditer(display.text):
        yield from _formula(display.part(*found.span(1)), COMMENT)


def regions(span: Span, kind: str = "") -> Iterator[Region]:
    """What there may be of equalities in a text; all of it is of the kind, where one is given."""
    text, start = span.text, 0
    for blank in (*_BLANK.finditer(text), None):
        end = blank.start() if blank else len(text)
        for piece in pieces(span.part(start, end)):
            yield from region_of(piece, kind)
        start = end


def region_of(piece: Piece, kind: str = "") -> Iterator[Region]:
    """The same of a piece of a paragraph."""
    if piece.kind == COMMENT:
        yield from regions(piece.span, COMMENT)
    elif piece.kind == PROSE:
        yield Region(piece.span, kind or PLAIN, formula=False)
    else:
        yield Region(piece.span, kind or piece.kind)


def _of_region(region: Region) -> Iterator[Elsewhere]:
    if region.formula:
        yield from _formula(region.span, region.kind)
        return
    for sign in _PLAIN_SIGN.finditer(region.span.text):
        yield Elsewhere(region.span.part(*sign.span()).place, region.kind, "=", 1)


def _formula(span: Span, kind: str) -> Iterator[Elsewhere]:
    count = len(equality_signs(span.text))
    if count:
        shown = " ".join(span.text.split())
        shown = shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 1]}…"
        yield Elsewhere(span.stripped.place, kind, shown, count)
