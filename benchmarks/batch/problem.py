"""What contenders are given and have to give: N words of d entries, B pairs as in text, K samples.

A contender is a way to compute losses and gradients; results have to agree, and memory to be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

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


class Rows(NamedTuple):
    """A gradient by some rows of a matrix, distinct; those from N on are padding."""

    rows: NDArray[np.intp]
    values: NDArray[Any]


Gradient = Rows | NDArray[Any]
Call = Callable[[], Any]


class Result(NamedTuple):
    """The losses of a batch and the gradients of their sum, as NumPy arrays."""

    losses: NDArray[Any]
    grad_V: Gradient
    grad_U: Gradient


def every_size(_: Size) -> float:
    """No work arrays that could be too large."""
    return 0


@dataclass(frozen=True)
class Contender:
    """One row of the table.

    ``prepare`` takes a problem to its own arrays and gives the call that is timed; ``read`` takes
    what the call returns to NumPy, and is not timed. ``gives`` is the form of the gradients by
    V and U. ``entries`` estimates how many numbers it holds at once, ``writes`` how many it writes.
    """

    name: str
    gives: str
    prepare: Callable[[Problem], Call]
    read: Callable[[Any, int], Result]
    entries: Callable[[Size], float] = every_size
    writes: Callable[[Size], float] = every_size
    ours: bool = False


COMPILED = "ours, compiled"  # targets of its own are told by this name
# spacings of floats at 1, by the largest entry: sums of N or B terms, rounded in another order
SPACINGS = 400


class DisagreementError(Exception):
    """A contender's result is not ours."""


def check(name: str, result: Result, reference: Result, size: Size) -> None:
    """Raises DisagreementError, saying which result differs and by how much."""
    for what in Result._fields:
        found, wanted = (dense(getattr(each, what), size.N) for each in (result, reference))
        if found.shape != wanted.shape or found.dtype != wanted.dtype:
            raise DisagreementError(
                f"{name}, {size}: {what} is {found.dtype} {found.shape}, "
                f"not {wanted.dtype} {wanted.shape}"
            )
        error = float(np.abs(found - wanted).max() / np.abs(wanted).max())
        allowed = SPACINGS * float(np.finfo(size.dtype).eps)
        if not error <= allowed:
            raise DisagreementError(
                f"{name}, {size}: {what} differs by {error:.1e} of its largest entry, "
                f"allowed {allowed:.1e}"
            )


def dense(gradient: Gradient, N: int) -> NDArray[Any]:
    """As a whole array. Of a row that is listed twice the last counts: it was not summed."""
    if not isinstance(gradient, Rows):
        return gradient
    kept = gradient.rows < N
    matrix = np.zeros((N, gradient.values.shape[1]), gradient.values.dtype)
    matrix[gradient.rows[kept]] = gradient.values[kept]
    return matrix


MOST_WRITTEN = 2e9


@dataclass(frozen=True)
class Bounds:
    """GiB that are held at once, as estimated, and seconds that the first call takes."""

    memory: float = 6.0
    seconds: float = 20.0

    def too_large(self, contender: Contender, size: Size) -> str | None:
        """Why a contender is not asked at this size."""
        needed = contender.entries(size) * size.itemsize / 2**30
        if needed > self.memory:
            return f"needs about {needed:.1f} GiB (--memory {self.memory:g})"
        if (written := contender.writes(size)) > MOST_WRITTEN:
            return f"writes {written:.1e} numbers a call, more than {MOST_WRITTEN:.0e}"
        return None

    def too_slow(self, seconds: float) -> str | None:
        """Why a contender is not timed after its first call."""
        if seconds > self.seconds:
            return f"the first call took {seconds:.0f} s (--seconds {self.seconds:g})"
        return None
