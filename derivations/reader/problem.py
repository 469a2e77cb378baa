"""What cannot be read: where it stands, what it is, and what would settle it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Line and column in the file, both counted from one."""

    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


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
        at = f"{self.place}: at {self.token!r}: " if self.token else f"{self.place}: "
        return at + self.said

    @property
    def said(self) -> str:
        """What it is and what would settle it, without its place."""
        return self.what + (f"; {self.advice}" if self.advice else "")
