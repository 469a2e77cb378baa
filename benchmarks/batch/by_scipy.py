"""NumPy and SciPy: rows are added up by a product with a sparse matrix, pairs to words."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from benchmarks.batch.by_numpy import distinct, scored
from benchmarks.batch.measure import Call, Contender, Problem, Result, Rows


def sampling(problem: Problem) -> Call:
    """The outer products of errors and centers are never written down."""
    V, U, centers = problem.V, problem.U, problem.centers

    def call() -> Result:
        words, v = np.column_stack([problem.outsides, problem.negatives]), V[centers]
        losses, errors, grad_v = scored(np.take(U, words, axis=0), v)
        return Result(losses, one_each(centers, grad_v), summed(words, errors, v))

    return call


def summed(words: NDArray[np.intp], weights: NDArray[Any], vectors: NDArray[Any]) -> Rows:
    """For each word the sum of the vectors of its pairs, weighted; words and weights (B, n)."""
    rows, place = distinct(words.ravel())
    starts = np.arange(0, words.size + 1, words.shape[1])
    matrix = csc_array((weights.ravel(), place, starts), (len(rows), len(vectors)))
    return Rows(rows, matrix @ vectors)


def one_each(words: NDArray[np.intp], vectors: NDArray[Any]) -> Rows:
    """For each word the sum of its vectors; words (n,)."""
    return summed(words[:, np.newaxis], np.ones((len(words), 1), vectors.dtype), vectors)


CONTENDERS = {"sampling": (Contender("NumPy and SciPy", "rows, rows", sampling),)}
