"""The sizes a kernel is tried at: all different, all equal, each or all at their least.

Smaller ones for a Hessian by a matrix, which has four axes.
"""

from __future__ import annotations

from itertools import cycle

from numpy.random import Generator

from derivations.implementation.question import Problem

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
