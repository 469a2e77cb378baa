"""Special values, one array after the other: zero, minus zero, subnormal, very large ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.random import Generator

from derivations.implementation.numbers import Numbers, Shapes, Words, plain
from derivations.implementation.question import Argument, Problem

LARGE = {"float64": 2.0**333, "float32": 2.0**40}  # some 1e100 and 1e12: a cube is finite
SUBNORMAL = {"float64": 2.0**-1060, "float32": 2.0**-140}
ZEROS = {"zero": 0.0, "minus zero": -0.0}


def special(problem: Problem, dtype: Any, *, hard: bool) -> Iterator[tuple[str, Numbers]]:
    """What is special, as a trait, and the numbers; all else is plain.

    Where one array is large, the others are as small, so that products of two are ordinary.
    """
    arrays = [one for one in problem.arguments if not one.is_integer and one.axes]
    free = [one for one in arrays if problem.domain(one).anywhere]
    for one in free:
        for name, value in ZEROS.items():
            yield f"{one.name} is {name}", _held(one, value)
    if free:
        yield "all arrays are zero", _all(0.0)
    name = np.dtype(dtype).name
    for one in free if hard else ():
        yield f"{one.name} is subnormal", _scaled({one.name: SUBNORMAL[name]}, {})
        if len(free) > 1:
            others = {each.name: 1 / LARGE[name] for each in free if each is not one}
            yield f"{one.name} is very large", _scaled({one.name: LARGE[name]}, others)


def _held(one: Argument, value: float) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        return found | {one.name: np.full(shapes[one.name], value)}

    return numbers


def _all(value: float) -> Numbers:
    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        arrays = (n for n, shape in shapes.items() if shape and n in found)
        return found | {name: np.full(shapes[name], value) for name in arrays}

    return numbers


def _scaled(by: dict[str, float], others: dict[str, float]) -> Numbers:
    factors = by | others

    def numbers(problem: Problem, shapes: Shapes, words: Words, rng: Generator) -> dict[str, Any]:
        found = plain((1.0,))(problem, shapes, words, rng)
        return {name: value * factors.get(name, 1.0) for name, value in found.items()}

    return numbers
