"""What contenders are given: N words of d entries, B pairs as frequent as in text, K samples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Size:
    """One size and dtype; K is 0 for the softmax."""

    N: int
    d: int
    B: int
    K: int = 0
    dtype: str = "float32"

    @property
    def itemsize(self) -> int:
        """Bytes of one number."""
        return {"float32": 4, "float64": 8}[self.dtype]

    def __str__(self) -> str:
        samples = f" K={self.K}" if self.K else ""
        return f"N={self.N} d={self.d} B={self.B}{samples} {self.dtype}"


@dataclass(frozen=True)
class Grid:
    """(N, d) for either loss, all with every number of pairs and samples; memory's (N, d)."""

    softmax: tuple[tuple[int, int], ...]
    sampling: tuple[tuple[int, int], ...]
    memory: tuple[int, int]
    pairs: tuple[int, ...] = (1, 32, 1024)
    samples: tuple[int, ...] = (5, 64)

    def sizes(self, part: str, dtype: str) -> Iterator[Size]:
        """All sizes of a part; a single pair is a batch of one."""
        sampling = part.startswith("sampling")
        pairs = (1,) if part.endswith("pair") else self.pairs
        shapes = self.sampling if sampling else self.softmax
        for (N, d), K, B in product(shapes, self.samples if sampling else (0,), pairs):
            yield Size(N, d, B, K, dtype)

    def largest(self, part: str, dtype: str) -> Size:
        """Where memory is measured."""
        K = max(self.samples) if part == "sampling" else 0
        return Size(*self.memory, max(self.pairs), K, dtype)


GRIDS = {
    "tiny": Grid(((50, 8),), ((50, 8),), memory=(50, 8), pairs=(4,), samples=(3,)),
    "small": Grid(((1_000, 100), (10_000, 100)), ((10_000, 100),), memory=(10_000, 100)),
    "full": Grid(
        softmax=tuple(product((1_000, 10_000, 100_000), (100, 300))),
        sampling=tuple(product((10_000, 100_000), (100, 300))),
        memory=(100_000, 100),
    ),
}


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
