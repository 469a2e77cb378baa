"""Numbers for arrays: plain ones, small integers, scores that saturate, special values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from derivations.implementation.question import Argument, Domain, Problem

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


# Special values, one argument after the other: zero, minus zero, subnormal, large and very large
# ones, rows that differ in one column, and numbers near the ends of their domains.


LARGE = {"float64": 2.0**333, "float32": 2.0**40}  # some 1e100 and 1e12: a cube is finite
SUBNORMAL = {"float64": 2.0**-1060, "float32": 2.0**-140}
ZEROS = {"zero": 0.0, "minus zero": -0.0}
LONG = 2.0**6  # of rows, while those that they are multiplied by are short
NEAR = 2.0**-20  # of an end of a domain


@dataclass(frozen=True)
class Special:
    """What is special, as a trait, and the numbers; those of ``inside`` are in their domain."""

    trait: str
    numbers: Numbers
    inside: frozenset[str] = frozenset()


def special(problem: Problem, dtype: Any, *, hard: bool) -> Iterator[Special]:
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
    name = np.dtype(dtype).name
    for one in free:
        if len(one.axes) > 1:
            yield Special(f"{one.name} is nearly of equal rows", _alike(one))
        others = [each.name for each in free if each is not one]
        if hard:
            yield Special(f"{one.name} is subnormal", _multiplied({one.name: SUBNORMAL[name]}))
        if others:
            yield Special(f"{one.name} is large", _apart(one.name, others, LONG))
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
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        return found | {one.name: np.full(shapes[one.name], value)}

    return numbers


def _alike(one: Argument) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        array = found[one.name]
        rows = np.array(np.broadcast_to(array[:1], array.shape))
        column = array.shape[-1] // 2
        rows[..., column] = array[..., column]
        return found | {one.name: rows}

    return numbers


def _all(value: float) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        arrays = (n for n, shape in shapes.items() if shape and n in found)
        return found | {name: np.full(shapes[name], value) for name in arrays}

    return numbers


def _apart(name: str, others: list[str], by: float) -> Numbers:
    return _multiplied({name: by} | dict.fromkeys(others, 1 / by))


def _multiplied(factors: dict[str, float]) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        return {name: value * factors.get(name, 1.0) for name, value in found.items()}

    return numbers
