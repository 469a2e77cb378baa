"""Weighted rows added up by word: a sparse matrix, one column for each row, times the rows."""

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
