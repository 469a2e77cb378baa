"""Kernels made to escape a checker, each with its correct twin.

They are right wherever small inputs reach and wrong beyond: from a size on, in blocks, with narrow
integers, with what a call leaves behind, at special values, or after many calls. Those that are
wrong on inputs only that no contract here covers (ten thousand words, half precision) say so.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.planted import (
    CBOW,
    SAMPLING,
    SAMPLING_BATCH,
    SOFTMAX,
    Kernel,
    Subject,
)

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


Test = Callable[[Array, int, Array], bool]


def softmax_where(test: Test, part: int = 2, by: float = 0.5) -> Callable[..., Any]:
    """One result of the softmax is a multiple of what is right, where a test holds."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        found = list(softmax(v_c, o, U))
        if test(v_c, o, U):
            found[part] = found[part] * U.dtype.type(by)
        return tuple(found)

    return kernel


def sampling_where(
    test: Callable[[Array, int, Array, Array], bool], part: int = 2, by: float = 0.5
) -> Callable[..., Any]:
    """The same of negative sampling."""

    def kernel(v_c: Array, o: int, U: Array, negatives: Array) -> Any:
        found = list(sampling(v_c, o, U, negatives))
        if test(v_c, o, U, negatives):
            found[part] = found[part] * U.dtype.type(by)
        return tuple(found)

    return kernel


def batch_where(test: Callable[[int, int, int, int], bool], by: float = 0.5) -> Callable[..., Any]:
    """The gradient of a batch by U, where a test of its sizes (N, d, B, K) holds."""

    def kernel(V: Array, U: Array, centers: Array, outsides: Array, negatives: Array) -> Any:
        losses, by_V, by_U = batch(V, U, centers, outsides, negatives)
        if test(*U.shape, *negatives.shape):
            by_U = by_U * U.dtype.type(by)
        return losses, by_V, by_U

    return kernel


def early_return(*, right: bool) -> Callable[..., Any]:
    """Nothing is computed where v is zero; the gradient by v is not zero there, though."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        if v_c.any() or right:
            return softmax(v_c, o, U)
        return softmax(v_c, o, U)[0], np.zeros_like(v_c), np.zeros_like(U)

    return kernel


def minus_zero(*, right: bool) -> Callable[..., Any]:
    """The sign bit of v's first entry taken for the sign of a score."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        if not right and (v_c == 0).all() and np.signbit(v_c).all():
            by_v = -by_v
        return loss, by_v, by_U

    return kernel


def flushed(*, right: bool) -> Callable[..., Any]:
    """A vector of subnormal numbers taken for a missing one: the loss is 0."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, U)
        small = v_c.any() and float(np.abs(v_c).max()) < np.finfo(U.dtype).tiny
        return (loss * 0, by_v, by_U) if small and not right else (loss, by_v, by_U)

    return kernel


def shortened(most: float) -> Callable[..., Any]:
    """Rows longer than so much are brought to that length, as an embedding with max_norm does."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        lengths = np.sqrt((U * U).sum(axis=1, keepdims=True))
        by = np.where(lengths > most, most / np.where(lengths > most, lengths, 1), 1)
        return softmax(v_c, o, U * by.astype(U.dtype))

    return kernel


def scored_once(v_c: Array, o: int, U: Array) -> Any:
    """Rows that begin and end alike are taken for one."""
    seen: dict[Any, Any] = {}
    z = np.array([seen.setdefault((*row[:1], *row[-1:]), row @ v_c) for row in U], U.dtype)
    loss, errors = errors_of(z, o)
    return loss, U.T @ errors, np.outer(errors, v_c)


def penalty_from(least: float) -> Callable[..., Any]:
    """A penalty below so much is taken for none."""

    def kernel(X: Array, y: Array, w: Array, lam: Array) -> Any:
        return least_squares(X, y, w, lam if lam > least else lam * 0)

    return kernel


