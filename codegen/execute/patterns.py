"""Choices of words for some places: all of them, or one of each pattern of equal words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product


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
