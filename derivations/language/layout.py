"""Layout with precedence: pieces of text, and the parentheses they need where they stand.

Each printer numbers the levels of its language, from what holds together least. A piece stands in
parentheses exactly where its level is below the one that its surroundings ask for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True)
class Piece:
    """A piece of text, and how tightly it holds together."""

    text: str
    level: int

    @property
    def bracketed(self) -> Self:
        """The piece in parentheses."""
        return replace(self, text=f"({self.text})")

    def above(self, level: int) -> Self:
        """The piece, in parentheses unless it holds together at ``level``."""
        return self if self.level >= level else self.bracketed

    def within(self, level: int) -> str:
        """The text of the piece where its surroundings ask for ``level``."""
        return self.above(level).text


def sum_of(terms: Iterable[str], minus: str) -> str:
    """Terms in a row: what one begins with, if it is ``minus``, stands for the sign before it."""
    first, *others = terms
    signed = (
        f"{minus.strip()} {term.removeprefix(minus)}" if term.startswith(minus) else f"+ {term}"
        for term in others
    )
    return " ".join([first, *signed])
