"""Large inputs, around sizes of blocks; fewer where a function is compiled for each shape."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import combinations, count
from statistics import median
from typing import Any

import numpy as np

from derivations.implementation.inputs import Case, members, ranges, traits, tried, usual
from derivations.implementation.question import Argument, Drawn, Problem, drawn

# Large inputs: at sizes around what code does in blocks, drawn so that one line of text is each.
#
# Every size is tried around powers of two up to 256 while the others are small, then all of them
# at 8, 16 and 17, every two of them past 64, and a vocabulary at a few thousand with rows of 17.
# Numbers are normal, of a scale at which inner products are about 1.


AROUND = (7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 127, 128, 129, 255, 256, 257)
FEWER = (8, 17, 33, 129, 257)  # in the precisions after the first
TOGETHER = (8, 16, 17)
TWO = (70, 66)  # what has room for 64 of something overflows
THOUSANDS, ROW = 4099, 17
More = Mapping[str, tuple[int, ...]]
WORDS = ("random", "downward", "different", "same")


def large_sizes(problem: Problem, more: More, *, first: bool) -> list[dict[str, int]]:
    """Which sizes, the smallest first; fewer in the precisions after the first."""
    small = usual(problem)
    around = AROUND if first else FEWER
    found = [{**small, name: n} for name in small for n in around]
    found += [dict.fromkeys(small, n) for n in (TOGETHER if first else TOGETHER[:1])]
    found += [small | dict(zip(two, TWO, strict=True)) for two in combinations(small, 2) if first]
    found += thousands(problem)
    found += asked_for(problem, more)
    low = {name: least for name, (least, _) in ranges(problem).items()}
    return [sizes for sizes in found if all(n >= low[name] for name, n in sizes.items())]


def thousands(problem: Problem) -> list[dict[str, int]]:
    """A few thousand words, with rows so long that a place in all of them is past 16 bits."""
    small, found = usual(problem), []
    for name in sorted(size.name for space in problem.labels for size in space.upper.free_symbols):
        rows = {
            str(axis.space.upper)
            for one in problem.arguments
            if not one.is_integer and name in {str(axis.space.upper) for axis in one.axes}
            for axis in one.axes
        }
        found.append({**small, **dict.fromkeys(rows & small.keys(), ROW), name: THOUSANDS})
    return found


def asked_for(problem: Problem, more: More) -> list[dict[str, int]]:
    """Each size that is asked for, while the others are small."""
    return [{**usual(problem), name: n} for name, each in more.items() for n in each]


def large_cases(
    problem: Problem, dtype: Any, seed: int, each_size: Iterable[dict[str, int]]
) -> Iterator[Case]:
    """The inputs at some sizes; each argument with the text that makes it."""
    fresh = count(seed + 1)
    for turn, sizes in enumerate(each_size):
        kind = WORDS[turn % len(WORDS)]
        made = {
            one.name: (
                _words(one, sizes, kind, turn, next(fresh), problem)
                if one.is_integer
                else _numbers(one, sizes, dtype, next(fresh), problem)
            )
            for one in problem.arguments
        }
        values = {name: each.value for name, each in made.items()}
        texts = {name: each.text for name, each in made.items()}
        special = {"large", f"{kind} words"} if problem.labels else {"large"}
        special |= {*traits(problem, sizes, values)}
        yield Case(sizes, values, np.dtype(dtype), frozenset(special), texts)


def _numbers(
    one: Argument, sizes: dict[str, int], dtype: Any, seed: int, problem: Problem
) -> Drawn:
    shape = tuple(len(members(axis.space, sizes)) for axis in one.axes)
    return drawn(problem.domain(one), shape, np.dtype(dtype), seed)


def _words(
    one: Argument, sizes: dict[str, int], kind: str, turn: int, seed: int, problem: Problem
) -> Drawn:
    many = len(members(one.space, sizes))
    shape = tuple(len(members(axis.space, sizes)) for axis in one.axes)
    if not shape:
        word = (many - 1, many // 2, 0 if many <= AROUND[-1] else 2 * many // 3)[turn % 3]
        return Drawn(word, str(word))
    total = int(np.prod(shape))
    rng = np.random.default_rng(seed)
    text = f"np.random.default_rng({seed})"
    if kind == "different" and total <= many:
        found = rng.permutation(many)[:total].reshape(shape)
        return Drawn(found, f"{text}.permutation({many})[:{total}].reshape({shape})")
    if kind == "downward":
        found = (many - 1 - np.arange(total) % many).reshape(shape)
        return Drawn(found, f"({many - 1} - np.arange({total}) % {many}).reshape({shape})")
    if kind == "same":
        return Drawn(np.full(shape, many - 1), f"np.full({shape}, {many - 1})")
    return Drawn(rng.integers(many, size=shape), f"{text}.integers({many}, size={shape})")


# Functions that are compiled anew for every shape: fewer shapes, with all values at each.
#
# `jax.jit` compiles so, for some tenths of a second each. What calls such a function tells
# nothing of it, and is known by its times: the first call of a shape takes long, the next one
# does not.


SHAPES = 3  # that are seen before times are judged
SLOW = 0.03  # seconds that nothing takes at these sizes but compiling
TIMES = 10  # as long as another call of the same shape
COMPILED_TOGETHER = (16, 17)


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
    return [*(dict.fromkeys(small, n) for n in COMPILED_TOGETHER), *thousands(problem), *alone]
