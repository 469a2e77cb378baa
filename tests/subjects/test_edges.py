"""Edges of the subjects' kernels on every back end."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from generated import (
    attention_head,
    cbow,
    contrastive,
    glove,
    hierarchical_softmax,
    layer_normalisation,
    logistic_regression,
)

ONE = np.ones((1, 1))


def test_one_word_that_is_its_own_context_costs_nothing() -> None:
    loss, grad_V, grad_U = cbow.naive_softmax_value_and_grad([0, 0], 0, 3 * ONE, 2 * ONE)
    assert loss == 0
    assert np.array_equal(grad_V.dense(1), [[0]])
    assert np.array_equal(grad_U, [[0]])


def test_a_word_of_the_context_counts_as_often_as_it_stands_there() -> None:
    V, U = np.zeros((3, 1)), np.array([[0.0], [0.0], [1.0]])
    _, grad_V, _ = cbow.naive_softmax_value_and_grad([1, 2, 1, 1], 2, V, U)
    assert grad_V.rows.tolist() == [1, 2]
    assert grad_V.values == pytest.approx(np.array([[-2 / 3 * 3 / 4], [-2 / 3 / 4]]), rel=1e-15)


def test_without_negatives_only_the_word_between_is_pulled() -> None:
    loss, _, grad_U = cbow.negative_sampling_value_and_grad(
        [0], 1, np.zeros((2, 1)), np.ones((2, 1)), []
    )
    assert loss == pytest.approx(np.log(2), rel=1e-15)
    assert grad_U.rows.tolist() == [1]


def test_a_path_that_meets_a_node_twice_adds_both() -> None:
    zero = np.zeros((2, 1))
    loss, grad_v, grad_Theta = hierarchical_softmax.value_and_grad([4.0], [1, 1], [1, 1], zero)
    assert loss == pytest.approx(2 * np.log(2), rel=1e-15)
    assert grad_Theta.rows.tolist() == [1]
    assert grad_Theta.values == pytest.approx(np.array([[-4.0]]), rel=1e-15)
    assert np.array_equal(grad_v, [0])


def test_two_signs_on_one_node_pull_both_ways() -> None:
    zero = np.zeros((1, 1))
    _, _, grad_Theta = hierarchical_softmax.value_and_grad([4.0], [0, 0], [1, -1], zero)
    assert np.array_equal(grad_Theta.values, [[0]])


def test_no_pairs_cost_nothing() -> None:
    b = np.zeros(2)
    W = np.ones((2, 3), np.float32)
    out = glove.batch_value_and_grad(
        W, W, b.astype("f4"), b.astype("f4"), [], [], np.zeros(0, "f4"), np.zeros(0, "f4")
    )
    loss, grad_W, grad_C, grad_b, grad_c = out
    assert loss == 0
    assert grad_W.values.shape == grad_C.values.shape == (0, 3)
    assert np.array_equal(grad_b, [0, 0])
    assert np.array_equal(grad_c, [0, 0])
    assert grad_b.dtype == np.float32


def test_a_pair_listed_twice_counts_twice() -> None:
    W, b = np.ones((2, 1)), np.zeros(2)
    once = glove.batch_value_and_grad(W, W, b, b, [0], [1], [1.0], [3.0])
    twice = glove.batch_value_and_grad(W, W, b, b, [0, 0], [1, 1], [1.0, 1.0], [3.0, 3.0])
    assert once[0] == 4
    assert twice[0] == 8
    assert np.array_equal(twice[1].values, 2 * once[1].values)
    assert np.array_equal(twice[4], [0, -8])


def test_all_pairs_are_the_list_of_all_pairs() -> None:
    rng = np.random.default_rng(5)
    W, C, weights, targets = (rng.normal(size=(3, 3)) for _ in range(4))
    b, c = rng.normal(size=(2, 3))
    rows, columns = np.indices((3, 3)).reshape(2, 9)
    whole = glove.value_and_grad(W, C, b, c, weights, targets)
    listed = glove.batch_value_and_grad(W, C, b, c, rows, columns, weights.ravel(), targets.ravel())
    assert whole[0] == pytest.approx(listed[0], rel=1e-13)
    for one, other in zip(whole[1:], listed[1:], strict=True):
        dense = other.dense(3) if hasattr(other, "dense") else other
        assert one == pytest.approx(dense, rel=1e-12, abs=1e-13)


def test_one_query_has_no_one_to_be_told_from() -> None:
    for function in (contrastive.value_and_grad, contrastive.symmetric_value_and_grad):
        loss, grad_Q, grad_K, grad_beta = function(ONE, 5 * ONE, 2.0)
        assert (loss, grad_beta) == (0, 0)
        assert np.array_equal(grad_Q, [[0]])
        assert np.array_equal(grad_K, [[0]])


def test_a_single_number_beside_single_precision_is_one_of_them() -> None:
    Q = np.eye(2, dtype=np.float32)
    for beta in (0.5, np.float64(0.5)):
        _, grad_Q, _, _ = contrastive.value_and_grad(Q, Q, beta)
        assert grad_Q.dtype == np.float32
    with pytest.raises(TypeError, match="should be of one dtype"):
        contrastive.value_and_grad(Q, Q, np.array(0.5))


def test_an_example_far_on_its_side_still_pulls() -> None:
    loss, grad_w, grad_b = logistic_regression.margin_value_and_grad(
        [1.0], [[40.0]], [1.0], 0.0, 0.0
    )
    assert loss == pytest.approx(np.exp(-40.0), rel=1e-14)
    assert grad_w == pytest.approx([-40 * np.exp(-40.0)], rel=1e-14)
    assert grad_b == pytest.approx(-np.exp(-40.0), rel=1e-14)
    far, grad = logistic_regression.value_and_grad([1.0], [[-800.0], [800.0]], [1.0, 1.0])
    assert (far, grad.tolist()) == (800.0, [800.0])


def test_inputs_that_are_all_the_same_are_normalised_to_nothing() -> None:
    same, ones = np.full(3, 5.0), np.ones(3)
    assert layer_normalisation.outputs(same, ones, 2 * ones, 1e-5).tolist() == [2, 2, 2]
    _, grad_x, grad_gain, grad_shift = layer_normalisation.value_and_grad(
        same, ones, ones, 1e-4, [1.0, 2.0, 3.0]
    )
    assert grad_x == pytest.approx([-100, 0, 100], rel=1e-14, abs=1e-12)
    assert grad_gain.tolist() == [0, 0, 0]
    assert grad_shift.tolist() == [1, 2, 3]


def test_a_query_that_is_sure_of_its_key_still_tells_how_sure() -> None:
    K, V = np.array([[0.0], [-40.0]]), np.array([[3.0], [5.0]])
    assert attention_head.outputs(ONE, K, V, 1.0) == pytest.approx(ONE * 3, rel=1e-15)
    _, grad_Q, *_ = attention_head.value_and_grad(ONE, K, V, 1.0, ONE)
    assert grad_Q == pytest.approx(-40 * 2 * np.exp(-40.0) * ONE, rel=1e-14)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_not_hidden(bad: float) -> None:
    V, U = np.ones((3, 2)), np.ones((3, 2))
    V[1, 0] = bad
    assert not np.isfinite(cbow.naive_softmax_value_and_grad([0, 1], 0, V, U)[0])
    assert not np.isfinite(cbow.negative_sampling_value_and_grad([0, 1], 0, V, U, [2])[0])
    assert np.isfinite(cbow.naive_softmax_value_and_grad([0, 2], 0, V, U)[0])
    assert not np.isfinite(hierarchical_softmax.loss(V[0], [1], [1.0], V))
    assert not np.isfinite(hierarchical_softmax.loss(V[1], [0], [-1.0], V))
    assert not np.isfinite(contrastive.loss(V, U, 1.0))
    assert not np.isfinite(contrastive.symmetric_value_and_grad(U, V, 1.0)[0])
    assert not np.isfinite(glove.loss(V, U, U[:, 0], U[:, 0], np.ones((3, 3)), np.ones((3, 3))))


ROWS, SINGLE = np.ones((3, 2)), np.ones((3, 2), np.float32)
CBOW = {"context": [0, 1], "o": 2, "V": ROWS, "U": ROWS}
SAMPLED = {**CBOW, "negatives": [0]}
PATH = {"v": np.ones(2), "nodes": [0, 2], "signs": [1, -1], "Theta": ROWS}
BIASES = {"b": np.ones(3), "c": np.ones(3)}
GLOVE = {"W": ROWS, "C": ROWS, **BIASES, "weights": np.ones((3, 3)), "targets": np.ones((3, 3))}
PAIRS = {"W": ROWS, "C": ROWS, **BIASES, "rows": [0], "columns": [1], "weights": [1.0]} | {
    "targets": [1.0]
}
BATCH = {"Q": ROWS, "K": ROWS, "beta": 1.0}

REFUSED: tuple[tuple[Any, dict[str, Any], dict[str, Any], type[Exception], str], ...] = (
    (cbow.naive_softmax_value_and_grad, CBOW, {"context": []}, ValueError, "context.*C at least 1"),
    (cbow.naive_softmax_loss, CBOW, {"context": np.zeros(0, int)}, ValueError, "context has shape"),
    (
        cbow.naive_softmax_value_and_grad,
        CBOW,
        {"context": [0, 3]},
        IndexError,
        r"context\[1\] is 3",
    ),
    (cbow.naive_softmax_value_and_grad, CBOW, {"context": [-1]}, IndexError, r"context\[0\] is -1"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"context": [0.5]}, TypeError, "context is of dtype"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"o": 3}, IndexError, "o is 3, should be in 0..2"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"o": 1.0}, TypeError, "o is 1.0 of type float"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"V": SINGLE}, TypeError, "one dtype"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"U": ROWS[:2]}, ValueError, "U has shape"),
    (cbow.negative_sampling_value_and_grad, SAMPLED, {"negatives": [[0]]}, ValueError, "negatives"),
    (cbow.negative_sampling_value_and_grad, SAMPLED, {"negatives": [5]}, IndexError, "negatives"),
    (cbow.negative_sampling_loss, SAMPLED, {"context": []}, ValueError, "context"),
    (hierarchical_softmax.value_and_grad, PATH, {"nodes": [0]}, ValueError, "nodes has shape"),
    (hierarchical_softmax.value_and_grad, PATH, {"nodes": [0, 3]}, IndexError, r"nodes\[1\] is 3"),
    (hierarchical_softmax.value_and_grad, PATH, {"signs": [True, False]}, TypeError, "signs is of"),
    (hierarchical_softmax.value_and_grad, PATH, {"signs": [], "nodes": []}, ValueError, "signs"),
    (hierarchical_softmax.loss, PATH, {"v": np.ones(3)}, ValueError, "v has shape"),
    (glove.value_and_grad, GLOVE, {"weights": np.ones((3, 2))}, ValueError, "weights has shape"),
    (glove.value_and_grad, GLOVE, {"b": np.ones(2)}, ValueError, "b has shape"),
    (glove.loss, GLOVE, {"targets": np.ones(3)}, ValueError, "targets has shape"),
    (glove.batch_value_and_grad, PAIRS, {"rows": [0, 1]}, ValueError, "rows has shape"),
    (glove.batch_value_and_grad, PAIRS, {"columns": [9]}, IndexError, r"columns\[0\] is 9"),
    (glove.batch_value_and_grad, PAIRS, {"targets": [1.0, 2.0]}, ValueError, "targets has shape"),
    (contrastive.value_and_grad, BATCH, {"K": ROWS[:2]}, ValueError, "K has shape"),
    (contrastive.value_and_grad, BATCH, {"beta": [1.0]}, ValueError, "beta has shape"),
    (contrastive.symmetric_value_and_grad, BATCH, {"beta": True}, TypeError, "beta is of dtype"),
    (
        contrastive.loss,
        BATCH,
        {"Q": np.ones((0, 2)), "K": np.ones((0, 2))},
        ValueError,
        "at least 1",
    ),
)


@pytest.mark.parametrize(
    ("function", "case", "changes", "error", "message"),
    REFUSED,
    ids=lambda part: "-".join(part) if isinstance(part, dict) and len(part) < 3 else "",
)
def test_a_wrong_argument_is_refused_by_name(
    function: Any, case: dict[str, Any], changes: dict[str, Any], error: Any, message: str
) -> None:
    function(**case)
    with pytest.raises(error, match=message):
        function(**{**case, **changes})


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
