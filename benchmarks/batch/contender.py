"""A way to compute losses and gradients, and its results in a common form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.batch.problem import Problem
from benchmarks.batch.size import Size


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
