"""Integers and floats that are too narrow from some size on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.escaping.plain import (
    Array,
    batch,
    cbow,
    errors_of,
    sampling,
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
