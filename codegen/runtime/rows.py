"""Row-sparse gradients: the rows of a matrix that a sum touches, and nothing of the others."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class RowGrad(NamedTuple):
    """The gradient by a matrix whose rows are words, zero in every row that is not listed.

    ``rows`` (R,) are distinct and sorted; ``values`` (R, d) holds one row for each of them,
    everything that falls on a word already summed.
    """

    rows: NDArray[np.intp]
    values: NDArray[Any]

    def dense(self, N: int) -> NDArray[Any]:
        """The same gradient as an (N, d) array; only the listed rows are written.

        Raises IndexError if a listed row is not below N.
        """
        if len(self.rows) and self.rows[-1] >= N:
            raise IndexError(f"N is {N}, should be above the last row, {self.rows[-1]}")
        matrix = np.zeros((N, self.values.shape[1]), self.values.dtype)
        matrix[self.rows] = self.values
        return matrix


def row_sums(*terms: tuple[ArrayLike, NDArray[Any]]) -> RowGrad:
    """Add rows up by word: each term is an array of words and a row for each, (..., d).

    A word counts as often as it occurs. Its rows are added in pairs, the sums in pairs again,
    so that rounding grows with the logarithm of how many there are.
    """
    words = np.concatenate([np.ravel(word) for word, _ in terms]).astype(np.intp, copy=False)
    values = np.concatenate([_one_each(word, rows) for word, rows in terms])
    order = np.argsort(words, kind="stable")
    words, values = words[order], values[order]
    is_first = np.ones(len(words), bool)
    is_first[1:] = words[1:] != words[:-1]
    first = np.flatnonzero(is_first)
    times = np.diff(np.append(first, len(words)))
    rank = np.arange(len(words)) - np.repeat(first, times)
    step = 1
    while step < times.max(initial=0):
        right = np.flatnonzero(rank % (2 * step) == step)
        values[right - step] += values[right]
        step *= 2
    return RowGrad(words[first], values[first])


def _one_each(words: ArrayLike, rows: NDArray[Any]) -> NDArray[Any]:
    """As many rows as words, (n, d); rows that are the same for several words are repeated."""
    d = rows.shape[-1]
    return np.broadcast_to(rows, (*np.shape(words), d)).reshape(-1, d)
