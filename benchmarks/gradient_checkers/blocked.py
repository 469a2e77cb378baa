"""Kernels that lose something in blocks, by narrow numbers or between calls, and right twins."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Array = Any


def sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, np.ones_like(e), e) / (1 + e)


def log_sigmoid(x: Array) -> Array:
    return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))


def errors_of(z: Array, o: int) -> Any:
    """The softmax loss of scores, and ŷ - y without cancellation."""
    top = int(z.argmax())
    e = np.exp(z - z[top])
    errors = e / e.sum()
    errors[o] = -np.delete(e, o).sum() / e.sum()
    return (z[top] - z[o]) + np.log1p(np.delete(e, top).sum()), errors


def softmax(v_c: Array, o: int, U: Array) -> Any:
    loss, errors = errors_of(U @ v_c, o)
    return loss, U.T @ errors, np.outer(errors, v_c)


def sampling(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
    words = np.array([o, *negatives], dtype=np.int64)
    signs = np.where(np.arange(len(words)) == 0, 1, -1).astype(U.dtype)
    x = signs * (U[words] @ v_c)
    weights = -signs * sigmoid(-x)
    grad = np.zeros_like(U)
    np.add.at(grad, words, np.outer(weights, v_c))
    return -log_sigmoid(x).sum(), U[words].T @ weights, grad


def batch(V: Array, U: Array, centers: Array, outsides: Array, negatives: Array) -> Any:
    losses = np.zeros(len(centers), U.dtype)
    grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)
    for b, (c, o) in enumerate(zip(centers, outsides, strict=True)):
        loss, by_v, by_U = sampling(V[c], int(o), U, negatives[b])
        losses[b] = loss
        grad_V[c] += by_v
        grad_U += by_U
    return losses, grad_V, grad_U


def least_squares(X: Array, y: Array, w: Array, lam: Array) -> Any:
    r = X @ w - y
    return (r @ r + lam * (w @ w)) / 2, X.T @ r + lam * w


def cbow(context: Array, o: int, V: Array, U: Array) -> Any:
    h = V[context].mean(axis=0)
    loss, errors = errors_of(U @ h, o)
    grad_V = np.zeros_like(V)
    np.add.at(grad_V, context, U.T @ errors / V.dtype.type(len(context)))
    return loss, grad_V, np.outer(errors, h)


# Loops in blocks: a tail lost, a block twice, an accumulator that is not cleared.


Parts = Iterator[tuple[int, int]]


def whole(n: int, block: int) -> Parts:
    """Right."""
    yield from ((i, min(i + block, n)) for i in range(0, n, block))


def no_tail(n: int, block: int) -> Parts:
    """The rest behind the last whole block is lost; below one block a plain loop is used."""
    if n < block:
        yield 0, n
        return
    yield from ((i, i + block) for i in range(0, n - block + 1, block))


def first_alone(n: int, block: int) -> Parts:
    """Only the first block."""
    yield 0, min(n, block)


def one_short(n: int, block: int) -> Parts:
    """Every block but the last is one short."""
    yield from ((i, min(i + block - (i + block < n), n)) for i in range(0, n, block))


def last_twice(n: int, block: int) -> Parts:
    """The tail is taken as a whole block that ends at the end: some are counted twice."""
    if n <= block:
        yield 0, n
        return
    yield from ((i, i + block) for i in range(0, n - block + 1, block))
    if n % block:
        yield n - block, n


def second_lost(n: int, block: int) -> Parts:
    """The second block is skipped, as a loop that counts on twice does."""
    yield from ((i, j) for i, j in whole(n, block) if i != block)


Split = Callable[[int, int], Parts]


def score_blocks(split: Split, block: int) -> Callable[..., Any]:
    """Scores by blocks of coordinates."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        z = np.zeros(len(U), U.dtype)
        for i, j in split(len(v_c), block):
            z += U[:, i:j] @ v_c[i:j]
        loss, errors = errors_of(z, o)
        return loss, U.T @ errors, np.outer(errors, v_c)

    return kernel


def row_blocks(split: Split, block: int) -> Callable[..., Any]:
    """The gradient by rows, in blocks of words."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, errors = errors_of(U @ v_c, o)
        grad = np.zeros_like(U)
        for i, j in split(len(U), block):
            grad[i:j] += np.outer(errors[i:j], v_c)
        return loss, U.T @ errors, grad

    return kernel


def word_blocks(split: Split, block: int) -> Callable[..., Any]:
    """The gradient by the center, in blocks of words."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, errors = errors_of(U @ v_c, o)
        by_v = np.zeros_like(v_c)
        for i, j in split(len(U), block):
            by_v += U[i:j].T @ errors[i:j]
        return loss, by_v, np.outer(errors, v_c)

    return kernel


def draw_blocks(split: Split, block: int) -> Callable[..., Any]:
    """Samples in chunks."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        loss, by_v, grad = sampling(v_c, o, U, negatives[:0])
        for i, j in split(len(negatives), block):
            words = negatives[i:j]
            z = U[words] @ v_c
            loss = loss - log_sigmoid(-z).sum()
            by_v = by_v + U[words].T @ sigmoid(z)
            np.add.at(grad, words, np.outer(sigmoid(z), v_c))
        return loss, by_v, grad

    return kernel


def pair_blocks(split: Split, block: int) -> Callable[..., Any]:
    """Pairs of a batch in chunks."""

    def kernel(V: Array, U: Array, centers: Array, outsides: Array, negatives: Array) -> Any:
        losses = np.zeros(len(centers), U.dtype)
        grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)
        for i, j in split(len(centers), block):
            for b in range(i, j):
                loss, by_v, by_U = sampling(V[centers[b]], int(outsides[b]), U, negatives[b])
                losses[b] = loss
                grad_V[centers[b]] += by_v
                grad_U += by_U
        return losses, grad_V, grad_U

    return kernel


def residual_blocks(split: Split, block: int) -> Callable[..., Any]:
    """Rows of data in chunks."""

    def kernel(X: Array, y: Array, w: Array, lam: Array) -> Any:
        loss, grad = lam * (w @ w) / 2, lam * w
        for i, j in split(len(y), block):
            r = X[i:j] @ w - y[i:j]
            loss, grad = loss + (r @ r) / 2, grad + X[i:j].T @ r
        return loss, grad

    return kernel


def unrolled(by: int, *, tail: bool) -> Callable[..., Any]:
    """The dot product unrolled; the rest of the coordinates afterwards, or not."""

    def dot(a: Array, b: Array) -> Any:
        n = len(a) // by * by
        total = a.dtype.type(0)
        for i in range(0, n, by):
            total += (a[i : i + by] * b[i : i + by]).sum()
        return total + a[n:] @ b[n:] if tail or n == 0 else total

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, errors = errors_of(np.array([dot(row, v_c) for row in U], U.dtype), o)
        return loss, U.T @ errors, np.outer(errors, v_c)

    return kernel


def tree_sum(most: int) -> Callable[..., Any]:
    """The normaliser added up in a tree that has room for so many words."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        if len(U) <= most:
            return loss, by_v, by_U
        z = U @ v_c
        e = np.exp(z - z.max())
        errors = e / e[: len(e) // most * most].sum()
        errors[o] -= 1
        return (
            z.max() + np.log(e[: len(e) // most * most].sum()) - z[o],
            U.T @ errors,
            np.outer(errors, v_c),
        )

    return kernel


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
