"""The sizes a kernel is tried at: all different, all equal, each or all at their least."""

from __future__ import annotations

from itertools import cycle

from numpy.random import Generator

from derivations.implementation.question import Problem

DIFFERENT = (3, 4, 2)  # of sizes that do not count words, in order
VOCABULARY = 5
SQUARE = 3


def tried(problem: Problem) -> list[dict[str, int]]:
    """The sizes that are forced, the usual ones first."""
    least = {name: low for name, (low, _) in ranges(problem).items()}
    small = usual(problem)
    found = [small, dict.fromkeys(small, SQUARE)]
    found += [{**small, name: low} for name, low in least.items()]
    found.append(least)
    found.append({**small, **dict.fromkeys(_label_sizes(problem), 2)})
    return list({tuple(sizes.items()): sizes for sizes in found}.values())


def usual(problem: Problem) -> dict[str, int]:
    """Small sizes, all different where they count other things."""
    labels = _label_sizes(problem)
    others = iter(cycle(DIFFERENT))
    return {name: VOCABULARY if name in labels else next(others) for name in ranges(problem)}


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
            high = 6 if space in problem.labels else 4
            before = found.get(size.name, (0, high))
            found[size.name] = max(low, before[0]), max(high, before[1])
    return found


def _label_sizes(problem: Problem) -> set[str]:
    return {size.name for space in problem.labels for size in space.upper.free_symbols}
