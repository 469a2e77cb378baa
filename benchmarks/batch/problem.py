"""What every contender is given: vectors, and words as frequent as in text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.batch.size import Size


@dataclass(frozen=True)
class Problem:
    """One batch. There are no negatives, shape (B, 0), for the softmax."""

    size: Size
    V: NDArray[Any]
    U: NDArray[Any]
    centers: NDArray[np.intp]
    outsides: NDArray[np.intp]
    negatives: NDArray[np.intp]


def drawn(size: Size, seed: int = 0) -> Problem:
    """Entries of standard deviation 1/√d; words by Zipf's law, negatives by its power 3/4."""
    rng = np.random.default_rng(seed)
    V, U = (_matrix(rng, size) for _ in range(2))
    frequency = 1 / np.arange(1.0, size.N + 1)
    centers, outsides = (_words(rng, frequency, (size.B,)) for _ in range(2))
    negatives = _words(rng, frequency**0.75, (size.B, size.K))
    return Problem(size, V, U, centers, outsides, negatives)


def _matrix(rng: np.random.Generator, size: Size) -> NDArray[Any]:
    dtype = np.float32 if size.dtype == "float32" else np.float64
    matrix = rng.standard_normal((size.N, size.d), dtype=dtype)
    matrix /= np.sqrt(dtype(size.d))
    return matrix


def _words(
    rng: np.random.Generator, frequency: NDArray[np.float64], shape: tuple[int, ...]
) -> NDArray[np.intp]:
    return rng.choice(len(frequency), shape, p=frequency / frequency.sum()).astype(np.intp)
