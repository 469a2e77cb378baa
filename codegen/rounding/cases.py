"""Inputs to compare bounds with what is measured on: random, and chosen to hurt.

Scores that saturate, cancel, tie or are subnormal; repeated words; one word, one coordinate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.draw import Draw, Floats
from codegen.rounding.arguments import ARGUMENTS, Emitted


@dataclass(frozen=True, eq=False)
class Case:
    """A kernel and its arguments."""

    kernel: Emitted
    arguments: tuple[Any, ...]


def cases(kernel: Emitted, dtype: np.dtype[Any], seed: int) -> Iterator[Case]:
    """Cases of one kernel without end, the same for the same seed."""
    rng = np.random.default_rng(seed)
    while True:
        N, d, K, B = (int(rng.integers(1, most + 1)) for most in (8, 5, 6, 3))
        U, V = _matrices(rng, N, d, dtype)
        drawn = Draw(rng, U, V, K=int(rng.integers(0, K + 1)), B=B)
        yield Case(kernel, ARGUMENTS[kernel](drawn))


def _matrices(rng: np.random.Generator, N: int, d: int, dtype: np.dtype[Any]) -> list[Floats]:
    """U and V of one of the kinds that `KINDS` names."""
    kind = KINDS[rng.integers(len(KINDS))]
    return [np.asarray(kind(rng, N, d), np.float64).astype(dtype) for _ in range(2)]


def _scaled(rng: np.random.Generator, N: int, d: int) -> Floats:
    size = float(10.0 ** rng.uniform(-3, 1.2))
    return size * rng.normal(size=(N, d))


def _spread(rng: np.random.Generator, N: int, d: int) -> Floats:
    sizes: Floats = 10.0 ** rng.uniform(-12, 1.2, (N, d))
    return sizes * rng.normal(size=(N, d))


def _whole(rng: np.random.Generator, N: int, d: int) -> Floats:
    return rng.integers(-4, 5, (N, d)).astype(float)


def _repeated(rng: np.random.Generator, N: int, d: int) -> Floats:
    rows: Floats = _scaled(rng, N, d)[rng.integers(0, N, N)]
    return rows


def _cancelling(rng: np.random.Generator, N: int, d: int) -> Floats:
    """Coordinates of one size and of either sign: inner products much smaller than their terms."""
    size = 10.0 ** rng.uniform(-1, 1)
    signs: Floats = size * np.where(rng.random((N, d)) < 0.5, 1, -1)
    return signs * (1 + 1e-7 * rng.normal(size=(N, d)))


def _tiny(rng: np.random.Generator, N: int, d: int) -> Floats:
    return rng.normal(size=(N, d)) * 2.0 ** rng.integers(-1070, -20, (N, d)).astype(float)


def _small(rng: np.random.Generator, N: int, d: int) -> Floats:
    return rng.normal(size=(N, d)) * 2.0 ** rng.integers(-148, -20, (N, d)).astype(float)


def _confident(rng: np.random.Generator, N: int, d: int) -> Floats:
    rows = 0.1 * rng.normal(size=(N, d))
    rows[0] += rng.uniform(2, 28)  # a score of up to 750 d
    return rows


KINDS = (_scaled, _scaled, _spread, _whole, _repeated, _cancelling, _tiny, _small, _confident)
