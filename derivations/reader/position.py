"""Where a text is being read, and the pieces that stand there."""

from __future__ import annotations

import re

from lark import Token

from derivations.reader.problem import Place, Unreadable
from derivations.reader.source import Span


class Sign(Token):
    """A token that knows its place; lines and columns alone do not tell the page."""

    place: Place = Place()

    @classmethod
    def placed(cls, kind: str, value: str, start: int | None, end: int | None, at: Place) -> Sign:
        """A token of text that stands between these offsets of its source."""
        made = cls(kind, value, start_pos=start, end_pos=end, line=at.line, column=at.column)
        made.place = at
        return made


def place_of(token: Token) -> Place:
    """Where a token stands."""
    return token.place if isinstance(token, Sign) else Place(token.line or 1, token.column or 1)


def retyped(token: Token, kind: str) -> Token:
    """The same token as one of another kind."""
    return Sign.placed(kind, token.value, token.start_pos, token.end_pos, place_of(token))


class Position:
    """A place in a span that moves from left to right."""

    def __init__(self, span: Span) -> None:
        self.span, self.text, self.at = span, span.text, 0
        self.environments: list[str] = []  # that are still to be closed
        self.evaluated: list[bool] = []  # for each open \left, whether it is \left. ... \right|
        self.arguments = 0  # of a \frac that are still to come: \frac12 is one half
        self.before = ""  # the kind of the last token
        self.below = False  # whether it is in the braces of a subscript
        self.labelled: dict[int, str] = {}  # where braces over or under something end
        self.texts: list[int] = []  # where the \text ends that a formula stands in

    def _token(self, kind: str, value: str, start: int) -> Token:
        first = self.span.start + start
        where = self.span.source.place(first)
        return Sign.placed(kind, value, first, self.span.start + self.at, where)

    def _refuse(self, start: int, token: str, what: str, advice: str = "") -> Unreadable:
        return Unreadable(self.span.source.place(self.span.start + start), token, what, advice)

    def _argument(self, start: int, name: str) -> str:
        """The text in braces after a command; braces nest."""
        opening = re.compile(r"\s*\{").match(self.text, self.at)
        if opening is None:
            single = re.compile(r"\s*([A-Za-z0-9])").match(self.text, self.at)
            if single is None:
                raise self._refuse(
                    start, f"\\{name}", "its argument is missing", "put it in braces"
                )
            self.at = single.end()
            return single[1]
        self.at = self._closing(opening.end(), start, name)
        return self.text[opening.end() : self.at - 1]

    def _closing(self, at: int, start: int, name: str) -> int:
        """Where the braces that opened before ``at`` are closed; braces nest."""
        depth = 1
        while depth:
            if at >= len(self.text):
                what = "a brace that is never closed"
                raise self._refuse(start, f"\\{name}", what, "write } where its argument ends")
            if self.text[at] == "\\":
                at += 1
            else:
                depth += {"{": 1, "}": -1}.get(self.text[at], 0)
            at += 1
        return at
