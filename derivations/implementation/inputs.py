"""Inputs a kernel is tried on: every edge of the sizes, every coincidence of words, large ones.

Numbers are plain ones, small integers, scores that saturate, special values. Large inputs are
around sizes of blocks; there are fewer where a function is compiled for each shape.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, count, cycle, product

import numpy as np
from numpy.random import Generator

from derivations.implementation.question import (
    Argument,
    Array,
    BadArguments,
    Domain,
    Floats,
    Format,
    Problem,
    Value,
)
from derivations.indices import IndexSet
from derivations.proof.domain import Key
from derivations.proof.evaluate import Instance, Places

# Numbers in the domain of an argument.


GRAIN = 64  # probabilities that add up to a whole number are multiples of its inverse


@dataclass(frozen=True, eq=False)
class Drawn:
    """A value, and the text that makes it where NumPy is np."""

    value: Value
    text: str


def within(domain: Domain, numbers: Floats, rng: np.random.Generator) -> Floats:
    """Numbers of a domain in the place of any numbers, near them where that makes sense."""
    if domain.anywhere:
        return numbers
    found = np.asarray(numbers, dtype=np.float64)
    if domain.values:
        found = rng.choice(np.array(domain.values, dtype=np.float64), found.shape)
        if set(domain.values) == {0, 1}:
            found = _of_each(domain, found, lambda one: _with_ones(len(one), domain, rng))
    elif domain.whole:
        found = np.abs(np.rint(found * 2))
    elif domain.lower is not None and domain.upper is not None:
        share = (1 + rng.integers(0, GRAIN - 1, found.shape)) / GRAIN
        low, high = float(domain.lower), float(domain.upper)
        found = low + share * (high - low)
    elif domain.lower is not None:
        found = float(domain.lower) + np.maximum(np.abs(found), 2.0**-6)
    elif domain.upper is not None:
        found = float(domain.upper) - np.maximum(np.abs(found), 2.0**-6)
    if not domain.values:
        found = _of_each(domain, found, lambda one: _adding_up(one, domain, rng))
    if domain.symmetric and found.ndim >= 2:
        found = (found + np.swapaxes(found, -1, -2)) / 2
    return found


def _of_each(domain: Domain, found: Floats, made: Callable[[Floats], Floats]) -> Floats:
    """Vectors whose entries are to add up, or those along an axis, made so; others as they are."""
    if domain.total is None or found.ndim != (1 if domain.axis is None else 2):
        return found
    if domain.axis is None:
        return made(found)
    return np.asarray(np.apply_along_axis(made, domain.axis, found)) if found.size else found


def _with_ones(count: int, domain: Domain, rng: np.random.Generator) -> Floats:
    """So many ones among zeros."""
    found = np.zeros(count)
    found[rng.permutation(count)[: domain.total]] = 1
    return found


def _adding_up(found: Floats, domain: Domain, rng: np.random.Generator) -> Floats:
    """Multiples of a power of two that add up exactly; above zero where that is asked for."""
    count, total = len(found), domain.total or 0
    if not count:
        return found
    grain = float(2 ** max(6, int(np.ceil(np.log2(count + 1))) + 3))
    if domain.lower is None or domain.lower < 0:
        parts = np.rint(found * grain)
        parts[-1] = total * grain - parts[:-1].sum()
        return parts / grain
    spots = np.sort(rng.permutation(np.arange(1, int(total * grain)))[: count - 1])
    ends = np.concatenate([[0], spots, [total * grain]])
    return np.diff(ends) / grain


def drawn(domain: Domain, shape: tuple[int, ...], dtype: Format, seed: int) -> Drawn:
    """Numbers of ordinary size as one line of text makes them."""
    rng = np.random.default_rng(seed)
    start = f"np.random.default_rng({seed})"
    cast = f".astype(np.{dtype.name})"
    longest = max(shape, default=1)
    by = 1 / max(1.0, longest**0.25)
    if domain.anywhere or domain.symmetric or domain.total is not None:
        value = rng.normal(size=shape) * by
        text = f"({start}.normal(size={shape}) * {by!r})"
        if not domain.anywhere:
            value = within(domain, value, np.random.default_rng(seed))
            text = ""
    elif domain.values:
        value = rng.choice(domain.values, size=shape)
        text = f"{start}.choice({domain.values}, size={shape})"
    elif domain.whole:
        value = rng.integers(0, 5, size=shape)
        text = f"{start}.integers(0, 5, size={shape})"
    else:
        low = float(domain.lower) if domain.lower is not None else float(domain.upper or 0) - 2
        high = float(domain.upper) if domain.upper is not None else low + 2
        share = (1 + rng.integers(0, GRAIN - 1, size=shape)) / GRAIN
        value = low + share * (high - low)
        text = f"({low!r} + (1 + {start}.integers(0, {GRAIN - 1}, size={shape})) / {GRAIN}"
        text += f" * {high - low!r})"
    if not shape:
        number = np.asarray(value).astype(dtype)[()]
        return Drawn(number, repr(float(number)))
    return Drawn(np.asarray(value).astype(dtype), text and f"{text}{cast}")


# Numbers for the arrays of a kernel: plain ones, small integers, and scores that saturate.


# two levels that inner products are put near: a lead of 20, 40 and 600, both tails of a sigmoid,
# the ends of the exponential in float32 and float64, and beyond them
LEVELS = (
    (20.0, 0.0),
    (0.0, -20.0),
    (40.0, 0.0),
    (0.0, -40.0),
    (7.0, -7.0),
    (16.0, -16.0),
    (88.0, -103.0),
    (600.0, 0.0),
    (745.0, -745.0),
    (800.0, -800.0),
    (-760.0, -790.0),
)
# the ends of the exponential in one format are nothing special in the other
ONLY = {(88.0, -103.0): "float32", (745.0, -745.0): "float64", (600.0, 0.0): "float64"}
# rows picked by words: the words in hand above all others, below them, or as it comes
PATTERNS = ("leads", "trails", "mixed")
SCALES = (0.1, 1.0, 1.0, 2.7)
MILD = (0.1, 0.5)  # no score is large: what saturates is left out
Shapes = Mapping[str, tuple[int, ...]]
Words = Mapping[str, Value]
Drawing = dict[str, Floats]  # of each argument that holds numbers
Numbers = Callable[[Problem, Shapes, Words, Generator], Drawing]


def plain(scales: tuple[float, ...]) -> Numbers:
    """Normal numbers with full mantissas."""

    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> Drawing:
        return {one.name: _scaled(rng, shapes[one.name], scales) for one in _floats(problem)}

    return numbers


def integers(most: int) -> Numbers:
    """Small integers: ties, zeros, rows that are equal, and easy to read."""

    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> Drawing:
        return {
            one.name: rng.integers(-most, most + 1, shapes[one.name]).astype(float)
            for one in _floats(problem)
        }

    return numbers


def saturated(levels: tuple[float, float], pattern: str) -> Numbers:
    """Rows along one direction: one array has rows of two levels, all others unit rows.

    So an inner product of rows of the two is near a level. Which array is the loud one goes by
    the seed; numbers without axes are plain.
    """

    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> Drawing:
        return _saturated(problem, shapes, words, levels, pattern, rng)

    return numbers


def _saturated(
    problem: Problem,
    shapes: Shapes,
    words: Words,
    levels: tuple[float, float],
    pattern: str,
    rng: Generator,
) -> Drawing:
    arrays = [one for one in _floats(problem) if one.axes]
    wide = [one for one in arrays if len(one.axes) > 1] or arrays
    loud = wide[int(rng.integers(len(wide)))] if wide else None
    directions: dict[IndexSet, Floats] = {}
    found: Drawing = {}
    for one in _floats(problem):
        shape = shapes[one.name]
        if len(shape) == 0:
            found[one.name] = _scaled(rng, shape, SCALES)
            continue
        space = one.axes[-1].space
        if space not in directions:
            signs = rng.choice([-1.0, 1.0], shape[-1])
            directions[space] = signs * (1 + rng.integers(0, 3, shape[-1]) / 4)
        direction = directions[space]
        if one is loud:
            rows = _levels(shape[:-1], one, problem, words, levels, pattern, rng)
            found[one.name] = np.multiply.outer(rows, direction)
        else:
            signs = np.ones(shape[:-1]) if pattern != "mixed" else rng.choice([1, -1], shape[:-1])
            unit = direction / float(direction @ direction)
            found[one.name] = np.multiply.outer(np.asarray(signs, dtype=float), unit)
    return found


def _levels(
    shape: tuple[int, ...],
    one: Argument,
    problem: Problem,
    words: Words,
    levels: tuple[float, float],
    pattern: str,
    rng: Generator,
) -> Floats:
    high, low = levels
    rows = np.where(rng.random(shape) < 0.5, high, low)
    if pattern != "mixed" and len(shape) == 1:
        top, rest = (high, low) if pattern == "leads" else (low, high)
        rows[:] = rest
        rows[_in_hand(one, problem, words)] = top
    # not all rows alike: ties are for the integers
    return np.asarray(rows + rng.integers(-8, 9, shape) / 64)


def _in_hand(one: Argument, problem: Problem, words: Words) -> list[int]:
    """The words that an argument names by themselves, or the first of a list."""
    space = one.axes[0].space
    single = [
        int(words[each.name])
        for each in problem.arguments
        if each.is_integer and not each.axes and each.space == space
    ]
    lists = [
        int(np.ravel(words[each.name])[0])
        for each in problem.arguments
        if each.is_integer and each.axes and each.space == space and np.size(words[each.name])
    ]
    return single or lists[:1] or [0]


def _floats(problem: Problem) -> list[Argument]:
    return [one for one in problem.arguments if not one.is_integer]


def _scaled(rng: Generator, shape: tuple[int, ...], scales: tuple[float, ...]) -> Floats:
    return np.asarray(rng.choice(scales) * rng.normal(size=shape))


# Special values, one argument after the other: zero, minus zero, subnormal, large and very large
# ones, rows that differ in one column, and numbers near the ends of their domains.


LARGE = {"float64": 2.0**333, "float32": 2.0**40}  # some 1e100 and 1e12: a cube is finite
SUBNORMAL = {"float64": 2.0**-1060, "float32": 2.0**-140}
ZEROS = {"zero": 0.0, "minus zero": -0.0}
LONG_ROWS = 2.0**6  # of rows, while those that they are multiplied by are short
NEAR = 2.0**-20  # of an end of a domain


@dataclass(frozen=True)
class Special:
    """What is special, as a trait, and the numbers; those of ``inside`` are in their domain."""

    trait: str
    numbers: Numbers
    inside: frozenset[str] = frozenset()


def special(problem: Problem, dtype: Format, *, hard: bool) -> Iterator[Special]:
    """One after the other; all else is plain.

    Where one array is large, the others are as small, so that products of two are ordinary.
    """
    numbers = [one for one in problem.arguments if not one.is_integer]
    anywhere = [one for one in numbers if problem.domain(one).anywhere]
    free = [one for one in anywhere if one.axes]
    for one in anywhere:
        for name, value in ZEROS.items():
            if one.axes or name == "zero":
                yield Special(f"{one.name} is {name}", _held(one, value))
    if free:
        yield Special("all arrays are zero", _all(0.0))
    for one in numbers:
        for name, value in _ends(problem.domain(one)):
            yield Special(f"{one.name} is {name}", _held(one, value), frozenset({one.name}))
    name = dtype.name
    for one in free:
        if len(one.axes) > 1:
            yield Special(f"{one.name} is nearly of equal rows", _alike(one))
        others = [each.name for each in free if each is not one]
        if hard:
            yield Special(f"{one.name} is subnormal", _multiplied({one.name: SUBNORMAL[name]}))
        if others:
            yield Special(f"{one.name} is large", _apart(one.name, others, LONG_ROWS))
        if others and hard:
            yield Special(f"{one.name} is very large", _apart(one.name, others, LARGE[name]))


def _ends(domain: Domain) -> Iterator[tuple[str, float]]:
    """Numbers just inside the ends of a domain that is an interval."""
    if domain.values or domain.whole or domain.symmetric or domain.total is not None:
        return
    if domain.lower is not None:
        yield f"near {domain.lower}", float(domain.lower) + NEAR
    if domain.upper is not None:
        yield f"near {domain.upper}", float(domain.upper) - NEAR


def _held(one: Argument, value: float) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> Drawing:
        found = plain((1.0,))(problem, shapes, words, rng)
        return found | {one.name: np.full(shapes[one.name], value)}

    return numbers


def _alike(one: Argument) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> Drawing:
        found = plain((1.0,))(problem, shapes, words, rng)
        array = found[one.name]
        rows = np.array(np.broadcast_to(array[:1], array.shape))
        column = array.shape[-1] // 2
        rows[..., column] = array[..., column]
        return found | {one.name: rows}

    return numbers


def _all(value: float) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> Drawing:
        found = plain((1.0,))(problem, shapes, words, rng)
        arrays = (n for n, shape in shapes.items() if shape and n in found)
        return found | {name: np.full(shapes[name], value) for name in arrays}

    return numbers


def _apart(name: str, others: list[str], by: float) -> Numbers:
    return _multiplied({name: by} | dict.fromkeys(others, 1 / by))


def _multiplied(factors: dict[str, float]) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> Drawing:
        found = plain((1.0,))(problem, shapes, words, rng)
        return {name: value * factors.get(name, 1.0) for name, value in found.items()}

    return numbers


# One input: sizes, words and numbers, as an instance and as the arrays a kernel is given.


LONG = 100_000  # characters that no small input has
DEGENERATE = 150  # characters that one is glad to read more for


@dataclass(frozen=True, eq=False)
class Case:
    """``values`` holds each argument, words counted from zero; ``traits`` what is special here.

    ``texts`` are short texts that make the arguments, of large ones.
    """

    sizes: dict[str, int]
    values: dict[str, Value]
    dtype: Format
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


def entries(one: Argument, case: Case, instance: Instance) -> list[tuple[Key, float]]:
    """Each entry of an argument with the key of the symbol that it is the value of."""
    array: Array = np.asarray(case.values[one.name])
    if one.base is None:
        return [((one.letter, ()), array.item())]
    places = Places(instance)
    spots = product(*(tuple(enumerate(members(axis.space, case.sizes))) for axis in one.axes))
    found = []
    for spot in spots:
        scope = {axis: member for axis, (_, member) in zip(one.axes, spot, strict=True)}
        key = one.letter, places.places(one.entry.indices, scope)
        found.append((key, array.item(*(n for n, _ in spot))))
    return found


# What is special about an input: words that repeat or are shared, least and equal sizes.


def traits(problem: Problem, sizes: dict[str, int], words: Words) -> Iterator[str]:
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


def drawn_sizes(problem: Problem, rng: Generator) -> dict[str, int]:
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
# Numbers as above.


WORDS = ("different", "repeated", "shared", "random")


def cases(problem: Problem, dtype: Format, seed: int, hard: bool, count: int) -> Iterator[Case]:
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
            if ONLY.get(levels, dtype.name) != dtype.name:
                continue
            if bare != usual:
                loud = "saturated", saturated(levels, "leads")
                yield _case(problem, bare, "different", loud, dtype, rng)
            for pattern in PATTERNS:
                loud = "saturated", saturated(levels, pattern)
                yield _case(problem, usual, next(turns), loud, dtype, rng)
    for _, words in zip(range(count), cycle(kinds), strict=False):
        sizes = drawn_sizes(problem, rng)
        yield _case(problem, sizes, words, normal, dtype, rng)


def _case(
    problem: Problem,
    sizes: dict[str, int],
    kind: str,
    numbers: tuple[str, Numbers],
    dtype: Format,
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
    return Case(sizes, values, dtype, special_here)


def _words(problem: Problem, sizes: dict[str, int], kind: str, rng: Generator) -> dict[str, Value]:
    single = {
        one.name: int(rng.integers(_count(one, sizes)))
        for one in problem.arguments
        if one.is_integer and not one.axes
    }
    chosen: dict[str, Value] = {**single}
    for one in (one for one in problem.arguments if one.is_integer and one.axes):
        shape = tuple(len(members(axis.space, sizes)) for axis in one.axes)
        many, total = _count(one, sizes), int(np.prod(shape))
        found = rng.integers(many, size=total)
        taken = [
            single[each.name]
            for each in problem.arguments
            if each.name in single and each.space == one.space
        ]
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
LARGE_WORDS = ("random", "downward", "different", "same")


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
    problem: Problem, dtype: Format, seed: int, each_size: Iterable[dict[str, int]]
) -> Iterator[Case]:
    """The inputs at some sizes; each argument with the text that makes it."""
    fresh = count(seed + 1)
    for turn, sizes in enumerate(each_size):
        kind = LARGE_WORDS[turn % len(LARGE_WORDS)]
        made = {
            one.name: (
                _many_words(one, sizes, kind, turn, next(fresh), problem)
                if one.is_integer
                else _numbers(one, sizes, dtype, next(fresh), problem)
            )
            for one in problem.arguments
        }
        values = {name: each.value for name, each in made.items()}
        texts = {name: each.text for name, each in made.items()}
        special = {"large", f"{kind} words"} if problem.labels else {"large"}
        special |= {*traits(problem, sizes, values)}
        yield Case(sizes, values, dtype, frozenset(special), texts)


def _numbers(
    one: Argument, sizes: dict[str, int], dtype: Format, seed: int, problem: Problem
) -> Drawn:
    shape = tuple(len(members(axis.space, sizes)) for axis in one.axes)
    return drawn(problem.domain(one), shape, dtype, seed)


def _many_words(
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


# Fewer of them, with all values at each, for functions that are compiled anew for every shape.


COMPILED_TOGETHER = (16, 17)


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
