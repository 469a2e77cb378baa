"""A way to compute losses and gradients, whose results have to agree and which has to be small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.batch.problem import Problem, Size


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