def capped(most: float) -> Callable[..., Any]:
    """Entries of U above a cap taken for rubbish."""

    def kernel(v_c: Array, o: int, U: Array) -> Any:
        loss, by_v, by_U = softmax(v_c, o, np.minimum(U, U.dtype.type(most)))
        return loss, by_v, by_U

    return kernel


# All of them: which kernel, of which subject, and whether the contract covers what shows it.


HOMEWORK = Path(__file__).parents[2] / "examples" / "homework.md"
SQUARES = Subject(
    ("J", "a.1"),
    {},
    {"X": (5, 4), "y": (5,), "w": (4,), "lam": ()},
    {"X": "X", "y": "y", "w": "w", "lam": "λ"},
    HOMEWORK,
    by=("w",),
)
Make = Callable[[], Callable[..., Any]]


@dataclass(frozen=True)
class Escape:
    """``covered``: some input within the contract shows it. ``twin`` names a correct one."""

    kernel: Kernel
    covered: bool = True


def _of(subject: Subject, name: str, what: str, make: Make) -> Kernel:
    return Kernel(name, what, subject, make)


def _escape(subject: Subject, what: str, make: Make, *, covered: bool = True) -> Escape:
    return Escape(_of(subject, what.replace(" ", "_"), what, make), covered)


def _blocked() -> list[Escape]:
    faults = (
        (score_blocks, SOFTMAX, "coordinates", (no_tail, 8), (no_tail, 16),
         (first_alone, 8), (second_lost, 64)),
        (row_blocks, SOFTMAX, "rows", (no_tail, 8), (one_short, 32),
         (last_twice, 16), (first_alone, 256)),
        (word_blocks, SOFTMAX, "words", (no_tail, 128), (last_twice, 64),
         (second_lost, 1024)),
        (draw_blocks, SAMPLING, "samples", (no_tail, 8), (last_twice, 8),
         (first_alone, 32), (one_short, 16)),
        (pair_blocks, SAMPLING_BATCH, "pairs", (no_tail, 16),
         (last_twice, 32), (first_alone, 128)),
        (residual_blocks, SQUARES, "residuals", (no_tail, 8),
         (one_short, 64), (last_twice, 128)),
    )  # fmt: skip
    found = []
    for make, subject, what, *each in faults:
        for split, block in each:
            name = f"{what} in blocks of {block}, {split.__name__}"
            found.append(
                _escape(subject, name, lambda m=make, s=split, b=block: m(s, b))  # type: ignore[misc]
            )
    found += [
        _escape(SOFTMAX, "unrolled by 4, no tail", lambda: unrolled(4, tail=False)),
        _escape(SOFTMAX, "unrolled by 16, no tail", lambda: unrolled(16, tail=False)),
        _escape(SOFTMAX, "normaliser of 32 words at a time", lambda: tree_sum(32)),
    ]
    return found


def _narrow() -> list[Escape]:
    return [
        _escape(SAMPLING, "samples as int8", lambda: words_as("int8")),
        _escape(SAMPLING, "samples as uint8", lambda: words_as("uint8")),
        _escape(SOFTMAX, "outside word as int8", lambda: outside_as("int8")),
        _escape(SOFTMAX, "outside word as uint8", lambda: outside_as("uint8")),
        _escape(SAMPLING, "counts as int8", lambda: counts_as("int8")),
        _escape(SAMPLING, "counts as uint8", lambda: counts_as("uint8")),
        _escape(SOFTMAX, "flat places as int8", lambda: flat_as("int8")),
        _escape(SOFTMAX, "flat places as uint8", lambda: flat_as("uint8")),
        _escape(SAMPLING_BATCH, "centers as int8", lambda: centers_as("int8")),
        _escape(SAMPLING_BATCH, "centers as uint8", lambda: centers_as("uint8")),
        _escape(CBOW, "context as int8", lambda: context_as("int8")),
        _escape(SAMPLING, "number of samples as int8", lambda: length_as("int8")),
        _escape(SOFTMAX, "half precision from 1000 words", lambda: half_from(1000)),
        _escape(SOFTMAX, "single precision from 64 coordinates", lambda: single_from(64)),
        _escape(SAMPLING, "samples as int16", lambda: words_as("int16"), covered=False),
        _escape(SOFTMAX, "half precision from 10000 words", lambda: half_from(10_000),
                covered=False),
    ]  # fmt: skip


