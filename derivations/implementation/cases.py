"""The inputs a kernel is tried on: every edge of the sizes, every coincidence of words.

Sizes as in `sizes`, so that N = d, N = 1, d = 1 and K = 0 come up. Words: different where there
are enough, all the same, one of them the word that another argument names, or as they come.
Numbers as in `numbers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import numpy as np
from numpy.random import Generator

from derivations.implementation.case import Case, members
from derivations.implementation.drawn_from import within
from derivations.implementation.numbers import (
    LEVELS,
    MILD,
    ONLY,
    PATTERNS,
    SCALES,
    Numbers,
    integers,
    plain,
    saturated,
)
from derivations.implementation.question import Argument, BadArguments, Problem
from derivations.implementation.sizes import drawn, ranges, tried
from derivations.implementation.special_values import special
from derivations.implementation.traits import traits

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
        for turn, sizes in enumerate(tried(problem))
        for kind in (kinds[::-1] if turn % 2 else kinds)
    ]
    usual = settings[0][0]
    for number, (sizes, words) in enumerate(settings):
        if sizes is usual or number % 2 == 0:
            yield _case(problem, sizes, words, whole, dtype, rng)
    for number, (sizes, words) in enumerate(settings):
        if sizes is usual or number % 2 == 1:
            yield _case(problem, sizes, words, normal, dtype, rng)
    for kind, each in zip(cycle(kinds), special(problem, dtype, hard=hard), strict=False):
        drawn_so = each.trait, each.numbers
        yield _case(problem, usual, kind, drawn_so, dtype, rng, each.inside)
    if hard:
        turns = cycle(kinds)
        # without samples nothing else is beside a small loss
        bare = {**usual, **{n: low for n, (low, _) in ranges(problem).items() if low == 0}}
        for levels in LEVELS:
            if ONLY.get(levels, np.dtype(dtype).name) != np.dtype(dtype).name:
                continue
            if bare != usual:
                loud = "saturated", saturated(levels, "leads")
                yield _case(problem, bare, "different", loud, dtype, rng)
            for pattern in PATTERNS:
                loud = "saturated", saturated(levels, pattern)
                yield _case(problem, usual, next(turns), loud, dtype, rng)
    for _, words in zip(range(count), cycle(kinds), strict=False):
        sizes = drawn(problem, rng)
        yield _case(problem, sizes, words, normal, dtype, rng)


def _case(
    problem: Problem,
    sizes: dict[str, int],
    kind: str,
    numbers: tuple[str, Numbers],
    dtype: Any,
    rng: Generator,
    inside: frozenset[str] = frozenset(),
) -> Case:
    words = _words(problem, sizes, kind, rng)
    shapes = {
        one.name: tuple(len(members(axis.space, sizes)) for axis in one.axes)
        for one in problem.arguments
    }
    name, draw = numbers
    floats = draw(problem, shapes, words, rng)
    for one in problem.arguments:
        if one.name in floats.keys() - inside and not problem.domain(one).anywhere:
            floats[one.name] = within(problem.domain(one), floats[one.name], rng)
    cast = {name: np.asarray(value).astype(dtype) for name, value in floats.items()}
    scalars = {name: value[()] if value.ndim == 0 else value for name, value in cast.items()}
    every = {**scalars, **words}
    values = {one.name: every[one.name] for one in problem.arguments}
    special_here = frozenset(traits(problem, sizes, words)) | {name}
    return Case(sizes, values, np.dtype(dtype), special_here)


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
