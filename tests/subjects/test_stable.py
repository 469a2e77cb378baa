"""Scores of 800 either way: what a naive evaluation loses is right to the last digits.

The values are taken again with mpmath, from formulas written here.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from generated import cbow, contrastive, hierarchical_softmax

FAR = pytest.mark.parametrize("score", [800.0, 700.0, 40.0, 1.5, 0.0, -1.5, -40.0, -700.0, -800.0])
FEW = 4 * float(np.finfo(np.float64).eps)


def near(found: Any, wanted: Any) -> bool:
    """Relative to itself, unless it is too small for a float."""
    wanted = mpmath.mpf(wanted)
    return bool(abs(mpmath.mpf(float(found)) - wanted) <= FEW * abs(wanted) + mpmath.mpf(5e-324))


@pytest.fixture(autouse=True)
def _precise() -> Any:
    with mpmath.workdps(400):
        yield


def softplus(score: float) -> Any:
    return mpmath.log1p(mpmath.exp(score))


def sigmoid(score: float) -> Any:
    return 1 / (1 + mpmath.exp(-mpmath.mpf(score)))


@FAR
def test_a_context_of_two_words_is_predicted_by_its_mean(score: float) -> None:
    """Word 0 has this score beside a word of score 0: the loss is a softplus."""
    V, U = np.array([[score / 2], [score * 3 / 2]]), np.array([[1.0], [0.0]])
    loss, grad_V, grad_U = cbow.naive_softmax_value_and_grad([0, 1], 0, V, U)
    assert near(loss, softplus(-score))
    assert near(grad_V.values[0, 0], -sigmoid(-score) / 2)
    assert near(grad_V.values[1, 0], -sigmoid(-score) / 2)
    assert near(grad_U[1, 0], score * sigmoid(-score))
    assert near(grad_U[0, 0], -score * sigmoid(-score))


@FAR
def test_negative_sampling_of_a_context(score: float) -> None:
    V, U = np.array([[score]]), np.array([[1.0], [-1.0]])
    V = np.vstack([V, V])
    loss, grad_V, grad_U = cbow.negative_sampling_value_and_grad([0, 0, 0, 1], 0, V, U, [1])
    assert near(loss, 2 * softplus(-score))
    assert near(grad_V.dense(2)[0, 0], -mpmath.mpf(3) / 2 * sigmoid(-score))
    assert near(grad_V.dense(2)[1, 0], -mpmath.mpf(1) / 2 * sigmoid(-score))
    assert near(grad_U.dense(2)[0, 0], -score * sigmoid(-score))
    assert near(grad_U.dense(2)[1, 0], score * sigmoid(-score))


@FAR
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_one_decision_is_logistic(score: float, sign: float) -> None:
    loss, grad_v, grad_Theta = hierarchical_softmax.value_and_grad(
        [1.0], [2], [sign], [[9.0], [9.0], [score]]
    )
    assert near(loss, softplus(-sign * score))
    assert near(grad_v[0], -sign * score * sigmoid(-sign * score))
    assert grad_Theta.rows.tolist() == [2]
    assert near(grad_Theta.values[0, 0], -sign * sigmoid(-sign * score))


@FAR
@pytest.mark.parametrize(
    "function", [contrastive.value_and_grad, contrastive.symmetric_value_and_grad]
)
def test_two_queries_with_their_keys(function: Callable[..., Any], score: float) -> None:
    """Each query has this score beside its own key and none beside the other."""
    eye = np.eye(2)
    loss, grad_Q, grad_K, grad_beta = function(eye, eye, score)
    wrong = sigmoid(-score)
    assert near(loss, softplus(-score))
    assert near(grad_beta, -wrong)
    for gradient in (grad_Q, grad_K):
        assert near(gradient[0, 0], -score * wrong / 2)
        assert near(gradient[0, 1], score * wrong / 2)


def test_a_probability_that_is_almost_one_is_not_taken_from_one() -> None:
    """exp(-40) is less than the spacing of floats at 1, and is there to the last digit."""
    loss, _, _, grad_beta = contrastive.value_and_grad(np.eye(3), np.eye(3), 40.0)
    small = mpmath.exp(-40)
    assert near(loss, mpmath.log1p(2 * small))
    assert near(grad_beta, -2 * small / (1 + 2 * small))
