"""Sizes, words and windows that a kernel is run at, and how many.

Every length is taken up to a bound, and every choice of words and windows; where these are too
many, one choice of each pattern of equal words (restricted growth strings) with every window, and
where these are too many as well, some of all choices drawn by a fixed seed. Which of the three it
was is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from random import Random
from typing import Any, TypeVar

import numpy as np

from codegen.kernel import Argument, Kernel, members
from derivations.indices import IndexSet


def every_choice(places: int, words: int) -> Iterator[tuple[int, ...]]:
    """Every choice of words."""
    return product(range(words), repeat=places)


def partitions(places: int, most: int) -> int:
    """How many patterns of equal words there are, of at most ``most`` words."""
    ways = {0: 1}
    for _ in range(places):
        more: dict[int, int] = {}
        for blocks, count in ways.items():
            more[blocks] = more.get(blocks, 0) + blocks * count
            if blocks < most:
                more[blocks + 1] = more.get(blocks + 1, 0) + count
        ways = more
    return sum(ways.values())


def growth_strings(places: int, most: int) -> Iterator[tuple[int, ...]]:
    """One choice of words for each pattern: each place an earlier word, or the next new one."""
    if places == 0:
        yield ()
        return
    for start in growth_strings(places - 1, most):
        for word in range(min(max(start, default=-1) + 2, most)):
            yield (*start, word)


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


Lengths = Mapping[str, int]
ALL, PATTERNS, DRAWN = "all words", "all patterns of words", "words drawn"


@dataclass(frozen=True)
class Case:
    """The lengths of axes, by letter, and the integer arguments as the kernel takes them."""

    lengths: Lengths
    integers: Mapping[str, Any]

    def __str__(self) -> str:
        sizes = ", ".join(f"{letter} = {length}" for letter, length in self.lengths.items())
        given = (f"{name} = {np.asarray(value).tolist()}" for name, value in self.integers.items())
        return "; ".join([sizes, *given])


def sizes(kernel: Kernel, most: int) -> list[Lengths]:
    """Every choice of lengths up to ``most``, small ones first."""
    least = _least(kernel)
    choices = product(*(range(start, most + 1) for start in least.values()))
    found = [_completed(dict(zip(least, choice, strict=True)), kernel) for choice in choices]
    return sorted(found, key=lambda lengths: (sum(lengths.values()), *lengths.values()))


def one_of(kernel: Kernel, length: int) -> list[Lengths]:
    """Of each axis one size at which it has this length and the others 1.

    Words 0 and 1 alone are the same counted from either end.
    """
    letters = _least(kernel)
    return [
        _completed({letter: length if letter == long else 1 for letter in letters}, kernel)
        for long in letters
    ]


def _least(kernel: Kernel) -> dict[str, int]:
    """The axes whose lengths may be chosen, and the least length of each."""
    least: dict[str, int] = {}
    for argument in kernel.arguments:
        for letter, axis in zip(argument.letters, argument.axes, strict=True):
            inhabited = axis.space.inhabited and argument.left_out is None
            least[letter] = max(least.get(letter, 0), int(inhabited))
    for size in kernel.derived:
        least.pop(_wide(kernel, size.arguments[1]))
        least[size.name] = 0
    return least


def _wide(kernel: Kernel, name: str) -> str:
    """The letter of the last axis of an argument."""
    return next(one for one in kernel.arguments if one.name == name).letters[-1]


def _completed(lengths: dict[str, int], kernel: Kernel) -> Lengths:
    """The lengths with those that reach ``m`` places further on either side."""
    for size in kernel.derived:
        narrow, wide = (_wide(kernel, name) for name in size.arguments)
        lengths[wide] = lengths[narrow] + 2 * lengths[size.name]
    return lengths


def shape(argument: Argument, lengths: Lengths) -> tuple[int, ...]:
    """The shape of an argument."""
    return tuple(lengths[letter] for letter in argument.letters)


def how_many(kernel: Kernel, lengths: Lengths, limits: Limits) -> tuple[str, int]:
    """Which choices of the integer arguments are run at these lengths, and how many they are."""
    groups = _groups(kernel, lengths)
    windows = prod(bound + 1 for bound in _bounds(kernel, lengths))
    every = prod(group.words**group.places for group in groups) * windows
    if every <= limits.words:
        return ALL, every
    patterns = prod(partitions(group.places, group.words) for group in groups) * windows
    return (PATTERNS, patterns) if patterns <= limits.patterns else (DRAWN, limits.drawn)


def cases(
    kernel: Kernel, lengths: Lengths, limits: Limits, start: int = 0, stop: int | None = None
) -> tuple[str, list[Case]]:
    """Choices of the integer arguments at these lengths, and which they are; some of them."""
    groups, bounds = _groups(kernel, lengths), _bounds(kernel, lengths)
    which, count = how_many(kernel, lengths, limits)
    chosen = _drawn(lengths, groups, bounds) if which == DRAWN else _every(which, groups, bounds)
    some = islice(chosen, start, count if stop is None else min(stop, count))
    return which, [_case(kernel, lengths, groups, words, windows) for words, windows in some]


Choice = tuple[Sequence[Sequence[int]], Sequence[int]]


def _every(which: str, groups: Sequence[_Group], bounds: Sequence[int]) -> Iterator[Choice]:
    """All choices of words, or all patterns, with all windows."""
    choose = every_choice if which == ALL else growth_strings
    words = product(*(list(choose(group.places, group.words)) for group in groups))
    within = list(product(*(range(bound + 1) for bound in bounds)))
    return ((some, each) for some in words for each in within)


def _drawn(lengths: Lengths, groups: Sequence[_Group], bounds: Sequence[int]) -> Iterator[Choice]:
    """Words and windows by a seed that is the same every time, without end."""
    random = Random(str(lengths))
    while True:
        words = [[random.randrange(group.words) for _ in range(group.places)] for group in groups]
        yield words, [random.randint(0, bound) for bound in bounds]


def _bounds(kernel: Kernel, lengths: Lengths) -> list[int]:
    """The largest window at every place that has one."""
    return [
        lengths[argument.at_most]
        for argument in kernel.arguments
        if argument.at_most
        for _ in range(_size(argument, lengths))
    ]


@dataclass(frozen=True)
class _Group:
    """Integer arguments whose entries are members of one set: how many, and for how many places."""

    names: tuple[str, ...]
    words: int
    places: int


def _groups(kernel: Kernel, lengths: Lengths) -> list[_Group]:
    names: dict[IndexSet, list[Argument]] = {}
    for argument in kernel.arguments:
        if argument.is_integer and not argument.at_most:
            names.setdefault(members(argument), []).append(argument)
    rows = {
        axis.space: lengths[letter]
        for one in kernel.arguments
        if not one.is_integer
        for axis, letter in zip(one.axes, one.letters, strict=True)
    }
    return [
        _Group(tuple(a.name for a in some), rows[space], sum(_size(a, lengths) for a in some))
        for space, some in names.items()
    ]


def _size(argument: Argument, lengths: Lengths) -> int:
    return prod(shape(argument, lengths))


def _case(
    kernel: Kernel,
    lengths: Lengths,
    groups: Sequence[_Group],
    words: Sequence[Sequence[int]],
    windows: Sequence[int],
) -> Case:
    within = iter(windows)
    sources = {
        name: chosen
        for group, some in zip(groups, words, strict=True)
        for chosen in [iter(some)]
        for name in group.names
    }
    integers: dict[str, Any] = {}
    for argument in kernel.arguments:
        if argument.is_integer:
            source = within if argument.at_most else sources[argument.name]
            some = [next(source) for _ in range(_size(argument, lengths))]
            array = np.array(some, np.intp).reshape(shape(argument, lengths))
            integers[argument.name] = array if argument.axes else some[0]
    return Case(lengths, integers)
