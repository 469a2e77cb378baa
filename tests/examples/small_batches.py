"""Small random batches of the kernels that the wrappers of torch and JAX are checked with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generated import RowGrad, naive_softmax, negative_sampling

Kernel = Callable[..., tuple[Any, Any, Any]]


@dataclass(frozen=True)
class Batch:
    """A kernel with what it is called with."""

    name: str
    kernel: Kernel
    V: NDArray[np.float64]
    U: NDArray[np.float64]
    words: tuple[NDArray[np.int64], ...]


def _batches() -> list[Batch]:
    rng = np.random.default_rng(0)
    N, B, K = 5, 4, 3

    def matrices() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        V, U = rng.normal(size=(2, N, 2))
        return V, U

    def words(*shape: int) -> NDArray[np.int64]:
        return rng.integers(N, size=shape)

    sampling, softmax = negative_sampling.batch_value_and_grad, naive_softmax.batch_value_and_grad
    random = [
        Batch("softmax", softmax, *matrices(), (words(B), words(B))),
        Batch("sampling", sampling, *matrices(), (words(B), words(B), words(B, K))),
    ]
    repeated = np.array([2, 2, 0, 2])  # centers and outsides, and an outside among its negatives
    negatives = np.array([[2, 4, 4], [1, 1, 1], [3, 0, 3], [2, 2, 2]])
    return [
        *random,
        Batch("softmax, words repeated", softmax, *matrices(), (repeated, repeated)),
        Batch("sampling, words repeated", sampling, *matrices(), (repeated, repeated, negatives)),
    ]


BATCHES = _batches()
SAMPLING = BATCHES[-1]


def sign_lost(*arguments: Any) -> tuple[Any, Any, Any]:
    """The kernel of `SAMPLING`, but one row of the gradient by V has the wrong sign."""
    losses, by_V, by_U = SAMPLING.kernel(*arguments)
    by_V.values[0] *= -1
    return losses, by_V, by_U


def duplicates_lost(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> Any:
    """The kernel of `SAMPLING`, but a repeated negative counts once in the gradient by U."""
    losses, by_V, by_U = SAMPLING.kernel(V, U, centers, outsides, negatives)
    parts = [
        SAMPLING.kernel(V, U, centers[b : b + 1], outsides[b : b + 1], np.unique(drawn)[None])[2]
        for b, drawn in enumerate(negatives)
    ]
    dense = sum(part.dense(len(U)) for part in parts)
    return losses, by_V, RowGrad(by_U.rows, dense[by_U.rows])


def mean_instead(*arguments: Any) -> tuple[Any, Any, Any]:
    """The kernel of `SAMPLING`, but the gradients are those of the mean."""
    losses, by_V, by_U = SAMPLING.kernel(*arguments)
    by_V, by_U = (RowGrad(rows, values / len(losses)) for rows, values in (by_V, by_U))
    return losses, by_V, by_U


FAULTS = (sign_lost, duplicates_lost, mean_instead)
