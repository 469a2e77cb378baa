"""The ends of the range: what overflows on its way, what is out of range and does not count."""

from typing import Any

import numpy as np
import pytest

from generated import spans

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


@DTYPES
def test_a_score_that_overflows_on_its_way_is_still_right(dtype: Any) -> None:
    """Each product is beyond the largest float; their sum is 0, exactly."""
    big = np.sqrt(np.finfo(dtype).max) * 4
    v, u = np.array([[big, big]], dtype), np.array([[big, -big]], dtype)
    case = (v, u, [[0]], [[0, 0, 0]], [[0]], [[1]], [[0]], 1)
    loss, _, grad_U = spans.value_and_grad(*case)
    assert loss == spans.loss(*case)
    assert loss == pytest.approx(2 * np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_U.values, [[0, 0]])


FAR = {
    "a place of no window": ([[0]], [[0, 1, 1]], [[0]], [[1]], [[1]], 2),
    "the center's own place": ([[0]], [[1, 0, 1]], [[1]], [[1]], [[1]], 2),
    "a sample of no window": ([[0], [1]], [[1] * 3] * 2, [[0], [1]], [[0], [1]], [[2], [1]], 2),
    "a sample of no draws": ([[0]], [[1, 1, 1]], [[1]], [[1]], [[2]], 0),
}
far = pytest.mark.parametrize("what", FAR)
V, U = np.array([[1e200], [1.0], [1.0]]), np.array([[-1e200], [1.0], [1e200]])


@far
def test_a_score_out_of_range_that_does_not_count_costs_nothing(what: str) -> None:
    assert np.isfinite(spans.loss(V, U, *FAR[what]))


@far
def test_a_score_out_of_range_that_does_not_count_moves_nothing(what: str) -> None:
    _, grad_V, grad_U = spans.value_and_grad(V, U, *FAR[what])
    assert np.isfinite(grad_V.values).all()
    assert np.isfinite(grad_U.values).all()
    assert not grad_U.dense(3)[2].any()


def test_a_number_of_another_precision_is_taken_as_what_the_matrices_are() -> None:
    one = np.ones((1, 1), np.float32)
    case = (one, one, [[0]], [[0, 0, 0]], [[1]], [[1]], [[0]])
    for draws in (np.float64(5), np.float32(5), np.int64(5)):
        assert spans.loss(*case, draws) == spans.loss(*case, 5)
        loss, grad_V, _ = spans.value_and_grad(*case, draws)
        assert (loss, grad_V.values.dtype) == (spans.loss(*case, 5), np.float32)
