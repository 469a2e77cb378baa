"""The smallest sizes, stated by hand."""

from typing import Any

import numpy as np
import pytest

from generated import spans

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def few(dtype: Any) -> float:
    return 4 * float(np.finfo(dtype).eps)


@DTYPES
def test_no_blocks_cost_nothing_and_move_nothing(dtype: Any) -> None:
    V, U = np.ones((2, 3), dtype), np.ones((2, 3), dtype)
    words = np.zeros((0, 4), int)
    case = (V, U, words, np.zeros((0, 8), int), words, words, np.zeros((0, 1), int), 5)
    loss, grad_V, grad_U = spans.value_and_grad(*case)
    assert loss == spans.loss(*case) == 0
    for gradient in (grad_V, grad_U):
        assert gradient.rows.shape == (0,)
        assert gradient.values.shape == (0, 3)
        assert gradient.values.dtype == dtype
    spans.sgd_step(*case, 1.0)
    assert np.all(V == 1)
    assert np.all(U == 1)


@DTYPES
def test_one_word_of_one_coordinate(dtype: Any) -> None:
    """N = d = m = 1: two pairs with itself, each with three draws, at a score of 0."""
    V, U = np.array([[0.0]], dtype), np.array([[4.0]], dtype)
    loss, grad_V, grad_U = spans.value_and_grad(V, U, [[0]], [[0, 0, 0]], [[1]], [[1]], [[0]], 3)
    assert loss == pytest.approx(8 * np.log(2), rel=few(dtype))
    assert np.array_equal(grad_V.values, [[-4 + 12]])
    assert np.array_equal(grad_U.values, [[0]])


@DTYPES
def test_two_words_and_two_samples_by_hand(dtype: Any) -> None:
    """A text of words 0 1, samples 0 and 2: each center pulls the other, 5/2 for each sample."""
    V, U = np.array([[2.0], [6.0], [8.0]], dtype), np.zeros((3, 1), dtype)
    case = (V, U, [[0, 1]], [[2, 0, 1, 2]], [[0, 1]], [[1, 0]], [[0, 2]], 5)
    loss, grad_V, grad_U = spans.value_and_grad(*case)
    assert loss == pytest.approx(12 * np.log(2), rel=few(dtype))
    assert np.array_equal(grad_V.dense(3), np.zeros((3, 1)))
    pushed = 5 / 2 * (2 + 6) / 2
    wanted = np.array([[-6 / 2 + pushed], [-2 / 2], [pushed]])
    assert np.array_equal(grad_U.dense(3), wanted)
    spans.sgd_step(*case, 0.5)
    assert np.array_equal(V, [[2], [6], [8]])
    assert np.array_equal(U, np.array([[-3.5], [0.5], [-5]]))


@DTYPES
def test_without_draws_only_the_window_counts(dtype: Any) -> None:
    V, U = np.ones((3, 1), dtype), np.zeros((3, 1), dtype)
    loss, _, grad_U = spans.value_and_grad(V, U, [[0]], [[1, 0, 1]], [[1]], [[1]], [[2, 2]], 0)
    assert loss == pytest.approx(2 * np.log(2), rel=few(dtype))
    assert grad_U.rows.tolist() == [0, 1, 2]
    assert np.array_equal(grad_U.values, np.array([[0], [-1], [0]]))


@DTYPES
def test_contexts_without_room_are_no_windows(dtype: Any) -> None:
    """m = 0."""
    V, U = np.ones((3, 2), dtype), np.ones((3, 2), dtype)
    zero = np.zeros((1, 3), int)
    loss, grad_V, grad_U = spans.value_and_grad(
        V, U, [[0, 1, 2]], [[2, 1, 0]], zero, zero, [[0]], 5
    )
    assert loss == 0
    assert not grad_V.values.any()
    assert not grad_U.values.any()
