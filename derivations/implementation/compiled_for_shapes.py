"""Functions that are compiled anew for every shape: fewer shapes, with all values at each.

`jax.jit` compiles so, for some tenths of a second each. What calls such a function tells nothing of
it, and is known by its times: the first call of a shape takes long, the next one does not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from statistics import median
from typing import Any

from derivations.implementation.around_blocks import AROUND, thousands
from derivations.implementation.question import Problem
from derivations.implementation.sizes import ranges, tried, usual

SHAPES = 3  # that are seen before times are judged
SLOW = 0.03  # seconds that nothing takes at these sizes but compiling
TIMES = 10  # as long as another call of the same shape
TOGETHER = (16, 17)


def says_so(function: Callable[..., Any]) -> bool:
    """Whether it has the methods of what `jax.jit` returns."""
    return all(hasattr(function, name) for name in ("lower", "eval_shape", "clear_cache"))


class Times:
    """How long the first call of every shape took, and the shortest of the others."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.known = says_so(function)
        self.first: dict[Hashable, float] = {}
        self.later: dict[Hashable, float] = {}

    def took(self, shape: Hashable, seconds: float) -> None:
        """One more call."""
        if shape in self.first:
            self.later[shape] = min(seconds, self.later.get(shape, seconds))
        else:
            self.first[shape] = seconds

    @property
    def compiled(self) -> bool:
        """Whether it is compiled for shapes, as far as is known by now."""
        both = [shape for shape in self.first if shape in self.later]
        if not self.known and len(both) >= SHAPES:
            first = median(self.first[shape] for shape in both)
            later = median(self.later[shape] for shape in both)
            self.known = first > max(SLOW, TIMES * later)
        return self.known


def few_small(problem: Problem, *, first: bool) -> list[dict[str, int]]:
    """The small sizes that are worth compiling for: usual, equal and least ones, no samples."""
    small = usual(problem)
    if not first:
        return [small]
    _, square, *_ = tried(problem)
    low = {name: least for name, (least, _) in ranges(problem).items()}
    return [small, square, low, {**small, **{n: 0 for n, least in low.items() if least == 0}}]


def few_large(problem: Problem) -> list[dict[str, int]]:
    """The large ones: all at once past a block, then each one by itself, words past eight bits."""
    small = usual(problem)
    labels = {size.name for space in problem.labels for size in space.upper.free_symbols}
    alone = [{**small, name: AROUND[-1]} for name in sorted(small, key=labels.__contains__)]
    return [*(dict.fromkeys(small, n) for n in TOGETHER), *thousands(problem), *alone]
