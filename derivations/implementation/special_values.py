"""Special values, one argument after the other: zero, minus zero, subnormal, large and very large
ones, rows that differ in one column, and numbers near the ends of their domains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import Generator

from derivations.implementation.drawn_from import Domain
from derivations.implementation.numbers import Numbers, Shapes, Words, plain
from derivations.implementation.question import Argument, Problem

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
            yield Special(f"{one.name} is subnormal", _scaled({one.name: SUBNORMAL[name]}))
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
    return _scaled({name: by} | dict.fromkeys(others, 1 / by))


def _scaled(factors: dict[str, float]) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        return {name: value * factors.get(name, 1.0) for name, value in found.items()}

    return numbers
