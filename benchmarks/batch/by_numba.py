"""Numba: loops by hand, one over pairs, rows added to as they come; and our own loops.

Not fastmath, compiled before they are timed. By hand, distinct rows are listed as they are met.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp, log1p
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.batch import by_numpy
from benchmarks.batch.measure import COMPILED, Call, Contender, Problem, Result, Rows
from generated.compiled import naive_softmax, negative_sampling


@njit
def slot(word: int, slots: NDArray[Any], rows: NDArray[Any], count: int) -> tuple[int, int]:
    """Where the row of a word is kept, and how many there are now."""
    if slots[word] < 0:
        slots[word] = count
        rows[count] = word
        count += 1
    return slots[word], count


@njit
def fused(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> tuple[Any, ...]:
    """Losses, and the touched rows of both gradients with their sums."""
    (N, d), (B, K) = U.shape, negatives.shape
    one = U.dtype.type(1)
    losses = np.zeros(B, U.dtype)
    slots_V, slots_U = np.full(N, -1, np.int32), np.full(N, -1, np.int32)
    rows_V, rows_U = np.empty(min(N, B), np.intp), np.empty(min(N, B * (K + 1)), np.intp)
    grad_V, grad_U = np.zeros((len(rows_V), d), U.dtype), np.zeros((len(rows_U), d), U.dtype)
    count_V, count_U = 0, 0
    for b in range(B):
        v = V[centers[b]]
        at_V, count_V = slot(centers[b], slots_V, rows_V, count_V)
        for k in range(-1, K):
            word = outsides[b] if k < 0 else negatives[b, k]
            at_U, count_U = slot(word, slots_U, rows_U, count_U)
            u = U[word]
            score = one - one
            for i in range(d):
                score += u[i] * v[i]
            signed = score if k < 0 else -score
            decay = U.dtype.type(exp(-abs(signed)))
            losses[b] += U.dtype.type(log1p(decay)) - min(signed, one - one)
            error = (decay if signed >= 0 else one) / (one + decay)
            if k < 0:
                error = -error
            for i in range(d):
                grad_V[at_V, i] += error * u[i]
                grad_U[at_U, i] += error * v[i]
    return losses, rows_V[:count_V], grad_V[:count_V], rows_U[:count_U], grad_U[:count_U]


def sampling(problem: Problem) -> Call:
    """The whole batch."""
    arguments = (problem.V, problem.U, problem.centers, problem.outsides, problem.negatives)
    return lambda: fused(*arguments)


def _read(found: tuple[Any, ...], _: int) -> Result:
    losses, rows_V, grad_V, rows_U, grad_U = found
    return Result(losses, Rows(rows_V, grad_V), Rows(rows_U, grad_U))


def _compiled(part: str, call: Callable[..., Call], kernels: Any) -> Contender:
    """Ours as compiled loops, argument checks included."""

    def prepare(problem: Problem) -> Call:
        return call(problem, kernels)

    return replace(by_numpy.OURS[part][0], name=COMPILED, prepare=prepare)


CONTENDERS = {
    "softmax": (
        _compiled("softmax", by_numpy.our_softmax, naive_softmax),
        replace(
            _compiled("softmax", by_numpy.our_softmax_reusing, naive_softmax),
            name=f"{COMPILED}, work=",
        ),
    ),
    "sampling": (
        Contender("Numba", "rows, rows", sampling, _read),
        _compiled("sampling", by_numpy.our_sampling, negative_sampling),
    ),
    "softmax_pair": (_compiled("softmax_pair", by_numpy.our_softmax_pair, naive_softmax),),
    "sampling_pair": (_compiled("sampling_pair", by_numpy.our_sampling_pair, negative_sampling),),
}
