"""Ours and plain NumPy: batches, pairs, and batches as loops over pairs.

Ours check their arguments. NumPy's batches are products of matrices; the leanest way for a single
pair checks nothing, and does nothing for accuracy alone.
"""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.batch.measure import Call, Contender, Problem, Result, Rows, Size
from generated import RowGrad, naive_softmax, negative_sampling


def softmax_one_by_one(problem: Problem) -> Call:
    """One softmax a pair."""
    V, U = problem.V, problem.U

    def call() -> Result:
        losses = np.empty(len(problem.centers), U.dtype)
        grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)
        for b, (c, o) in enumerate(zip(problem.centers, problem.outsides, strict=True)):
            losses[b], grad_v_c, by_U = naive_softmax.value_and_grad(V[c], o, U)
            grad_V[c] += grad_v_c
            grad_U += by_U
        return Result(losses, grad_V, grad_U)

    return call


def sampling_one_by_one(problem: Problem) -> Call:
    """One pair with its negatives at a time."""
    V, U = problem.V, problem.U
    pairs = list(zip(problem.centers, problem.outsides, problem.negatives, strict=True))

    def call() -> Result:
        losses = np.empty(len(pairs), U.dtype)
        grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)
        for b, (c, o, drawn) in enumerate(pairs):
            losses[b], grad_v_c, by_U = negative_sampling.value_and_grad(V[c], o, U, drawn)
            grad_V[c] += grad_v_c
            grad_U += by_U
        return Result(losses, grad_V, grad_U)

    return call


def _dense_gradients(size: Size) -> float:
    return size.B * size.N * size.d


ONE_AT_A_TIME = {
    part: (Contender("one at a time", "dense, dense", prepare, writes=_dense_gradients),)
    for part, prepare in (("softmax", softmax_one_by_one), ("sampling", sampling_one_by_one))
}


def softmax_workspace(size: Size) -> dict[str, Any]:
    """The keyword with a workspace for batches of this size."""
    return {"work": naive_softmax.Workspace(size.N, size.d, size.B, np.dtype(size.dtype))}


def our_softmax(problem: Problem, kernels: Any = naive_softmax) -> Call:
    """The batch, everything allocated anew."""
    arguments = (problem.V, problem.U, problem.centers, problem.outsides)
    return lambda: kernels.batch_value_and_grad(*arguments)


def our_softmax_reusing(problem: Problem, kernels: Any = naive_softmax) -> Call:
    """The batch in a workspace, which the first call makes: it counts as that call's memory."""
    arguments = (problem.V, problem.U, problem.centers, problem.outsides)
    work = cache(partial(softmax_workspace, problem.size))
    return lambda: kernels.batch_value_and_grad(*arguments, **work())


def our_sampling(problem: Problem, kernels: Any = negative_sampling) -> Call:
    """The batch."""
    arguments = (problem.V, problem.U, problem.centers, problem.outsides, problem.negatives)
    return lambda: kernels.batch_value_and_grad(*arguments)


def our_softmax_pair(problem: Problem, kernels: Any = naive_softmax) -> Call:
    """The first pair."""
    v_c, o, U = problem.V[problem.centers[0]], int(problem.outsides[0]), problem.U
    c = problem.centers[:1]
    return lambda: (c, *kernels.value_and_grad(v_c, o, U))


def our_sampling_pair(problem: Problem, kernels: Any = negative_sampling) -> Call:
    """The first pair."""
    v_c, o, U = problem.V[problem.centers[0]], int(problem.outsides[0]), problem.U
    c, negatives = problem.centers[:1], problem.negatives[0]
    return lambda: (c, *kernels.value_and_grad(v_c, o, U, negatives))


def read_batch(found: tuple[Any, RowGrad, Any], _: int) -> Result:
    """Row-sparse gradients under another name."""
    losses, grad_V, grad_U = found
    return Result(losses, Rows(*grad_V), Rows(*grad_U) if isinstance(grad_U, RowGrad) else grad_U)


def read_pair(found: tuple[Any, float, Any, Any], _: int) -> Result:
    """A batch of one."""
    c, loss, grad_v_c, grad_U = found
    return Result(np.array([loss], grad_U.dtype), Rows(c, grad_v_c[np.newaxis]), grad_U)


def _our_softmax() -> tuple[Contender, ...]:
    forms: dict[str, Any] = {"gives": "rows, dense", "read": read_batch, "ours": True}
    # scores, and what is made of them
    arrays: dict[str, Any] = {"entries": lambda size: 3 * size.B * size.N}
    allocating = Contender("ours", prepare=our_softmax, **forms, **arrays)
    reusing = Contender("ours, work=", prepare=our_softmax_reusing, **forms, **arrays)
    return allocating, reusing


OURS = {
    "softmax": (*_our_softmax(), *ONE_AT_A_TIME["softmax"]),
    "sampling": (
        Contender("ours", "rows, rows", our_sampling, read_batch, ours=True),
        *ONE_AT_A_TIME["sampling"],
    ),
    "softmax_pair": (Contender("ours", "rows, dense", our_softmax_pair, read_pair, ours=True),),
    "sampling_pair": (Contender("ours", "rows, dense", our_sampling_pair, read_pair, ours=True),),
}


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


CONTENDERS = {
    "softmax": (
        *OURS["softmax"],
        Contender("NumPy", "rows, dense", softmax, entries=lambda size: 2 * size.B * size.N),
    ),
    "sampling": (*OURS["sampling"], Contender("NumPy", "rows, rows", sampling)),
    **{part: (*OURS[part], *LEAN[part]) for part in LEAN},
}
