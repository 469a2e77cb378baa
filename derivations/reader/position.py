"""Where a text is being read, and the pieces that stand there."""

from __future__ import annotations

import re

from lark import Token

from derivations.reader.problem import Unreadable
from derivations.reader.source import Span


class Position:
    """A place in a span that moves from left to right."""

    def __init__(self, span: Span) -> None:
        self.span, self.text, self.at = span, span.text, 0
        self.environments: list[str] = []  # that are still to be closed
        self.arguments = 0  # of a \frac that are still to come: \frac12 is one half

    def _token(self, kind: str, value: str, start: int) -> Token:
        where = self.span.source.place(self.span.start + start)
        return Token(
            kind,
            value,
            start_pos=self.span.start + start,
            end_pos=self.span.start + self.at,
            line=where.line,
            column=where.column,
        )

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
        depth, at = 1, opening.end()
        while depth:
            if at >= len(self.text):
                raise self._refuse(start, f"\\{name}", "a brace that is never closed")
            depth += {"{": 1, "}": -1}.get(self.text[at], 0)
            at += 1
        self.at = at
        return self.text[opening.end() : at - 1]
