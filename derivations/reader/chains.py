"""A display as the sides of its equalities, with what stands beside them.

What cannot be read spoils the side that it stands in. Where it cannot be told what the sides are,
all of the display are spoilt, and its equalities are counted roughly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from lark import Token

from derivations.reader.bars import enclosing
from derivations.reader.document import Display
from derivations.reader.elsewhere import equality_signs
from derivations.reader.limits import MOST_LINES
from derivations.reader.problem import Place, Unreadable
from derivations.reader.rows import require_one_equality, rows
from derivations.reader.source import Span
from derivations.reader.tokens import place, tokenize

MOST_SHOWN = 200  # characters of what could not be read
EQUALITIES = ("=", r"\equiv")
_LABEL = re.compile(r"\s*\((?:[ivx]+|[a-z]|\d+)\)\s*\\q?quad\b")
_BEFORE = re.compile(r"^(?:\s|&|\\begin\{(?!\w*matrix)\w+\*?\}|\\\\)+")
_END_MARKS = ("COMMA", "DOT", "SEMI")
_NAME = re.compile(r"[A-Za-z][\w:-]*")  # of a label that an id can be made of
# signs of a condition, where a side cannot be read
_MAY_BE_CONDITION = re.compile(r"[<>≠≤≥∈∉=]|\\(?:ne|le|ge|in|notin|lt|gt|text|mbox|q?quad)")


@dataclass
class Side:
    """One side of an equality: its tokens, remarks in words behind it, and a label's name.

    ``problem`` is why it cannot be read, ``sign`` why the sign before it is no equality.
    """

    span: Span
    tokens: list[Token] = field(default_factory=list)
    remarks: list[list[Token]] = field(default_factory=list)
    name: str = ""
    problem: Unreadable | None = None
    sign: Unreadable | None = None

    @property
    def place(self) -> Place:
        """Where it begins."""
        return place(self.tokens[0]) if self.tokens else self.span.place

    @property
    def latex(self) -> str:
        """What is printed there, on one line."""
        pieces = [*self.tokens, *(token for remark in self.remarks for token in remark)]
        if not pieces:
            return _shortened(self.span.text) if self.problem else ""
        end = max(token.end_pos or 0 for token in pieces)
        return _one_line(self.span.source.text[self.span.start : end])

    @property
    def may_have_condition(self) -> bool:
        """Whether a condition may stand in it, as far as can be told of what is not read."""
        return _MAY_BE_CONDITION.search(self.span.text) is not None


def sides(displays: Iterable[Display]) -> list[Side]:
    """All sides of a chain, at least two; those that cannot be read have a problem."""
    found: list[Side] = []
    for display in displays:
        pieces = _pieces(display)
        first = pieces[0]
        if found and not first.tokens and not (first.problem and first.latex):
            pieces = pieces[1:]  # it goes on with the display before
        found.extend(pieces)
        if len(found) > MOST_LINES + 1:
            break  # the file is refused
    if len(found) < 2:
        (only,) = found
        what, advice = "a display without an equality", "use $...$ for a formula in the text"
        only.problem = only.problem or Unreadable(only.place, only.latex[:40], what, advice)
        found.append(Side(Span(only.span.source, only.span.end, only.span.end)))
    return found


def spoilt(display: Span, problem: Unreadable) -> list[Side]:
    """The sides that a display seems to have, none of which is read."""
    text = display.text
    signs = equality_signs(text)
    starts = [0, *(at + (1 if text[at] == "=" else len(EQUALITIES[1])) for at in signs)]
    pieces = [
        display.part(start, end).stripped
        for start, end in zip(starts, [*signs, len(text)], strict=True)
    ]
    return [Side(piece, problem=problem) for piece in pieces]


def _pieces(display: Display) -> list[Side]:
    if display.problem is not None:
        return spoilt(display.span, display.problem)
    try:
        return split(display.span)
    except Unreadable as problem:
        return spoilt(display.span, problem)


def split(display: Span) -> list[Side]:
    """The sides of one display, the first without tokens where it begins with a sign.

    Raises Unreadable where it cannot be told what the sides are.
    """
    label = _LABEL.match(display.text)
    span = display.part(label.end(), len(display.text)) if label else display
    unknown: dict[int, Unreadable] = {}
    tokens = tokenize(span, gaps=True, unknown=unknown)
    found = [Side(span)]
    for row in rows([token for token in tokens if token.type != "LABEL"]):
        require_one_equality(row, found[-1].tokens, first=not found[-1].tokens and len(found) == 1)
        remark = False
        for token, depth in zip(row, enclosing(row), strict=True):
            side = found[-1]
            if token.type == "RELATION" and depth == 0 and not remark:
                _open_side(token, found, span)
                continue
            if token.type == "UNKNOWN":
                side.problem = side.problem or unknown[token.start_pos or 0]
            if token.type == "TEXT":
                side.remarks.append([token])
                remark = True
            elif remark:
                side.remarks[-1].append(token)
            else:
                side.tokens.append(token)
    for token in tokens:
        if token.type == "LABEL" and _NAME.fullmatch(token.value):
            _name(token, found)
    for side in found:
        for words in (side.tokens, *side.remarks):
            while words and words[-1].type in _END_MARKS:
                words.pop()
    return found


def _name(label: Token, found: list[Side]) -> None:
    """A label is of the line whose right side it stands behind, or of the first one."""
    before = [side for side in found if side.span.start <= (label.start_pos or 0)]
    side = before[-1] if len(before) > 1 else found[min(1, len(found) - 1)]
    if side.name:
        what = "a second label of one line"
        raise Unreadable(place(label), label.value, what, "keep one of the two")
    side.name = label.value


def _open_side(token: Token, found: list[Side], span: Span) -> None:
    """The side behind a sign; one that is no equality is a problem of the two sides."""
    before = found[-1]
    side = Side(Span(span.source, token.end_pos or span.start, span.end))
    if token.value not in EQUALITIES:
        advice = "a condition stands in parentheses at the end of a side"
        what = "only equalities are judged"
        side.sign = Unreadable(place(token), token.value, what, advice)
    elif before.sign and not before.tokens:
        before.span = side.span  # the second half of <=
        return
    before.span = Span(span.source, before.span.start, token.start_pos or span.start)
    found.append(side)


def _one_line(text: str) -> str:
    return " ".join(_BEFORE.sub("", text, count=1).split())


def _shortened(text: str) -> str:
    shown = _one_line(text)
    return shown if len(shown) <= MOST_SHOWN else f"{shown[: MOST_SHOWN - 1]}…"
