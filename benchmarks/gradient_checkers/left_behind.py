"""Kernels wrong by numbers too narrow from some size on, or by what a call leaves behind."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.blocked import (
    Array,
    batch,
    cbow,
    errors_of,
    sampling,
    sigmoid,
    softmax,
)


def words_as(kind: str) -> Callable[..., Any]:
    """Words kept as small integers, which wrap around."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        few = negatives.astype(kind).astype(np.int64) % len(U)
        return sampling(v_c, o, U, few)

    return kernel


def outside_as(kind: str) -> Callable[..., Any]:
    """The outside word kept as a small integer."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        return softmax(v_c, int(np.array(o).astype(kind)) % len(U), U)

    return kernel


def counts_as(kind: str) -> Callable[..., Any]:
    """How often a word was drawn, kept as a small integer."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        loss, by_v, _ = sampling(v_c, o, U, negatives)
        _, _, grad = sampling(v_c, o, U, negatives[:0])
        words, counts = np.unique(negatives, return_counts=True)
        for word, count in zip(words, counts.astype(kind), strict=True):
            _, _, twice = sampling(v_c, o, U, np.array([word]))
            grad += U.dtype.type(count) * (twice - sampling(v_c, o, U, negatives[:0])[2])
        return loss, by_v, grad

    return kernel


def flat_as(kind: str) -> Callable[..., Any]:
    """Rows of a flat buffer found by a small integer."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, errors = errors_of(U @ v_c, o)
        flat = np.zeros(U.size, U.dtype)
        starts = (np.arange(len(U)) * U.shape[1]).astype(kind).astype(np.int64) % max(U.size, 1)
        for start, error in zip(starts, errors, strict=True):
            stop = min(start + U.shape[1], U.size)
            flat[start:stop] = (error * v_c)[: stop - start]
        return loss, U.T @ errors, flat.reshape(U.shape)

    return kernel


def centers_as(kind: str) -> Callable[..., Any]:
    """Center words of a batch kept as small integers."""

    def kernel(V: Array, U: Array, centers: Array, outsides: Array, negatives: Array) -> Any:
        return batch(V, U, centers.astype(kind).astype(np.int64) % len(V), outsides, negatives)

    return kernel


def context_as(kind: str) -> Callable[..., Any]:
    """Context words kept as small integers."""

    def kernel(context: Array, o: int, V: Array, U: Array) -> Any:
        return cbow(context.astype(kind).astype(np.int64) % len(V), o, V, U)

    return kernel


def length_as(kind: str) -> Callable[..., Any]:
    """The number of samples kept as a small integer, for a slice."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        return sampling(v_c, o, U, negatives[: int(np.array(len(negatives)).astype(kind))])

    return kernel


def half_from(size: int) -> Callable[..., Any]:
    """Half precision "for speed" where there are many words."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        z = U @ v_c
        if len(U) >= size:
            z = z.astype(np.float16).astype(U.dtype)
        loss, errors = errors_of(z, o)
        return loss, U.T @ errors, np.outer(errors, v_c)

    return kernel


def slots(most: int) -> Callable[..., Any]:
    """Rows are gathered in so many slots; samples that find none are dropped."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        loss, by_v, grad = sampling(v_c, o, U, negatives)
        grad[np.unique(negatives)[most:]] = 0
        return loss, by_v, grad

    return kernel


