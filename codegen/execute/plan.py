"""How much is run: which sizes, how many choices of words at each, how many paths of each."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """How many cases a size may have.

    Every choice of words and windows is run where there are at most ``words``; else every pattern
    of equal words with every window, where there are at most ``patterns``; else ``drawn`` ones.
    """

    words: int
    patterns: int
    drawn: int


@dataclass(frozen=True)
class Plan:
    """Lengths up to ``most``, so many sizes, cases within ``each``, and paths of each case.

    Of more sizes than ``sizes`` some are drawn by a fixed seed. Where there are more than `MANY`,
    ``few`` says how many cases are run at each. Where ``longer`` is not 0, each axis has that
    length once besides, the others 1; it should be above ``most``.
    """

    most: int
    sizes: int
    each: Limits
    few: Limits
    paths: int
    longer: int = 0

    def chosen(self, every: list[T]) -> list[T]:
        """The sizes that are run, in order."""
        if len(every) <= self.sizes:
            return every
        drawn = Random(0).sample(range(len(every)), self.sizes)
        return [every[n] for n in sorted(drawn)]

    def at_each(self, every: list[T]) -> Limits:
        """How many cases each size gets."""
        return self.few if len(every) > MANY else self.each


MANY = 200
QUICK = Plan(most=2, sizes=36, each=Limits(4, 4, 4), few=Limits(1, 1, 1), paths=4, longer=3)
FULL = Plan(most=3, sizes=1296, each=Limits(125, 4000, 100), few=Limits(125, 250, 2), paths=729)
