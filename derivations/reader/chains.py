"""A display as the sides of its equalities, with what stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lark import Token

from derivations.reader.bars import step
from derivations.reader.problem import Place, Unreadable
from derivations.reader.rows import require_one_equality, rows
from derivations.reader.source import Span
from derivations.reader.tokens import place, tokenize

_LABEL = re.compile(r"\s*\((?:[ivx]+|[a-z]|\d+)\)\s*\\q?quad\b")
_BEFORE = re.compile(r"^(?:\s|&|\\begin\{(?!\w*matrix)\w+\*?\}|\\\\)+")
_END_MARKS = ("COMMA", "DOT", "SEMI")
_NAME = re.compile(r"[A-Za-z][\w:-]*")  # of a label that an id can be made of


@dataclass
class Side:
    """One side of an equality: its tokens, remarks in words behind it, and a label's name."""

    span: Span
    tokens: list[Token] = field(default_factory=list)
    remarks: list[list[Token]] = field(default_factory=list)
    name: str = ""

    @property
    def place(self) -> Place:
        """Where it begins."""
        return place(self.tokens[0]) if self.tokens else self.span.place

    @property
    def latex(self) -> str:
        """What is printed there, on one line."""
        pieces = [*self.tokens, *(token for remark in self.remarks for token in remark)]
        if not pieces:
            return ""
        end = max(token.end_pos or 0 for token in pieces)
        text = self.span.source.text[self.span.start : end]
        return " ".join(_BEFORE.sub("", text, count=1).split())


def sides(displays: list[Span]) -> list[Side]:
    """All sides of a chain; raises Unreadable where there is no equality."""
    found: list[Side] = []
    for display in displays:
        pieces = split(display)
        if found and not pieces[0].tokens:
            pieces = pieces[1:]
        found.extend(pieces)
    if len(found) < 2:
        what, advice = "a display without an equality", "use $...$ for a formula in the text"
        raise Unreadable(found[0].place, found[0].latex[:40], what, advice)
    return found


def split(display: Span) -> list[Side]:
    """The sides of one display, the first without tokens where it begins with a sign."""
    label = _LABEL.match(display.text)
    span = display.part(label.end(), len(display.text)) if label else display
    found = [Side(span)]
    tokens = tokenize(span, gaps=True)
    for row in rows([token for token in tokens if token.type != "LABEL"]):
        _add(row, found, span)
    for token in tokens:
        if token.type == "LABEL" and _NAME.fullmatch(token.value):
            _name(token, found)
    for side in found:
        for tokens in (side.tokens, *side.remarks):
            while tokens and tokens[-1].type in _END_MARKS:
                tokens.pop()
    return found


def _add(row: list[Token], found: list[Side], span: Span) -> None:
    """One row more of a display: it goes on with the last side, or begins with a sign."""
    require_one_equality(row, found[-1].tokens, first=not found[-1].tokens and len(found) == 1)
    depth, remark = 0, False
    for token in row:
        depth += step(token)
        if token.type == "TEXT":
            found[-1].remarks.append([token])
            remark = True
        elif remark:
            found[-1].remarks[-1].append(token)
        elif token.type == "RELATION" and depth == 0:
            found.append(_next(token, span))
        else:
            found[-1].tokens.append(token)


def _name(label: Token, found: list[Side]) -> None:
    """A label is of the line whose right side it stands behind, or of the first one."""
    before = [side for side in found if side.span.start <= (label.start_pos or 0)]
    side = before[-1] if len(before) > 1 else found[min(1, len(found) - 1)]
    if side.name:
        what = "a second label of one line"
        raise Unreadable(place(label), label.value, what, "keep one of the two")
    side.name = label.value


def _next(token: Token, span: Span) -> Side:
    if token.value not in ("=", r"\equiv"):
        advice = "a condition stands in parentheses at the end of a side"
        raise Unreadable(place(token), token.value, "only equalities are judged", advice)
    return Side(span.part((token.end_pos or span.start) - span.start, span.end - span.start))
