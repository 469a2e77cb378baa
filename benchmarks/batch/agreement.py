"""Nothing is timed that computes something else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.batch.contender import Gradient, Result, Rows
from benchmarks.batch.size import Size

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
