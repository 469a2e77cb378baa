"""NumPy: batches as products of matrices, and the leanest way for a single pair.

For a pair nothing is checked, and nothing done for accuracy alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.batch.measure import Call, Contender, Problem, Result, Rows


def softmax_pair(problem: Problem) -> Call:
    """The shifted softmax."""
    v, o, U, c = problem.V[problem.centers[0]], problem.outsides[0], problem.U, problem.centers[:1]

    def call() -> Result:
        scores = U @ v
        scores -= scores.max()
        picked = scores[o]
        np.exp(scores, out=scores)
        total = scores.sum()
        scores /= total
        scores[o] -= 1
        return Result(np.log(total) - picked, Rows(c, scores @ U), scores[:, np.newaxis] * v)

    return call


def sampling_pair(problem: Problem) -> Call:
    """Not stable: the exponential of a score overflows above 709, or 88 in float32."""
    v, o, U, c = problem.V[problem.centers[0]], problem.outsides[0], problem.U, problem.centers[:1]
    negatives = problem.negatives[0]

    def call() -> Result:
        words = np.concatenate(([o], negatives))
        u = U[words]
        growth = u @ v
        growth[0] *= -1
        np.exp(growth, out=growth)
        loss = np.log1p(growth).sum()
        growth /= 1 + growth
        growth[0] *= -1
        grad_U = np.zeros_like(U)
        for word, row in zip(words.tolist(), growth[:, np.newaxis] * v, strict=True):
            grad_U[word] += row
        return Result(loss, Rows(c, growth @ u), grad_U)

    return call


def _pair(found: Result, _: int) -> Result:
    losses, (c, grad_v_c), grad_U = found
    return Result(np.reshape(losses, 1), Rows(c, grad_v_c[np.newaxis]), grad_U)


LEAN = {
    "softmax_pair": (Contender("leanest NumPy", "rows, dense", softmax_pair, _pair),),
    "sampling_pair": (Contender("leanest NumPy", "rows, dense", sampling_pair, _pair),),
}


MANY = 1000  # words, from which on counting by columns is faster than sorting


def softmax(problem: Problem) -> Call:
    """One (B, N) array, overwritten step by step."""
    V, U, outsides, centers = problem.V, problem.U, problem.outsides, problem.centers
    pairs = np.arange(len(centers))

    def call() -> Result:
        v = V[centers]
        scores = v @ U.T
        scores -= scores.max(axis=1, keepdims=True)
        picked = scores[pairs, outsides]
        np.exp(scores, out=scores)
        totals = scores.sum(axis=1, keepdims=True)
        scores[pairs, outsides] -= totals[:, 0]
        losses = np.log(totals[:, 0]) - picked
        grad_v = scores @ U
        grad_v /= totals  # B d divisions, not B N
        return Result(losses, summed(centers, grad_v), scores.T @ (v / totals))

    return call


def sampling(problem: Problem) -> Call:
    """Rows gathered, products batched, and the outer products added up by word."""
    V, U, centers = problem.V, problem.U, problem.centers

    def call() -> Result:
        words, v = np.column_stack([problem.outsides, problem.negatives]), V[centers]
        losses, errors, grad_v = scored(np.take(U, words, axis=0), v)
        add = by_columns if words.size > MANY else by_sorting
        return Result(losses, summed(centers, grad_v), add(words, errors, v))

    return call


def scored(u: NDArray[Any], v: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Losses (B,), errors (B, K + 1) and the gradient by v (B, d) of gathered rows, outside first.

    With z the score, taken negative for the samples: the loss is log(1 + exp(−z)).
    """
    scores = np.einsum("bkd,bd->bk", u, v)
    scores[:, 1:] *= -1
    decay = np.exp(-np.abs(scores))
    losses = (np.log1p(decay) - np.minimum(scores, 0)).sum(axis=1)
    errors = np.where(scores >= 0, decay, 1) / (1 + decay)
    errors[:, 0] *= -1
    return losses, errors, (errors[:, np.newaxis] @ u)[:, 0]


def by_sorting(words: NDArray[np.intp], errors: NDArray[Any], v: NDArray[Any]) -> Rows:
    """All outer products, sorted."""
    products = errors[:, :, np.newaxis] * v[:, np.newaxis]
    return summed(words.ravel(), products.reshape(-1, v.shape[1]))


def by_columns(words: NDArray[np.intp], errors: NDArray[Any], v: NDArray[Any]) -> Rows:
    """One entry of the vectors after the other, counted with weights."""
    rows, place = distinct(words.ravel())
    values = np.empty((v.shape[1], len(rows)), v.dtype)
    for column, entries in zip(values, np.ascontiguousarray(v.T), strict=True):
        weights = errors * entries[:, np.newaxis]
        column[:] = np.bincount(place, weights.ravel(), len(rows))
    return Rows(rows, values.T)


def distinct(words: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The distinct words, sorted, and where each word is among them; nothing is sorted for it."""
    place = np.zeros(words.max() + 1, np.intp)
    place[words] = 1
    rows = np.flatnonzero(place)
    place[rows] = np.arange(len(rows))
    return rows, place[words]


def summed(words: NDArray[np.intp], values: NDArray[Any]) -> Rows:
    """One row a word."""
    order = np.argsort(words, kind="stable")
    ordered = words[order]
    first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return Rows(ordered[first], np.add.reduceat(values[order], first, axis=0))


def _as_it_is(found: Any, _: int) -> Result:
    return found


CONTENDERS = {
    "softmax": (
        Contender(
            "NumPy", "rows, dense", softmax, _as_it_is, entries=lambda size: 2 * size.B * size.N
        ),
    ),
    "sampling": (Contender("NumPy", "rows, rows", sampling, _as_it_is),),
    **LEAN,
}
