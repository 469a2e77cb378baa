"""The smallest sizes have defined results, stated here by hand."""

from typing import Any

import numpy as np
import pytest

from tests.kernels.backends import BACK_ENDS

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


@BACK_ENDS
@DTYPES
def test_a_vocabulary_of_one_word_costs_nothing(kernels: Any, dtype: Any) -> None:
    v, U = np.array([2.0, -1.0], dtype), np.array([[3.0, 4.0]], dtype)
    loss, grad_v, grad_U = kernels.naive_softmax.value_and_grad(v, 0, U)
    assert loss == 0
    assert np.array_equal(grad_v, [0, 0])
    assert grad_v.dtype == dtype
    assert np.array_equal(grad_U, [[0, 0]])
    assert grad_U.dtype == dtype


@BACK_ENDS
@DTYPES
def test_one_coordinate_is_logistic_regression(kernels: Any, dtype: Any) -> None:
    v, U = np.array([1.0], dtype), np.array([[0.0], [0.0]], dtype)
    loss, grad_v, grad_U = kernels.naive_softmax.value_and_grad(v, 1, U)
    assert loss == pytest.approx(np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_v, [0])
    assert np.array_equal(grad_U, [[0.5], [-0.5]])


@BACK_ENDS
@DTYPES
@pytest.mark.parametrize("none", [np.zeros(0, int), []])
def test_no_negatives_leave_the_outside_word(kernels: Any, dtype: Any, none: Any) -> None:
    v, U = np.array([0.0, 1.0], dtype), np.array([[5.0, 0.0], [7.0, 7.0]], dtype)
    loss, grad_v, grad_U = kernels.negative_sampling.value_and_grad(v, 0, U, none)
    assert loss == pytest.approx(np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_v, [-2.5, 0])
    assert np.array_equal(grad_U, np.array([[0, -0.5], [0, 0]]))


@BACK_ENDS
@DTYPES
def test_an_outside_word_drawn_as_a_negative_counts_as_both(kernels: Any, dtype: Any) -> None:
    v, U = np.array([0.0], dtype), np.array([[4.0]], dtype)
    loss, grad_v, grad_U = kernels.negative_sampling.value_and_grad(v, 0, U, [0, 0])
    assert loss == pytest.approx(3 * np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_v, [2])
    assert np.array_equal(grad_U, [[0]])


@BACK_ENDS
@DTYPES
@pytest.mark.parametrize("outside", [np.zeros(0, int), []])
def test_an_empty_window_costs_nothing_and_moves_nothing(
    kernels: Any, dtype: Any, outside: Any
) -> None:
    V, U = np.ones((3, 2), dtype), np.ones((3, 2), dtype)
    for loss, grad_V, grad_U in (
        kernels.skip_gram.naive_softmax_value_and_grad(1, outside, V, U),
        kernels.skip_gram.negative_sampling_value_and_grad(1, outside, V, U, np.zeros((0, 4), int)),
    ):
        assert loss == 0
        for gradient in (grad_V, grad_U):
            assert np.array_equal(gradient, np.zeros((3, 2)))
            assert gradient.dtype == dtype


@BACK_ENDS
@DTYPES
@pytest.mark.parametrize("words", [np.zeros(0, int), []])
def test_an_empty_batch_has_no_losses_and_no_rows(kernels: Any, dtype: Any, words: Any) -> None:
    V, U = np.ones((3, 2), dtype), np.ones((3, 2), dtype)
    losses, grad_V, grad_U = kernels.naive_softmax.batch_value_and_grad(V, U, words, words)
    assert losses.shape == (0,)
    assert losses.dtype == dtype
    assert grad_V.rows.shape == (0,)
    assert grad_V.values.shape == (0, 2)
    assert np.array_equal(grad_V.dense(3), np.zeros((3, 2)))
    assert grad_V.values.dtype == dtype
    assert np.array_equal(grad_U, np.zeros((3, 2)))
    assert grad_U.dtype == dtype
    none = np.zeros((0, 4), int)
    losses, *gradients = kernels.negative_sampling.batch_value_and_grad(V, U, words, words, none)
    assert losses.shape == (0,)
    assert losses.dtype == dtype
    for gradient in gradients:
        assert gradient.rows.shape == (0,)
        assert gradient.values.shape == (0, 2)
        assert gradient.values.dtype == dtype


@BACK_ENDS
@DTYPES
def test_a_score_that_overflows_on_its_way_is_still_right(kernels: Any, dtype: Any) -> None:
    """Each product is beyond the largest float; their sum is 0, exactly."""
    big = np.sqrt(np.finfo(dtype).max) * 4
    v, U = np.array([big, big], dtype), np.array([[big, -big], [0, 0]], dtype)
    loss, _, grad_U = kernels.naive_softmax.value_and_grad(v, 0, U)
    assert loss == pytest.approx(np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_U, np.stack([-v, v]) / 2)
    loss, _, grad_U = kernels.negative_sampling.value_and_grad(v, 0, U, [1])
    assert loss == pytest.approx(2 * np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_U, np.stack([-v, v]) / 2)
