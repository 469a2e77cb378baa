"""Numbers for the arrays of a kernel: plain ones, small integers, and scores that saturate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from derivations.implementation.question import Argument, Problem

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
Words = Mapping[str, Any]
Numbers = Callable[[Problem, Shapes, Words, Generator], dict[str, Any]]


def plain(scales: tuple[float, ...]) -> Numbers:
    """Normal numbers with full mantissas."""

    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        return {one.name: _scaled(rng, shapes[one.name], scales) for one in _floats(problem)}

    return numbers


def integers(most: int) -> Numbers:
    """Small integers: ties, zeros, rows that are equal, and easy to read."""

    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
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

    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        return _saturated(problem, shapes, words, levels, pattern, rng)

    return numbers


def _saturated(
    problem: Problem,
    shapes: Shapes,
    words: Words,
    levels: tuple[float, float],
    pattern: str,
    rng: Generator,
) -> dict[str, Any]:
    arrays = [one for one in _floats(problem) if one.axes]
    wide = [one for one in arrays if len(one.axes) > 1] or arrays
    loud = wide[int(rng.integers(len(wide)))] if wide else None
    directions: dict[Any, NDArray[Any]] = {}
    found: dict[str, Any] = {}
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
) -> NDArray[Any]:
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


def _scaled(rng: Generator, shape: tuple[int, ...], scales: tuple[float, ...]) -> Any:
    return rng.choice(scales) * rng.normal(size=shape)
