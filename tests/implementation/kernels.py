"""Small kernels to check: right ones, and ones with a single mistake each."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivations import CheckReport, check_kernel

Array = Any


def quick(function: Any, claim: Any, *more: Any, **options: Any) -> CheckReport:
    """A check in float64 without further random inputs, unless told otherwise."""
    return check_kernel(
        function, claim, *more, **{"dtypes": ["float64"], "count": 0, "blocks": False} | options
    )


def sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, np.ones_like(e), e) / (1 + e)


def rows(v_c: Array, o: int, U: Array, negatives: Array) -> Array:
    """The gradient of negative sampling by U, right."""
    grad = np.zeros_like(U)
    grad[o] -= sigmoid(-(U[o] @ v_c)) * v_c
    np.add.at(grad, negatives, np.outer(sigmoid(U[negatives] @ v_c), v_c))
    return grad


def buffered(v_c: Array, o: int, U: Array, negatives: Array) -> Array:
    """The same with the duplicates of a list dropped."""
    grad = np.zeros_like(U)
    grad[o] -= sigmoid(-(U[o] @ v_c)) * v_c
    grad[negatives] += np.outer(sigmoid(U[negatives] @ v_c), v_c)
    return grad


def softmax(v_c: Array, o: int, U: Array) -> Any:
    """Loss and gradients of naive softmax in plain, stable NumPy."""
    z = U @ v_c
    top = int(z.argmax())
    e = np.exp(z - z[top])
    error = e / e.sum()
    error[o] = -np.delete(e, o).sum() / e.sum()
    loss = (z[top] - z[o]) + np.log1p(np.delete(e, top).sum())
    return loss, U.T @ error, np.outer(error, v_c)
