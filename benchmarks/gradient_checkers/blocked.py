"""Kernels that loop in blocks and lose something there, and the right ones that they spoil."""

from __future__ import annotations

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
