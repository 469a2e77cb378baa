"""CBOW by hand: right, as word2vec.c had it, and with repeated words lost."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any


def right(context: Array, o: int, V: Array, U: Array) -> Any:
    """Every place of the context has its share of the error of the mean."""
    loss, error, grad_U = _mean(context, o, V, U)
    grad_V = np.zeros_like(V)
    np.add.at(grad_V, context, error / V.dtype.type(len(context)))
    return loss, grad_V, grad_U


def undivided(context: Array, o: int, V: Array, U: Array) -> Any:
    """word2vec.c: every place has the whole error."""
    loss, error, grad_U = _mean(context, o, V, U)
    grad_V = np.zeros_like(V)
    np.add.at(grad_V, context, error)
    return loss, grad_V, grad_U


def buffered(context: Array, o: int, V: Array, U: Array) -> Any:
    """grad[context] += ...: of the places of a word one is left."""
    loss, error, grad_U = _mean(context, o, V, U)
    grad_V = np.zeros_like(V)
    grad_V[context] += error / V.dtype.type(len(context))
    return loss, grad_V, grad_U


def _mean(context: Array, o: int, V: Array, U: Array) -> Any:
    h = V[context].mean(axis=0)
    z = U @ h
    top = int(z.argmax())
    e = np.exp(z - z[top])
    loss = (z[top] - z[o]) + np.log1p(np.delete(e, top).sum())
    errors = e / e.sum()
    errors[o] = -np.delete(e, o).sum() / e.sum()
    return float(loss), U.T @ errors, np.outer(errors, h)
