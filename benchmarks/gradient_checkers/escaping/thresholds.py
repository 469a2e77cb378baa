"""Wrong from a size or a value on: what an input has to be for the mistake to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.gradient_checkers.escaping.plain import (
    Array,
    batch,
    errors_of,
    least_squares,
    sampling,
    softmax,
)

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
