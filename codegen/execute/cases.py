"""Sizes, words and windows that a kernel is run at.

Every length is taken up to a bound, and every choice of words; where these are too many, one
choice of each pattern of equal words (restricted growth strings), and where these are too many
as well, some of all choices drawn by a fixed seed. Which of the three it was is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from random import Random
from typing import Any

import numpy as np

from codegen.kernel import Argument, Kernel

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
    least: dict[str, int] = {}
    for argument in kernel.arguments:
        for letter, axis in zip(argument.letters, argument.axes, strict=True):
            inhabited = axis.space.inhabited and argument.left_out is None
            least[letter] = max(least.get(letter, 0), int(inhabited))
    for size in kernel.derived:
        least.pop(_wide(kernel, size.arguments[1]))
        least[size.name] = 0
    choices = product(*(range(start, most + 1) for start in least.values()))
    found = [_completed(dict(zip(least, choice, strict=True)), kernel) for choice in choices]
    return sorted(found, key=lambda lengths: (sum(lengths.values()), *lengths.values()))


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


def cases(kernel: Kernel, lengths: Lengths, most: int) -> tuple[str, list[Case]]:
    """Choices of the integer arguments at these lengths, and which they are."""
    given = [argument for argument in kernel.arguments if argument.is_integer]
    words = [argument for argument in given if not argument.at_most]
    places = sum(prod(shape(argument, lengths)) for argument in words)
    vocabulary = _vocabulary(kernel, lengths)
    bounds = [lengths[a.at_most] for a in given if a.at_most for _ in range(_size(a, lengths))]
    windows = prod(bound + 1 for bound in bounds)
    which = ALL
    if vocabulary**places * windows <= most:
        choices: Iterator[Sequence[int]] = product(range(vocabulary), repeat=places)
    elif _partitions(places, vocabulary) * windows <= most:
        choices, which = _growth_strings(places, vocabulary), PATTERNS
    else:
        random = Random(str(lengths))
        drawn = [
            (
                [random.randrange(vocabulary) for _ in range(places)],
                [random.randint(0, bound) for bound in bounds],
            )
            for _ in range(most)
        ]
        return DRAWN, [_case(kernel, lengths, *choice) for choice in drawn]
    within = list(product(*(range(bound + 1) for bound in bounds)))
    return which, [_case(kernel, lengths, some, window) for some in choices for window in within]


def _size(argument: Argument, lengths: Lengths) -> int:
    return prod(shape(argument, lengths))


def _vocabulary(kernel: Kernel, lengths: Lengths) -> int:
    """How many words there are: rows of the first matrix, as `words` is called with."""
    matrices = (one for one in kernel.arguments if not one.is_integer and len(one.axes) > 1)
    return lengths[next(matrices).letters[0]]


def _case(kernel: Kernel, lengths: Lengths, words: Sequence[int], windows: Sequence[int]) -> Case:
    chosen, within = iter(words), iter(windows)
    integers: dict[str, Any] = {}
    for argument in kernel.arguments:
        if argument.is_integer:
            source = within if argument.at_most else chosen
            some = [next(source) for _ in range(_size(argument, lengths))]
            array = np.array(some, np.intp).reshape(shape(argument, lengths))
            integers[argument.name] = array if argument.axes else some[0]
    return Case(lengths, integers)


def _partitions(places: int, most: int) -> int:
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


def _growth_strings(places: int, most: int) -> Iterator[tuple[int, ...]]:
    """One choice of words for each pattern: each place an earlier word, or the next new one."""
    if places == 0:
        yield ()
        return
    for start in _growth_strings(places - 1, most):
        for word in range(min(max(start, default=-1) + 2, most)):
            yield (*start, word)
