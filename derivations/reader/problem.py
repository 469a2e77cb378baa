"""What cannot be read: where it stands, what it is, and what would settle it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Page:
    """A piece of what is read with lines of its own: a cell, or another file; in reading order."""

    number: int
    name: str


@dataclass(frozen=True)
class Place:
    """Line and column, both counted from one, in the file itself or on a page."""

    line: int = 1
    column: int = 1
    page: Page | None = None

    def __str__(self) -> str:
        return f"{self.within}{':' if self.page else ''}{self.line}:{self.column}"

    def __lt__(self, other: Place) -> bool:
        return self._order < other._order

    @property
    def within(self) -> str:
        """The name of the page; empty for the file itself."""
        return self.page.name if self.page else ""

    @property
    def row(self) -> str:
        """The line in words: ``line 3``, ``cell 2, line 3``."""
        return f"{self.within}{', ' if self.page else ''}line {self.line}"

    @property
    def _order(self) -> tuple[int, int, int]:
        return (self.page.number if self.page else 0, self.line, self.column)


class Unreadable(ValueError):
    """Text outside what the reader takes; ``advice`` says what would settle it.

    ``follows`` says that it fails only because something before it could not be read.
    """

    def __init__(
        self, place: Place, token: str, what: str, advice: str = "", *, follows: bool = False
    ) -> None:
        super().__init__(what)
        self.place, self.token, self.what, self.advice = place, token, what, advice
        self.follows = follows

    def __str__(self) -> str:
        at = f"{self.place}: at {self.seen}: " if self.token else f"{self.place}: "
        return at + self.said

    @property
    def seen(self) -> str:
        """What stands there in quotation marks, on one line."""
        mark = '"' if "'" in self.token else "'"
        return f"{mark}{' '.join(self.token.split())}{mark}"

    @property
    def said(self) -> str:
        """What it is and what would settle it, without its place."""
        return self.what + (f"; {self.advice}" if self.advice else "")


class Question(Unreadable):
    """What an author may mean otherwise than it was read: no line falls by how it was read.

    It arises only where the letter ``free`` is free in the line, and where no condition says
    whether the two letters ``apart`` are one; ``unless_it_fits``, only where the sides do not fit.
    """

    free: str = ""
    apart: frozenset[str] = frozenset()
    unless_it_fits: bool = False


class Saying(Question):
    """A line may say what its left side is, which nothing else says; so it is no claim."""


class HowFar(Question):
    """A sum over ``letter`` may be meant to reach over a term behind it that has the letter."""

    letter: str = ""


class Implied(Question):
    """A name is introduced behind a sign of implication: is it so without what implies it?"""


class AnyValues(Question):
    """The values of a recurrence are read as any: what is false of these may be true of its own.

    What falls at a member where all is written out is false.
    """
