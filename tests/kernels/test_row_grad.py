"""RowGrad: a gradient that is zero outside a few rows."""

import numpy as np
import pytest

from generated import RowGrad, negative_sampling


def test_dense_puts_each_row_in_its_place() -> None:
    gradient = RowGrad(np.array([1, 3]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert np.array_equal(gradient.dense(5), [[0, 0], [1, 2], [0, 0], [3, 4], [0, 0]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_dense_keeps_the_dtype_and_owns_its_memory(dtype: type) -> None:
    gradient = RowGrad(np.array([0, 1]), np.ones((2, 3), dtype))
    dense = gradient.dense(2)
    assert dense.dtype == dtype
    assert dense.flags.writeable
    dense[...] = 7
    assert np.array_equal(gradient.values, np.ones((2, 3)))


def test_no_rows_are_all_zero() -> None:
    gradient = RowGrad(np.zeros(0, int), np.zeros((0, 3)))
    assert np.array_equal(gradient.dense(2), np.zeros((2, 3)))


def test_duplicates_are_summed_so_that_a_plain_indexed_step_is_right() -> None:
    """rows are distinct, so U[rows] -= values loses nothing."""
    rng = np.random.default_rng(0)
    V, U = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    centers, outsides, negatives = [2, 2, 2], [1, 1, 0], [[3, 3], [1, 3], [3, 0]]
    _, grad_V, grad_U = negative_sampling.batch_value_and_grad(V, U, centers, outsides, negatives)
    for gradient in (grad_V, grad_U):
        stepped = np.zeros((4, 3))
        stepped[gradient.rows] -= gradient.values
        assert np.array_equal(stepped, -gradient.dense(4))
    assert grad_V.rows.tolist() == [2]
    assert grad_U.rows.tolist() == [0, 1, 3]
