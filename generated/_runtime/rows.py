"""Rows added up by word, and row-sparse gradients: the rows of a matrix that a sum touches.

Weighted rows are added by a sparse matrix, one column for each row, times the rows.
"""

from collections.abc import Callable, Sequence
from functools import cache
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

# words, a number for each of them or None, and rows
Term = tuple[ArrayLike, ArrayLike | None, NDArray[Any]]

# words (L, n) and numbers (L, n) of each column, and rows (L, d)
Block = tuple[NDArray[np.intp], NDArray[Any], NDArray[Any]]

OFTEN = 32  # times that a word may occur and its rows be added one after the other
_RUN = 16  # rows that are added so where it occurs more often
_RUNS = 256  # runs up to which their sums are added without SciPy


class Columns(NamedTuple):
    """Entry n, a word and a number, is in column l where starts[l] <= n < starts[l + 1].

    ``rows[l]`` is to be added ``weights[n]`` times to ``words[n]``.
    """

    words: NDArray[np.intp]
    weights: NDArray[Any]
    starts: NDArray[np.intp]
    rows: NDArray[Any]


def columns(*terms: Term) -> Columns:
    """The terms one after the other; those with the very same rows side by side.

    A term without numbers has a row for each word, or rows that are repeated for several words.
    """
    found: dict[tuple[int, int], list[Block]] = {}
    for words, weights, rows in terms:
        block = _block(np.asarray(words), weights, rows)
        found.setdefault((id(rows), len(block[2])), []).append(block)
    blocks = [_beside(alike) for alike in found.values()]
    starts: list[NDArray[np.intp]] = []
    last = 0
    for words, _, _ in blocks:
        length, each = words.shape
        starts.append(np.arange(bool(starts), length + 1) * each + last)
        last += words.size
    return Columns(
        _joined([words.ravel() for words, _, _ in blocks]),
        _joined([weights.ravel() for _, weights, _ in blocks]),
        _joined(starts),
        _joined([rows for _, _, rows in blocks]),
    )


def in_order(terms: Columns) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """The distinct words in order, and a row for each: the sums, one row after the other."""
    order = np.argsort(terms.words, kind="stable")
    words = terms.words[order]
    first = np.flatnonzero(_begins(words))
    rows = terms.rows.take(_column(terms)[order], axis=0)
    rows = np.multiply(rows, terms.weights[order, np.newaxis], out=rows)
    return words[first], np.add.reduceat(rows, first, axis=0) if len(rows) else rows


def added(N: int, terms: Columns) -> NDArray[Any]:
    """The (N, d) array of the sums, one row for each word.

    The rows of a word that occurs often are added in short runs, then the sums of the runs, so
    that rounding hardly grows with how often it occurs.
    """
    if len(terms.rows) == 1 and (len(terms.words) <= OFTEN or terms.rows.dtype == np.float32):
        return _multiples(N, terms)
    product = _sparse_product()
    if product is None:
        return _in_pairs(N, terms)
    is_often = np.bincount(terms.words, minlength=N) > OFTEN
    if not is_often.any():
        return product(N, terms)
    words = terms.words.copy()
    entries = np.flatnonzero(is_often[words])
    short = words[entries].astype(np.min_scalar_type(N))  # sorted by their digits
    entries = entries[np.argsort(short, kind="stable")]
    found = words[entries]
    begins = _begins(found) | (np.arange(len(found)) % _RUN == 0)  # a run, here or at a new word
    words[entries] = N - 1 + np.cumsum(begins)
    run = found[begins]  # its word
    sums = product(N + len(run), terms._replace(words=words))
    result = sums[:N]
    first = np.flatnonzero(_begins(run))
    runs = np.diff(first, append=len(run))  # of each word that occurs often
    if len(run) <= _RUNS and runs.max() <= OFTEN:
        result[run[first]] = np.add.reduceat(sums[N:], first, axis=0)
    else:
        place = np.repeat(np.arange(len(first)), runs)
        result[run[first]] = added(len(first), columns((place, None, sums[N:])))
    return result