def _kept() -> list[Escape]:
    return [
        _escape(SAMPLING, "buffer not cleared", lambda: growing_buffer(cleared=False)),
        _escape(SOFTMAX, "normaliser over the whole buffer",
                lambda: score_buffer(whole=True)),
        _escape(SOFTMAX, "cached by shape and sums", lambda: by_key(shape_and_sum)),
        _escape(SOFTMAX, "cached by shape and corner", lambda: by_key(shape_and_corner)),
        _escape(SOFTMAX, "cached by shape above 6 words",
                lambda: by_key(only_shape, most=6)),
        _escape(SOFTMAX, "larger from call 500", lambda: after_calls(500, wrong=0.01)),
        _escape(SOFTMAX, "larger from call 256", lambda: after_calls(256, wrong=1e-6)),
        _escape(SOFTMAX, "larger from call 100000", lambda: after_calls(100_000, wrong=1.0),
                covered=False),
        _escape(SAMPLING, "every hundredth call", lambda: every(100, wrong=0.5)),
        _escape(SAMPLING, "every 333rd call", lambda: every(333, wrong=1e-5)),
        _escape(SOFTMAX, "counter of calls as int8", lambda: counter_as("int8", wrong=True)),
        _escape(SOFTMAX, "dropout at one in a hundred", lambda: rare_dropout(0.01)),
        _escape(SOFTMAX, "another NumPy random state", lambda: seeded(numpy=True)),
        _escape(SOFTMAX, "another Python random state", lambda: seeded(numpy=False)),
        _escape(SAMPLING, "one in two hundred at random", lambda: drawing(right=False)),
        _escape(SAMPLING, "cache of 400 inputs", lambda: full_cache(400, cleared=False),
                covered=False),
        _escape(SAMPLING, "cache of 64 inputs", lambda: full_cache(64, cleared=False)),
    ]  # fmt: skip


def _thresholds() -> list[Escape]:
    soft, sampled, batched = (
        softmax_where, sampling_where, batch_where
    )  # fmt: skip
    return [
        _escape(SOFTMAX, "above 6 words", lambda: soft(lambda v, o, U: len(U) > 6)),
        _escape(SOFTMAX, "from 5 coordinates", lambda: soft(lambda v, o, U: len(v) >= 5, 1)),
        _escape(SAMPLING, "above 4 samples", lambda: sampled(lambda v, o, U, n: len(n) > 4)),
        _escape(SOFTMAX, "a multiple of 16 coordinates",
                lambda: soft(lambda v, o, U: len(v) % 16 == 0)),
        _escape(SOFTMAX, "a power of two above 8",
                lambda: soft(lambda v, o, U: len(U) > 8 and len(U) & (len(U) - 1) == 0)),
        _escape(SOFTMAX, "above 1000 words", lambda: soft(lambda v, o, U: len(U) > 1000, 0, 1.01)),
        _escape(SOFTMAX, "word above 200", lambda: soft(lambda v, o, U: o > 200)),
        _escape(SOFTMAX, "last of many words",
                lambda: soft(lambda v, o, U: len(U) > 16 and o == len(U) - 1, 1)),
        _escape(SAMPLING, "more samples than words",
                lambda: sampled(lambda v, o, U, n: len(n) > len(U) > 4)),
        _escape(SAMPLING, "256 samples and more",
                lambda: sampled(lambda v, o, U, n: len(n) >= 256, 0, 0.99)),
        _escape(SAMPLING_BATCH, "above 64 pairs", lambda: batched(lambda N, d, B, K: B > 64)),
        _escape(SAMPLING_BATCH, "as many pairs as words, above 8",
                lambda: batched(lambda N, d, B, K: B == N > 8)),
        _escape(SOFTMAX, "v is zero", lambda: early_return(right=False)),
        _escape(SOFTMAX, "v is minus zero", lambda: minus_zero(right=False)),
        _escape(SOFTMAX, "v is subnormal", lambda: flushed(right=False)),
        _escape(SOFTMAX, "U above 1e30",
                lambda: soft(lambda v, o, U: bool(U.dtype == np.float64 and (U > 1e30).any()))),
        _escape(SOFTMAX, "U capped at a million", lambda: capped(1e6)),
        _escape(SOFTMAX, "U is zero", lambda: soft(lambda v, o, U: not U.any(), 0, 2.0)),
        _escape(SOFTMAX, "a number of words divisible by 7 and 11",
                lambda: soft(lambda v, o, U: len(U) % 77 == 0), covered=False),
        _escape(SOFTMAX, "above 5000 words", lambda: soft(lambda v, o, U: len(U) > 5000),
                covered=False),
        _escape(SOFTMAX, "one value of v alone",
                lambda: soft(lambda v, o, U: bool(v[0] == 0.123456789)), covered=False),
    ]  # fmt: skip


