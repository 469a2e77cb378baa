"""A piece of NumPy text, and how tightly it binds."""

from __future__ import annotations

from dataclasses import dataclass

COMPARISON, SUM, PRODUCT, UNARY, POWER, ATOM = range(-1, 5)


@dataclass(frozen=True)
class Text:
    """A Python expression; ``call`` are a function and its arguments where it is no more.

    ``parts`` are these arguments one by one, where they may stand on lines of their own.
    """

    code: str
    binding: int = ATOM
    call: tuple[str, str] | None = None
    parts: tuple[str, ...] = ()

    def within(self, binding: int) -> str:
        """The code, in parentheses unless it binds at least as tightly as ``binding``."""
        return self.code if self.binding >= binding else f"({self.code})"