def _begins(words: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Where in sorted words another one begins."""
    begins = np.ones(len(words), bool)
    np.not_equal(words[1:], words[:-1], out=begins[1:])
    return begins


def _column(terms: Columns) -> NDArray[np.intp]:
    """The column of each entry."""
    return np.repeat(np.arange(len(terms.rows)), terms.starts[1:] - terms.starts[:-1])


def _multiples(N: int, terms: Columns) -> NDArray[Any]:
    """The same of a single row, times the sum of each word's numbers, added in double."""
    sums = np.bincount(terms.words, terms.weights, N)
    result = np.zeros((N, terms.rows.shape[1]), terms.rows.dtype)
    result[terms.words] = sums[terms.words, np.newaxis].astype(result.dtype) * terms.rows[0]
    return result


def _block(words: NDArray[np.intp], weights: ArrayLike | None, rows: NDArray[Any]) -> Block:
    d = rows.shape[-1]
    if weights is None or np.ndim(weights) == 0:
        numbers = np.empty((words.size, 1), rows.dtype)
        numbers.fill(1 if weights is None else weights)
        if rows.shape[:-1] != words.shape:
            rows = np.broadcast_to(rows, (*words.shape, d))
        return words.reshape(-1, 1), numbers, rows.reshape(words.size, d)
    length = prod(rows.shape[:-1])
    shape = length, words.size // length if length else 0
    weights = np.broadcast_to(np.asarray(weights, rows.dtype), words.shape)
    return words.reshape(shape), weights.reshape(shape), rows.reshape(length, d)


def _beside(alike: Sequence[Block]) -> Block:
    if len(alike) == 1:
        return alike[0]
    words, weights, rows = zip(*alike, strict=True)
    return np.concatenate(words, axis=1), np.concatenate(weights, axis=1), rows[0]


def _joined(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


@cache
def _sparse_product() -> Callable[[int, Columns], NDArray[Any]] | None:
    """The product by SciPy, or None without it. SciPy is not imported before it is needed."""
    try:
        from scipy.sparse import csc_array
    except ImportError:
        return None

    def product(N: int, terms: Columns) -> NDArray[Any]:
        entries = (terms.weights, terms.words, terms.starts)
        sums: NDArray[Any] = csc_array(entries, shape=(N, len(terms.rows))) @ terms.rows
        return sums

    return product


def _in_pairs(N: int, terms: Columns) -> NDArray[Any]:
    """The same by NumPy alone: the rows of a word in pairs, their sums in pairs again."""
    order = np.argsort(terms.words, kind="stable")
    words = terms.words[order]
    values = terms.weights[order, np.newaxis] * terms.rows[_column(terms)[order]]
    first = np.flatnonzero(_begins(words))
    times = np.diff(np.append(first, len(words)))
    rank = np.arange(len(words)) - np.repeat(first, times)
    step = 1
    while step < times.max(initial=0):
        right = np.flatnonzero(rank % (2 * step) == step)
        values[right - step] += values[right]
        step *= 2
    result = np.zeros((N, values.shape[1]), values.dtype)
    result[words[first]] = values[first]
    return result


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


def row_sums(*terms: Term) -> RowGrad:
    """Rows added up by word; a word counts as often as it occurs.

    A term is an array of words, a number for each of them, and an array of rows (..., d) with
    one row for each place along the leading axes of the words. Where None stands for the
    numbers, each word has a row of its own, or a row is repeated for several words.
    """
    sums = columns(*terms)
    if len(sums.words) <= OFTEN:
        return RowGrad(*in_order(sums))
    rows = _distinct(sums.words)
    return RowGrad(rows, added(len(rows), sums._replace(words=_places(rows)[sums.words])))


def totals(rows: NDArray[np.intp], words: NDArray[np.intp], numbers: NDArray[Any]) -> NDArray[Any]:
    """Numbers added up by word, in double, for the distinct words in order: the ``rows``."""
    sums = np.bincount(_places(rows)[words.ravel()], numbers.ravel(), len(rows))
    return sums.astype(numbers.dtype)


def descend(matrix: NDArray[Any], grad: RowGrad, rates: NDArray[Any]) -> None:
    """Move each row that ``grad`` lists, in place, by its rate; ``grad`` is used up."""
    moved = matrix.take(grad.rows, axis=0)
    step = np.multiply(grad.values, rates[:, np.newaxis], out=grad.values)
    matrix[grad.rows] = np.subtract(moved, step, out=moved)


def matrix_of(N: int, *terms: Term) -> NDArray[Any]:
    """The same sums as an (N, d) array."""
    return added(N, columns(*terms))


def _places(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which of the rows a word is, by word; rubbish at words that are none of them."""
    place = np.empty(rows[-1] + 1 if len(rows) else 0, np.intp)
    place[rows] = np.arange(len(rows))
    return place


def _distinct(words: NDArray[np.intp]) -> NDArray[np.intp]:
    """The words that occur, in order: by a table of all words, or by sorting if that is long."""
    most = int(words.max(initial=-1)) + 1
    if most > 64 * len(words) + 4096:
        return np.unique(words)
    occurs = np.zeros(most, bool)
    occurs[words] = True
    return np.flatnonzero(occurs)
