"""Every way that a run can go: a choice is made at each fork, and the run is repeated for others.

What a kernel returns has to be right on every path, possible or not: which word leads is chosen
freely, so that a result which is right for each choice does not depend on the scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import prod
from random import Random
from typing import TypeVar

T = TypeVar("T")


@dataclass
class Path:
    """The choices of one run: ``planned`` ones first, zero after them."""

    planned: tuple[int, ...] = ()
    taken: list[int] = field(default_factory=list)
    ways: list[int] = field(default_factory=list)

    def choose(self, ways: int) -> int:
        """A number below ``ways``."""
        if ways == 1:
            return 0
        place = len(self.taken)
        choice = self.planned[place] if place < len(self.planned) else 0
        self.taken.append(choice)
        self.ways.append(ways)
        return choice

    def following(self) -> Path | None:
        """The next path in order, if there is one."""
        for place in reversed(range(len(self.taken))):
            if self.taken[place] + 1 < self.ways[place]:
                return Path((*self.taken[:place], self.taken[place] + 1))
        return None


@dataclass
class Coverage:
    """How many runs were made, and whether they were all there are."""

    runs: int = 0
    all_paths: bool = True


def every_path(run: Callable[[Path], T], most: int, covered: Coverage) -> Iterator[T]:
    """``run`` on every path; on ``most`` of them drawn by a fixed seed where there are more.

    How many there are is read off the first run.
    """
    path: Path | None = Path()
    random = Random(0)
    for number in range(most):
        assert path is not None
        covered.runs += 1
        yield run(path)
        if number == 0 and prod(path.ways) > most:
            covered.all_paths = False
        if covered.all_paths:
            path = path.following()
            if path is None:
                return
        else:
            path = Path(tuple(random.randrange(ways) for ways in path.ways))
    covered.all_paths = covered.all_paths and path is None