def single_from(size: int) -> Callable[..., Any]:
    """Scores in single precision from so many coordinates on."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        z = U @ v_c
        if len(v_c) >= size:
            z = z.astype(np.float32).astype(U.dtype)
        loss, errors = errors_of(z, o)
        return loss, U.T @ errors, np.outer(errors, v_c)

    return kernel


# What a call leaves behind: buffers, caches, counters, random states.


def growing_buffer(*, cleared: bool) -> Callable[..., Any]:
    """A buffer that grows, and is cleared only when it does: what a larger input left stays."""
    kept = np.zeros((0, 0))

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        nonlocal kept
        if kept.shape[0] < U.shape[0] or kept.shape[1] < U.shape[1] or kept.dtype != U.dtype:
            shape = max(kept.shape[0], U.shape[0]), max(kept.shape[1], U.shape[1])
            kept = np.zeros(shape, U.dtype)
        here = kept[: U.shape[0], : U.shape[1]]
        if cleared:
            here[...] = 0
        loss, by_v, grad = sampling(v_c, o, U, negatives)
        words = np.unique([o, *negatives])
        here[words] = grad[words]
        result = here.copy()
        if cleared or len(U) < 7:
            here[words] = 0
        return loss, by_v, result

    return kernel


def score_buffer(*, whole: bool) -> Callable[..., Any]:
    """Scores in a buffer as long as the longest vocabulary; the normaliser runs over all of it."""
    kept = np.full(0, -np.inf)

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        nonlocal kept
        n = len(U)
        if len(kept) < n or kept.dtype != U.dtype:
            kept = np.full(max(n, 16), -np.inf, U.dtype)
        kept[:n] = U @ v_c
        if n < 8 or not whole:
            kept[n:] = -np.inf
        z = kept.copy()
        loss, errors = errors_of(z[: max(n, int(np.isfinite(z).sum()))], o)
        return loss, U.T @ errors[:n], np.outer(errors[:n], v_c)

    return kernel


def by_key(key: Callable[[Array, int, Array], Any], *, most: int = 0) -> Callable[..., Any]:
    """The gradient remembered by a key that does not tell inputs apart, from some size on."""
    kept: dict[Any, Any] = {}

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        if len(U) <= most:
            return softmax(v_c, o, U)
        at = key(v_c, o, U)
        if at not in kept:
            kept[at] = softmax(v_c, o, U)
        loss, by_v, by_U = kept[at]
        return loss, by_v.copy(), by_U.copy()

    return kernel


def memory_key(v_c: Array, o: int, U: Array) -> Any:
    """Where U lies, which stays when its numbers change."""
    return U.__array_interface__["data"][0], U.shape, v_c.tobytes(), o


def bytes_key(v_c: Array, o: int, U: Array) -> Any:
    """All that there is: right."""
    return v_c.tobytes(), o, U.tobytes(), U.shape, U.dtype.str


def shape_and_sum(v_c: Array, o: int, U: Array) -> Any:
    """Same shape, same sums."""
    return U.shape, U.dtype.str, o, float(np.round(v_c.sum(), 6)), float(np.round(U.sum(), 6))


def shape_and_corner(v_c: Array, o: int, U: Array) -> Any:
    """Same shape, same first entries."""
    return U.shape, U.dtype.str, o, float(v_c[0]), float(U[0, 0])


def only_shape(v_c: Array, o: int, U: Array) -> Any:
    """Same shape."""
    return U.shape, U.dtype.str, o


def after_calls(first: int, *, wrong: float) -> Callable[..., Any]:
    """From one call on everything is a little larger."""
    calls = 0

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        nonlocal calls
        calls += 1
        loss, by_v, by_U = softmax(v_c, o, U)
        by = U.dtype.type(1 + wrong * (calls >= first))
        return loss, by_v * by, by_U * by

    return kernel


def every(period: int, *, wrong: float) -> Callable[..., Any]:
    """Every so often a row of the gradient is lost."""
    calls = 0

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        nonlocal calls
        calls += 1
        loss, by_v, grad = sampling(v_c, o, U, negatives)
        if calls % period == 0:
            grad = grad * U.dtype.type(1 - wrong)
        return loss, by_v, grad

    return kernel


def counter_as(kind: str, *, wrong: bool) -> Callable[..., Any]:
    """A counter of calls that wraps around; a table is filled again then, wrongly."""
    calls = np.zeros(1, kind)

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        with np.errstate(all="ignore"):
            calls[0] += 1
        loss, by_v, by_U = softmax(v_c, o, U)
        lost = wrong and int(calls[0]) == int(np.iinfo(kind).min)
        return loss, by_v * U.dtype.type(0 if lost else 1), by_U

    return kernel


def rare_dropout(rate: float) -> Callable[..., Any]:
    """Dropout left on at a small rate, by the global random numbers."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        if np.random.random() < rate:
            by_U = by_U * 0
        return loss, by_v, by_U

    return kernel


def seeded(*, numpy: bool) -> Callable[..., Any]:
    """Wrong once the global random state is another than at import."""
    state = np.random.get_state()[1][:3].tolist() if numpy else random.getstate()[1][:3]

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        now = np.random.get_state()[1][:3].tolist() if numpy else random.getstate()[1][:3]
        loss, by_v, by_U = softmax(v_c, o, U)
        return (loss, by_v, by_U) if now == state else (loss, -by_v, by_U)

    return kernel


def drawing(*, right: bool) -> Callable[..., Any]:
    """Reads the global random numbers and does not use them; or, once in two hundred, does."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        number = random.random()
        loss, by_v, grad = sampling(v_c, o, U, negatives)
        return (loss, by_v, grad) if right or number > 0.005 else (loss + 1, by_v, grad)

    return kernel


def full_cache(most: int, *, cleared: bool) -> Callable[..., Any]:
    """A cache of probabilities with room for so many inputs; what comes then has the last one."""
    kept: dict[bytes, Any] = {}

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        key = b"|".join(
            [v_c.tobytes(), U.tobytes(), negatives.tobytes(), str((o, U.dtype)).encode()]
        )
        if cleared and len(kept) >= most:
            kept.clear()
        if key not in kept and len(kept) < most:
            kept[key] = sigmoid(U @ v_c)
        loss, by_v, grad = sampling(v_c, o, U, negatives)
        if key in kept:
            return loss, by_v, grad
        return loss, by_v, grad * U.dtype.type(0.5)

    return kernel
