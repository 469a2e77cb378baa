"""Rows of vectors as single values: what the step is written in, read by plain Python.

Without Numba these functions do what they say, on arrays of any numbers, exact ones as well; so is
the step proved. Compiled, `vectors` puts instructions on sixteen numbers at a time in their place.

A row has 16 × ``len(width)`` numbers there; here as many as the matrix has columns. ``width`` is a
tuple whose length alone counts, since compiled code has to know it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

LANES = 16  # numbers of an instruction
Width = tuple[int, ...]


def load(matrix: Any, at: int, width: Width) -> Any:
    """Row ``at`` of a matrix."""
    return matrix[at].copy()


def store(matrix: Any, at: int, row: Any) -> None:
    """The row put in its place."""
    matrix[at] = row


def nothing(matrix: Any, width: Width) -> Any:
    """A row of zeros."""
    return 0 * matrix[0]


def added(row: Any, factor: Any, other: Any) -> Any:
    """row + factor × other."""
    return row + factor * other


def products(scores: Any, first: int, count: int, v: Any, U: Any, rows: Any, width: Width) -> None:
    """scores[k] = v · U[rows[k]] for four k, from ``first`` on, where they are below ``count``."""
    for k in range(first, min(first + 4, count)):
        scores[k] = (v * U[rows[k]]).sum()


def slopes(scores: Any, signs: Any, weights: Any, count: int) -> None:
    """scores[k] = sign weight σ(sign scores[k]), the derivative of −weight log σ(−sign score)."""
    z = signs[:count] * scores[:count]
    sigmoid = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    scores[:count] = sigmoid * signs[:count] * weights[:count]


def prefetch(matrix: Any, at: int, width: Width) -> None:
    """Have a row brought near; it does nothing that can be seen."""


def larger(one: Any, other: Any) -> Any:
    """The larger of two numbers."""
    return np.maximum(one, other)
