"""The inputs a kernel is tried on: every edge of the sizes, every coincidence of words.

Sizes: all different, all equal (N = d), each at its least (N = 1, d = 1, K = 0), all at their
least. Words: different where there are enough, all the same, one of them the word that another
argument names, or as they come. Numbers as in `numbers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import numpy as np
from numpy.random import Generator

from derivations.check.case import Case, members
from derivations.check.numbers import (
    LEVELS,
    MILD,
    PATTERNS,
    SCALES,
    Numbers,
    integers,
    plain,
    saturated,
)
from derivations.check.problem import Argument, BadArguments, Problem

DIFFERENT = (3, 4, 2)  # of sizes that do not count words, in order
VOCABULARY = 5
SQUARE = 3
WORDS = ("different", "repeated", "shared", "random")


def cases(problem: Problem, dtype: Any, seed: int, hard: bool, count: int) -> Iterator[Case]:
    """All of them, small and plain ones first; ``count`` random ones more."""
    rng = np.random.default_rng(seed)
    has_lists = any(one.is_integer and one.axes for one in problem.arguments)
    kinds = WORDS if has_lists else ("random", "random")
    whole = "integers", integers(2 if hard else 1)
    normal = "plain", plain(SCALES if hard else MILD)
    # the first kind with integers at one size, with plain numbers at the next
    settings = [
        (sizes, kind)
        for turn, sizes in enumerate(_sizes(problem))
        for kind in (kinds[::-1] if turn % 2 else kinds)
    ]
    usual = settings[0][0]
    for number, (sizes, words) in enumerate(settings):
        if sizes is usual or number % 2 == 0:
            yield _case(problem, sizes, words, whole, dtype, rng)
    for number, (sizes, words) in enumerate(settings):
        if sizes is usual or number % 2 == 1:
            yield _case(problem, sizes, words, normal, dtype, rng)
    if hard:
        turns = cycle(kinds)
        # without samples nothing else is beside a small loss
        bare = {**usual, **{n: low for n, (low, _) in _ranges(problem).items() if low == 0}}
        for levels in LEVELS:
            if bare != usual:
                yield _case(
                    problem,
                    bare,
                    "different",
                    ("saturated", saturated(levels, "leads")),
                    dtype,
                    rng,
                )
            for pattern in PATTERNS:
                yield _case(
                    problem,
                    usual,
                    next(turns),
                    ("saturated", saturated(levels, pattern)),
                    dtype,
                    rng,
                )
    for _, words in zip(range(count), cycle(kinds), strict=False):
        sizes = _drawn(problem, rng)
        yield _case(problem, sizes, words, normal, dtype, rng)


def _sizes(problem: Problem) -> list[dict[str, int]]:
    least = {name: low for name, (low, _) in _ranges(problem).items()}
    usual = _usual(problem)
    found = [usual, dict.fromkeys(usual, SQUARE)]
    found += [{**usual, name: low} for name, low in least.items()]
    found.append(least)
    found.append({**usual, **dict.fromkeys(_label_sizes(problem), 2)})
    return list({tuple(sizes.items()): sizes for sizes in found}.values())


def _usual(problem: Problem) -> dict[str, int]:
    labels = _label_sizes(problem)
    others = iter(cycle(DIFFERENT))
    return {name: VOCABULARY if name in labels else next(others) for name in _ranges(problem)}


def _drawn(problem: Problem, rng: Generator) -> dict[str, int]:
    ranges = _ranges(problem).items()
    return {name: int(rng.integers(low, high + 1)) for name, (low, high) in ranges}


def _ranges(problem: Problem) -> dict[str, tuple[int, int]]:
    """From where to where each size is tried."""
    found: dict[str, tuple[int, int]] = {}
    for space in problem.spaces:
        for size in sorted(space.upper.free_symbols | space.lower.free_symbols, key=str):
            low = 0 if space.symmetric or not space.inhabited else 1
            high = 6 if space in problem.labels else 4
            before = found.get(size.name, (0, high))
            found[size.name] = max(low, before[0]), max(high, before[1])
    return found


def _label_sizes(problem: Problem) -> set[str]:
    return {size.name for space in problem.labels for size in space.upper.free_symbols}


def _case(
    problem: Problem,
    sizes: dict[str, int],
    kind: str,
    numbers: tuple[str, Numbers],
    dtype: Any,
    rng: Generator,
) -> Case:
    words = _words(problem, sizes, kind, rng)
    shapes = {
        one.name: tuple(len(members(axis.space, sizes)) for axis in one.axes)
        for one in problem.arguments
    }
    name, draw = numbers
    floats = draw(problem, shapes, words, rng)
    cast = {name: np.asarray(value).astype(dtype) for name, value in floats.items()}
    scalars = {name: value[()] if value.ndim == 0 else value for name, value in cast.items()}
    every = {**scalars, **words}
    values = {one.name: every[one.name] for one in problem.arguments}
    traits = frozenset(_traits(problem, sizes, words)) | {name}
    return Case(sizes, values, np.dtype(dtype), traits)


def _words(problem: Problem, sizes: dict[str, int], kind: str, rng: Generator) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    single = [one for one in problem.arguments if one.is_integer and not one.axes]
    for one in single:
        chosen[one.name] = int(rng.integers(_count(one, sizes)))
    for one in (one for one in problem.arguments if one.is_integer and one.axes):
        shape = tuple(len(members(axis.space, sizes)) for axis in one.axes)
        many, total = _count(one, sizes), int(np.prod(shape))
        found = rng.integers(many, size=total)
        taken = [chosen[each.name] for each in single if each.space == one.space]
        free = [word for word in range(many) if word not in taken]
        if kind == "different" and total <= len(free):
            found = rng.permutation(free)[:total]
        if kind == "repeated" and total:
            found[:] = rng.choice(free) if free else found[0]
        if kind == "shared" and total and taken:
            found[0] = rng.choice(taken)
        chosen[one.name] = found.astype(np.int64).reshape(shape)
    return chosen


def _count(one: Argument, sizes: dict[str, int]) -> int:
    many = len(members(one.space, sizes))
    if many == 0:
        raise BadArguments(f"{one.name}: there is no {one.space.name} at sizes {sizes}")
    return many


def _traits(problem: Problem, sizes: dict[str, int], words: dict[str, Any]) -> Iterator[str]:
    single = [one for one in problem.arguments if one.is_integer and not one.axes]
    for one in problem.arguments:
        if one.is_integer and one.axes:
            listed = np.ravel(words[one.name]).tolist()
            twice = len(set(listed)) < len(listed)
            shared = [
                other.name
                for other in single
                if other.space == one.space and words[other.name] in listed
            ]
            if twice:
                yield f"repeats {one.name}"
            yield from (f"{name} in {one.name}" for name in shared)
            for name in (each.name for each in single if each.space == one.space):
                if twice or name in shared:
                    yield f"repeats {name} with {one.name}"
    for name, size in sizes.items():
        if size <= 1:
            yield f"{name} = {size}"
    counted = sorted(sizes)
    for n, first in enumerate(counted):
        for second in counted[n + 1 :]:
            if sizes[first] == sizes[second] > 1:
                yield f"{first} = {second}"
