"""Spans at their edges: the oracle, the range of floats, refusals."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given

import generated
from generated import spans
from tests.kernels.oracle import balls
from tests.kernels.specified import BITS, STEP, log_sigmoid
from tests.spans.cases import BAD_CALLS, FUNCTIONS, GOOD, RATE, BadCall, Blocks, blocks
from tests.spans.oracle import oracle
from tests.spans.properties.of_calls import wrong_arguments_are_refused_and_change_nothing
from tests.spans.test_properties import EXAMPLES

# The oracle against differences of the loss as it is defined, and against numbers by hand.


def specified(case: Blocks, V: Any, U: Any) -> Any:
    """The loss, pair by pair: each brings K / R of every sample of its block."""
    S, places = case.centers.shape[1], case.contexts.shape[1]
    reach, draws = (places - S) // 2, arb(float(case.V.dtype.type(case.draws)))
    loss = arb(0)
    for (g, p), c in np.ndenumerate(case.centers):
        for j in range(-int(case.before[g, p]), int(case.after[g, p]) + 1):
            if j != 0:
                loss -= log_sigmoid(U[case.contexts[g, p + reach + j]] @ V[c])
                pushes = [log_sigmoid(-(U[k] @ V[c])) for k in case.negatives[g]]
                loss -= draws * sum(pushes) / len(pushes)
    return loss


def slopes(case: Blocks, matrix: str) -> Any:
    """Central differences by every entry: no formula of a gradient is used."""
    given = {"V": balls(case.V), "U": balls(case.U)}
    array = given[matrix]
    out = np.empty(array.shape, dtype=object)
    for at in np.ndindex(array.shape):
        here, both = array[at], []
        for moved in (here + STEP, here - STEP):
            array[at] = moved
            both.append(specified(case, **given))
        array[at] = here
        out[at] = (both[0] - both[1]) / (2 * STEP)
    return out


def test_exact_gradients_are_the_slopes_of_the_loss() -> None:
    @EXAMPLES
    @given(blocks(moderate=True).filter(lambda case: case.V.size < 9))
    def every_case(case: Blocks) -> None:
        exact, scale = oracle(case)
        with ctx.workprec(BITS):
            found = (
                specified(case, balls(case.V), balls(case.U)),
                slopes(case, "V"),
                slopes(case, "U"),
            )
            for (what, want), (_, size), got in zip(
                exact.parts(), scale.parts(), found, strict=True
            ):
                allow = np.ravel(size) * arb(2) ** -100 + arb(2) ** -1300
                assert all(abs(np.ravel(want - got)) <= allow), (what, case)

    every_case()


def test_undecided_vectors_have_the_scale_worked_by_hand() -> None:
    """Scores of 0 with t = 1: five pairs, each log 2 and 1/2, and five times that for samples."""
    case = replace(GOOD, V=np.array([[1.0, 1.0]] * 4), U=np.array([[0.5, -0.5]] * 4))
    exact, scale = oracle(case)
    pairs = int(case.before.sum() + case.after.sum())
    assert pairs == 9
    assert float(exact.loss) == pytest.approx(pairs * 6 * np.log(2), rel=1e-15)
    assert float(scale.loss) == pytest.approx(pairs * 6 * (np.log(2) + 0.5), rel=1e-15)
    sizes = [float(x) for x in scale.grad_V.sum(axis=0)]
    assert sizes == pytest.approx([pairs * 6 * (0.5 + 0.25) * 0.5] * 2, rel=1e-15)


# The smallest sizes, stated by hand.


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


# The ends of the range: what overflows on its way, what is out of range and does not count.


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
        assert loss == spans.loss(*case, 5)
        assert grad_V.values.dtype == np.float32


# Every wrong argument of the kernels of blocks is refused by name; the good ones are taken.


@pytest.mark.parametrize("bad", BAD_CALLS, ids=str)
def test_a_wrong_argument_is_refused_and_changes_nothing(bad: BadCall) -> None:
    wrong_arguments_are_refused_and_change_nothing(generated, bad)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_arguments_that_the_faults_are_planted_in_are_good(function: str) -> None:
    given = {**GOOD.arguments(), "V": GOOD.V.copy(), "U": GOOD.U.copy()}
    rate = {"rate": RATE} if function == "sgd_step" else {}
    getattr(generated.spans, function)(**given, **rate)
    changed = not np.array_equal(given["V"], GOOD.V) and not np.array_equal(given["U"], GOOD.U)
    assert changed == (function == "sgd_step")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_argument_has_a_fault(function: str) -> None:
    given = {*vars(GOOD), *(["rate"] if function == "sgd_step" else [])}
    assert {bad.argument for bad in BAD_CALLS if bad.function == function} == given
