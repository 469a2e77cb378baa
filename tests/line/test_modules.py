"""A module from a proved line: its loss and its gradient are those of the line, and keep digits."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.codegen.numeric import slope
from tests.line.texts import CLASSES, HIDDEN, LOGISTIC, SCALARS, function_of


def test_the_gradient_of_a_logistic_regression(tmp_path: Path) -> None:
    value_and_grad = function_of(LOGISTIC, "line.1", tmp_path)
    rng = np.random.default_rng(0)
    w, X, t = rng.standard_normal(3), rng.standard_normal((5, 3)), rng.random(5)
    loss, grad = value_and_grad(w, X, t, 0.5)

    def expected() -> float:
        scores = X @ w
        return float((np.logaddexp(0, scores) - t * scores).sum() + w @ w / 4)

    assert loss == pytest.approx(expected(), rel=1e-14)
    assert grad == pytest.approx(slope(expected, w), abs=1e-7)
    far, _ = value_and_grad([1.0], [[800.0]], [1.0], 0.0)
    assert 0 <= far < 1e-300
    with pytest.raises(ValueError, match=r"t has shape \(4,\), should be \(n,\) with n = 5"):
        value_and_grad(w, X, t[:4], 0.5)


@pytest.mark.slow  # three forms of a softmax are judged
def test_labels_are_counted_from_0_and_checked(tmp_path: Path) -> None:
    value_and_grad = function_of(CLASSES, "line.1", tmp_path)
    rng = np.random.default_rng(1)
    W, X, c = rng.standard_normal((3, 2)), rng.standard_normal((4, 2)), np.array([0, 2, 2, 1])

    def expected() -> float:
        scores = X @ W.T
        return float((np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(4), c]).sum())

    loss, grad = value_and_grad(W, X, c)
    assert loss == pytest.approx(expected(), rel=1e-13)
    assert grad == pytest.approx(slope(expected, W), abs=1e-7)
    confident, _ = value_and_grad([[40.0], [0.0]], [[1.0]], [0])
    assert confident == pytest.approx(np.exp(-40.0), rel=1e-13)
    with pytest.raises(IndexError, match="c"):
        value_and_grad(W, X, [0, 1, 2, 3])


def test_what_is_written_by_exponentials_is_computed_without_their_range(tmp_path: Path) -> None:
    tanh = function_of(SCALARS, "line.1", tmp_path)
    assert tanh(800.0) == (1.0, 0.0)
    assert tanh(20.0)[1] == pytest.approx(4 * np.exp(-40.0), rel=1e-12)
    softplus = function_of(SCALARS, "line.3", tmp_path)
    assert softplus(800.0, 0.0) == (800.0, 1.0)
    assert softplus(-40.0, 0.0)[0] == pytest.approx(np.exp(-40.0), rel=1e-13)


def test_the_slope_of_hidden_units_keeps_its_digits(tmp_path: Path) -> None:
    value_and_grad = function_of(HIDDEN, "line.1", tmp_path)
    _, grad = value_and_grad([[20.0]], [1.0], [1.0])
    assert grad[0, 0] == pytest.approx(4 * np.exp(-40.0), rel=1e-12)


def results(value: Any) -> list[Any]:
    return [np.asarray(one).dtype for one in value if isinstance(one, np.ndarray)]


def test_float32_stays_float32(tmp_path: Path) -> None:
    value_and_grad = function_of(HIDDEN, "line.1", tmp_path)
    ones = np.ones((2, 2), np.float32)
    assert results(value_and_grad(ones, ones[0], ones[0])) == [np.float32]
