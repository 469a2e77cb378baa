"""The plain, right kernels that the others spoil."""

from __future__ import annotations

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
