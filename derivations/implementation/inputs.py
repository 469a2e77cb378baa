"""Inputs a kernel is tried on: every edge of the sizes, every coincidence of words."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import cycle, product
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

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
    special,
)
from derivations.implementation.question import Argument, BadArguments, Problem, within
from derivations.indices import IndexSet
from derivations.proof.evaluate import Instance, Places

# One input: sizes, words and numbers, as an instance and as the arrays a kernel is given.


Array = NDArray[Any]
LONG = 100_000  # characters that no small input has
DEGENERATE = 150  # characters that one is glad to read more for


@dataclass(frozen=True, eq=False)
class Case:
    """``values`` holds each argument, words counted from zero; ``traits`` what is special here.

    ``texts`` are short texts that make the arguments, of large ones.
    """

    sizes: dict[str, int]
    values: dict[str, Any]
    dtype: Any
    traits: frozenset[str] = field(default_factory=frozenset)
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_large(self) -> bool:
        """Whether it is one of those that are drawn by a line of text."""
        return "large" in self.traits

    @property
    def is_far(self) -> bool:
        """Whether one array is large and the others as small."""
        return any(trait.endswith(" is large") for trait in self.traits)

    @property
    def weight(self) -> int:
        """How hard it is to read: the characters of all numbers; more where a size is 0 or 1."""
        if self.is_large:
            return LONG + sum(int(np.size(value)) for value in self.values.values())
        shown = (str(np.asarray(value).tolist()) for value in self.values.values())
        return sum(map(len, shown)) + DEGENERATE * sum(n <= 1 for n in self.sizes.values())


def members(space: IndexSet, sizes: dict[str, int]) -> tuple[int, ...]:
    """The members of a set; a window has as many as its size says, its center left out."""
    if space.symmetric:
        return tuple(range(1, sizes[str(space.upper)] + 1))
    return Places(Instance(sizes, {}, {})).members(space.lower, space.upper, {})


def instance_of(problem: Problem, case: Case) -> Instance:
    """Sizes, words and free indices of a case as the interpreter takes them."""
    extents = {
        space.ends: members(space, case.sizes) for space in problem.spaces if space.symmetric
    }
    instance = Instance(dict(case.sizes), {}, {}, extents)
    for index in problem.hidden:
        instance.indices[index.name] = 1
    for one in problem.arguments:
        if one.is_integer and not one.axes:
            instance.indices[one.entry.name] = int(case.values[one.name]) + 1
    for one in problem.arguments:
        if one.is_integer and one.axes:
            for key, word in entries(one, case, instance):
                instance.words[key] = int(word) + 1
    return instance


def numbers_of(problem: Problem, case: Case, instance: Instance) -> dict[Hashable, Fraction]:
    """The exact value of every entry of every array of numbers."""
    found: dict[Hashable, Fraction] = {
        (each.letter, ()): each.value(case.sizes) for each in problem.fixed
    }
    for one in problem.arguments:
        if not one.is_integer:
            found |= {key: Fraction(float(x)) for key, x in entries(one, case, instance)}
    return found


def entries(one: Argument, case: Case, instance: Instance) -> list[tuple[Any, Any]]:
    """Each entry of an argument with the key of the symbol that it is the value of."""
    if one.base is None:
        return [((one.letter, ()), np.asarray(case.values[one.name])[()])]
    array, places = np.asarray(case.values[one.name]), Places(instance)
    spots = product(*(tuple(enumerate(members(axis.space, case.sizes))) for axis in one.axes))
    found = []
    for spot in spots:
        scope = {axis: member for axis, (_, member) in zip(one.axes, spot, strict=True)}
        key = one.letter, places.places(one.entry.indices, scope)
        found.append((key, array[tuple(n for n, _ in spot)]))
    return found


# What is special about an input: words that repeat or are shared, least and equal sizes.


def traits(problem: Problem, sizes: dict[str, int], words: dict[str, Any]) -> Iterator[str]:
    """In short texts, which `diagnose` reads."""
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


# The sizes a kernel is tried at: all different, all equal, each or all at their least.
#
# Smaller ones for a Hessian by a matrix, which has four axes.


DIFFERENT = (3, 4, 2)  # of sizes that do not count words, in order
VOCABULARY = 5
SQUARE = 3
WIDE = 3  # axes from which on sizes are smaller


def tried(problem: Problem) -> list[dict[str, int]]:
    """The sizes that are forced, the usual ones first."""
    least = {name: low for name, (low, _) in ranges(problem).items()}
    small = usual(problem)
    found = [small, dict.fromkeys(small, SQUARE - _has_many_axes(problem))]
    found += [{**small, name: low} for name, low in least.items()]
    found.append(least)
    found.append({**small, **dict.fromkeys(_label_sizes(problem), 2)})
    return list({tuple(sizes.items()): sizes for sizes in found}.values())


def usual(problem: Problem) -> dict[str, int]:
    """Small sizes, all different where they count other things."""
    labels = _label_sizes(problem)
    less = _has_many_axes(problem)
    others = iter(cycle(n - less or 1 for n in DIFFERENT))
    return {
        name: VOCABULARY - 2 * less if name in labels else next(others) for name in ranges(problem)
    }


def drawn(problem: Problem, rng: Generator) -> dict[str, int]:
    """Random sizes."""
    each = ranges(problem).items()
    return {name: int(rng.integers(low, high + 1)) for name, (low, high) in each}


def ranges(problem: Problem) -> dict[str, tuple[int, int]]:
    """From where to where each size is tried."""
    found: dict[str, tuple[int, int]] = {}
    least = dict(problem.least)
    for space in problem.spaces:
        for size in sorted(space.upper.free_symbols | space.lower.free_symbols, key=str):
            low = max(0 if space.symmetric or not space.inhabited else 1, least.get(size.name, 0))
            high = (6 if space in problem.labels else 4) - 2 * _has_many_axes(problem)
            before = found.get(size.name, (0, high))
            found[size.name] = max(low, before[0]), max(high, before[1])
    return found


def _has_many_axes(problem: Problem) -> bool:
    return any(len(output.axes) >= WIDE for output in problem.judged)


def _label_sizes(problem: Problem) -> set[str]:
    return {size.name for space in problem.labels for size in space.upper.free_symbols}


# The inputs a kernel is tried on: every edge of the sizes, every coincidence of words.
#
# Sizes as in `sizes`, so that N = d, N = 1, d = 1 and K = 0 come up. Words: different where there
# are enough, all the same, one of them the word that another argument names, or as they come.
# Numbers as in `numbers`.


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
