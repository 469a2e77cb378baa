"""Rows added up by word, as a whole matrix: its shape does not depend on which words there are."""

from typing import Any

import jax.numpy as np
from jax.ops import segment_sum

Term = tuple[Any, Any, Any]


def matrix_of(N: int, *terms: Term) -> Any:
    """Rows added up by word, (N, d); a word counts as often as it occurs.

    A term is an array of words, a number for each of them, and an array of rows (..., d) with
    one row for each place along the leading axes of the words. Where None stands for the
    numbers, each word has a row of its own, or a row is repeated for several words.
    """
    first, *others = (_added(N, *term) for term in terms)
    return sum(others, first)


def _added(N: int, words: Any, numbers: Any, rows: Any) -> Any:
    words = np.asarray(words)
    alike = (1,) * (words.ndim - rows.ndim + 1)
    rows = rows.reshape((*rows.shape[:-1], *alike, rows.shape[-1]))
    rows = np.broadcast_to(rows, (*words.shape, rows.shape[-1]))
    if numbers is not None:
        rows = np.asarray(numbers, rows.dtype)[..., np.newaxis] * rows
    return segment_sum(rows.reshape(words.size, rows.shape[-1]), words.ravel(), N)