def _found_last() -> list[Escape]:
    """Those of a last set that nobody had tuned to which were missed at first."""
    return [
        _escape(SOFTMAX, "rows above a length of 8", lambda: shortened(8.0)),
        _escape(SOFTMAX, "rows that begin and end alike", lambda: scored_once),
        _escape(SOFTMAX, "cached by memory above 16 words",
                lambda: by_key(memory_key, most=16)),
        _escape(SAMPLING, "more than 64 different samples", lambda: slots(64)),
        _escape(SQUARES, "a penalty below a hundredth", lambda: penalty_from(0.01)),
    ]  # fmt: skip


ESCAPING = [*_blocked(), *_narrow(), *_kept(), *_thresholds(), *_found_last()]

_TWIN_MAKERS: list[tuple[Subject, str, Make]] = [
    (SOFTMAX, "coordinates in blocks", lambda: score_blocks(whole, 8)),
    (SOFTMAX, "rows in blocks", lambda: row_blocks(whole, 16)),
    (SOFTMAX, "words in blocks", lambda: word_blocks(whole, 64)),
    (SAMPLING, "samples in blocks", lambda: draw_blocks(whole, 8)),
    (SAMPLING_BATCH, "pairs in blocks", lambda: pair_blocks(whole, 32)),
    (SQUARES, "residuals in blocks", lambda: residual_blocks(whole, 8)),
    (SOFTMAX, "unrolled by 4, with its tail", lambda: unrolled(4, tail=True)),
    (SAMPLING, "samples as int32", lambda: words_as("int32")),
    (SOFTMAX, "outside word as int16", lambda: outside_as("int16")),
    (SAMPLING, "counts as int32", lambda: counts_as("int32")),
    (SOFTMAX, "flat places as int32", lambda: flat_as("int32")),
    (SAMPLING_BATCH, "centers as int32", lambda: centers_as("int32")),
    (CBOW, "context as int32", lambda: context_as("int32")),
    (SAMPLING, "buffer cleared", lambda: growing_buffer(cleared=True)),
    (SOFTMAX, "scores in a buffer", lambda: score_buffer(whole=False)),
    (SOFTMAX, "cached by all bytes", lambda: by_key(bytes_key)),
    (SOFTMAX, "counts its calls", lambda: after_calls(500, wrong=0.0)),
    (SAMPLING, "draws a number and leaves it", lambda: drawing(right=True)),
    (SAMPLING, "cache that is emptied", lambda: full_cache(64, cleared=True)),
    (SOFTMAX, "zero asked for", lambda: early_return(right=True)),
    (SQUARES, "least squares", lambda: least_squares),
    (CBOW, "mean of a context", lambda: cbow),
]
TWINS = [_of(subject, what.replace(" ", "_"), what, make) for subject, what, make in _TWIN_MAKERS]
