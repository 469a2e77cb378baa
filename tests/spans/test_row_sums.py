"""Rows added up by word, by SciPy's sparse product and by NumPy alone."""

from math import fsum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generated._runtime import scatter
from generated._runtime.rows import matrix_of, row_sums
from tests.kernels.oracle import C
from tests.spans.test_properties import EXAMPLES

DTYPES = st.sampled_from([np.float64, np.float32])


either_way = pytest.mark.usefixtures("either_way")


@st.composite
def sums(draw: Any) -> tuple[int, list[scatter.Term]]:
    """N and terms of every kind, in whole numbers, so that every order of additions is exact.

    Of few words each occurs far more often than a run is long.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    N, n = draw(st.sampled_from([1, 2, 50, 100_000])), draw(st.sampled_from([0, 1, 40, 3000]))
    dtype, d = draw(DTYPES), draw(st.integers(1, 3))

    def whole(*shape: int) -> Any:
        return rng.integers(-9, 10, shape).astype(dtype)

    one, some, table = (rng.integers(N, size=shape) for shape in ((), n, (n, 3)))
    rows = whole(n, d)
    kinds: list[scatter.Term] = [
        (some, None, rows),
        (some, whole(n), rows),
        (table, whole(n, 3), rows),
        (table, None, whole(n, 3, d)),
        (table, -1, whole(n, 3, d)),
        (some, None, whole(d)),
        (some, whole(n), whole(d)),
        (one, None, whole(d)),
        (one, whole(), whole(d)),
    ]
    chosen = draw(st.lists(st.sampled_from(range(len(kinds))), min_size=1, max_size=3))
    return N, [kinds[kind] for kind in chosen]


def added_one_by_one(N: int, terms: list[scatter.Term]) -> Any:
    matrix = np.zeros((N, terms[0][2].shape[-1]))
    for words, weights, rows in terms:
        words, weights = np.asarray(words), 1 if weights is None else weights
        missing = (1,) * (words.ndim - rows.ndim + 1)
        each = rows.reshape(*rows.shape[:-1], *missing, rows.shape[-1])
        values = np.broadcast_to(weights, words.shape)[..., np.newaxis] * each.astype(float)
        np.add.at(matrix, words, values)
    return matrix


@either_way
def test_terms_of_every_kind_are_added_by_word() -> None:
    @EXAMPLES
    @given(sums())
    def every_sum(case: tuple[int, list[scatter.Term]]) -> None:
        N, terms = case
        want, dtype = added_one_by_one(N, terms), terms[0][2].dtype
        found, matrix = row_sums(*terms), matrix_of(N, *terms)
        assert np.array_equal(matrix, want)
        assert np.array_equal(found.dense(N), want)
        assert np.array_equal(found.rows, np.unique(np.hstack([np.ravel(t[0]) for t in terms])))
        assert matrix.dtype == found.values.dtype == dtype

    every_sum()


@either_way
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("times", [1, 33, 65, 1024, 4097, 50_000])
def test_a_word_that_occurs_often_keeps_the_promise(dtype: Any, times: int) -> None:
    """What is added to a word is within 32 u of the sum of the sizes, however often it occurs."""
    rng = np.random.default_rng(times)
    words, others = np.append(np.zeros(times, int), np.arange(1, 9)), np.ones((8, 2), dtype)
    for values in (np.full(times, 0.1), rng.uniform(0.5, 1.5, times), rng.normal(size=times)):
        rows = np.stack([values, values[::-1] / 3], axis=1).astype(dtype)
        found = row_sums((words, None, np.concatenate([rows, others]))).values[0]
        for column, number in zip(rows.T.tolist(), found.tolist(), strict=True):
            size, error = fsum(map(abs, column)), fsum([*column, -number])
            assert abs(error) <= C * np.finfo(dtype).eps / 2 * size


@pytest.mark.parametrize("length", [1000, 50_000])
def test_added_one_after_the_other_they_would_not(length: int) -> None:
    rows = np.full((length, 1), np.float32(0.1))
    one_by_one = np.cumsum(rows, axis=0)[-1, 0]
    size = fsum(rows[:, 0].tolist())
    assert abs(float(one_by_one) - size) > C * np.finfo(np.float32).eps / 2 * size
