"""The least time of a softmax batch on this machine, from rates measured in the same rounds.

    6 B N d / peak + itemsize (2 N d + 2 B d) / bandwidth

Three products of B, N and d cannot be avoided: the scores, and the gradients by the center vectors
and by U. The peak is the best rate of NumPy's own products into arrays that exist, a square one or
these three. U and the rows of V have to be read and their gradients written; the bandwidth is that
of copying U, from whichever cache it is in, to an array that exists. Exponentials, the (B, N)
scores, which could stay in a cache, and allocation count as nothing. Rates are medians over the
rounds, as the times are.
"""

from __future__ import annotations

import numpy as np

from benchmarks.batch.clock import Timed
from benchmarks.batch.contender import Call
from benchmarks.batch.problem import Problem
from benchmarks.batch.size import Size

SQUARE = "square product"
THREE = "three products"
COPY = "copy"
SIDE = 1024


def calls(problem: Problem) -> dict[str, Call]:
    """What is timed beside the contenders."""
    v, U = problem.V[problem.centers], problem.U
    scores, grad_v, grad_U = v @ U.T, np.empty_like(v), np.empty_like(U)
    left = np.ones((SIDE, SIDE), U.dtype)
    right, product = np.ones_like(left), np.empty_like(left)
    copy = np.ones_like(U)

    def three() -> None:
        np.matmul(v, U.T, out=scores)
        np.matmul(scores, U, out=grad_v)
        np.matmul(scores.T, v, out=grad_U)

    return {
        SQUARE: lambda: np.matmul(left, right, out=product),
        THREE: three,
        COPY: lambda: np.copyto(copy, U),
    }


def operations(size: Size) -> float:
    """Additions and multiplications of the three products."""
    return 6.0 * size.B * size.N * size.d


def peak(size: Size, timed: dict[str, Timed]) -> float:
    """Operations a second."""
    return max(2.0 * SIDE**3 / timed[SQUARE].median, operations(size) / timed[THREE].median)


def bandwidth(size: Size, timed: dict[str, Timed]) -> float:
    """Bytes a second, those read and those written."""
    return 2.0 * size.itemsize * size.N * size.d / timed[COPY].median


def limit(size: Size, timed: dict[str, Timed]) -> float:
    """Seconds."""
    moved = size.itemsize * 2.0 * size.d * (size.N + size.B)
    return operations(size) / peak(size, timed) + moved / bandwidth(size, timed)
