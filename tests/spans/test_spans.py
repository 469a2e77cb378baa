"""The kernels of spans keep their promises at cases, edges and sizes of training; mutants fall."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from math import fsum
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import generated
from generated import spans
from generated._runtime import rows as by_word
from generated._runtime.rows import Term, matrix_of, row_sums
from tests.kernels.oracle import BITS, WORKING, C, balls, log_sigmoid, slopes
from tests.kernels.properties import Property, survivors, times
from tests.planting import mistakes
from tests.spans.properties import (
    BAD_CALLS,
    FUNCTIONS,
    GOOD,
    PROPERTIES,
    RATE,
    BadCall,
    Blocks,
    assert_promise,
    blocks,
    oracle,
    value_and_grad,
    wrong_arguments_are_refused_and_change_nothing,
)

MUTANTS = mistakes(Path(__file__).with_name("mutants.diff"), once=False)


# How many examples: few, and the same in every run, or many new ones.
#
# HYPOTHESIS_PROFILE=long pytest tests/spans


SEEDED = settings(
    max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
LONG = settings(SEEDED, max_examples=3000, derandomize=False)
EXAMPLES = LONG if os.environ.get("HYPOTHESIS_PROFILE") == "long" else SEEDED


# The kernels of blocks keep every promise, on cases that Hypothesis makes up.


@times(4)
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_generated_kernels_hold_that(prop: Property, times: int) -> None:
    @settings(EXAMPLES, max_examples=times * EXAMPLES.max_examples)
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(generated, case)

    every_case()


# The properties catch mistakes planted in the emitted code.


FEW, CASES = 25, 400


@pytest.mark.slow
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, 3 * FEW, CASES)) == []


def test_every_mutant_is_one_of_its_own_and_names_a_property() -> None:
    assert {mutant.seen_by for mutant in MUTANTS} == {prop.name for prop in PROPERTIES}
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 60


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


def test_exact_gradients_are_the_slopes_of_the_loss() -> None:
    @EXAMPLES
    @given(blocks(moderate=True).filter(lambda case: case.V.size < 9))
    def every_case(case: Blocks) -> None:
        exact, scale = oracle(case)
        with ctx.workprec(BITS):
            given: dict[str, Any] = {"case": case, "V": balls(case.V), "U": balls(case.U)}
            found = (specified(**given), *(slopes(specified, given, by) for by in ("V", "U")))
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


def few_ulps(dtype: Any) -> float:
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
    assert loss == pytest.approx(8 * np.log(2), rel=few_ulps(dtype))
    assert np.array_equal(grad_V.values, [[-4 + 12]])
    assert np.array_equal(grad_U.values, [[0]])


@DTYPES
def test_two_words_and_two_samples_by_hand(dtype: Any) -> None:
    """A text of words 0 1, samples 0 and 2: each center pulls the other, 5/2 for each sample."""
    V, U = np.array([[2.0], [6.0], [8.0]], dtype), np.zeros((3, 1), dtype)
    case = (V, U, [[0, 1]], [[2, 0, 1, 2]], [[0, 1]], [[1, 0]], [[0, 2]], 5)
    loss, grad_V, grad_U = spans.value_and_grad(*case)
    assert loss == pytest.approx(12 * np.log(2), rel=few_ulps(dtype))
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
    assert loss == pytest.approx(2 * np.log(2), rel=few_ulps(dtype))
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


DRAWN_DTYPES = st.sampled_from([np.float64, np.float32])


# Rows are added up by SciPy where it is installed, else by NumPy: both ways are tested.


@pytest.fixture(params=["SciPy", "NumPy"])
def summed_either_way(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """With SciPy's sparse product, and as where SciPy is not installed."""
    by_word._sparse_product.cache_clear()
    if request.param == "NumPy":
        monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    else:
        pytest.importorskip("scipy.sparse")
    assert (by_word._sparse_product() is None) == (request.param == "NumPy")
    yield
    by_word._sparse_product.cache_clear()


either_way = pytest.mark.usefixtures("summed_either_way")


@st.composite
def sums(draw: Any) -> tuple[int, list[Term]]:
    """N and terms of every kind, in whole numbers, so that every order of additions is exact.

    Of few words each occurs far more often than a run is long.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    N, n = draw(st.sampled_from([1, 2, 50, 100_000])), draw(st.sampled_from([0, 1, 40, 3000]))
    dtype, d = draw(DRAWN_DTYPES), draw(st.integers(1, 3))

    def whole(*shape: int) -> Any:
        return rng.integers(-9, 10, shape).astype(dtype)

    one, some, table = (rng.integers(N, size=shape) for shape in ((), n, (n, 3)))
    rows = whole(n, d)
    kinds: list[Term] = [
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


def added_one_by_one(N: int, terms: list[Term]) -> Any:
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
    def every_sum(case: tuple[int, list[Term]]) -> None:
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
def test_rows_added_one_after_the_other_would_not_keep_the_promise(length: int) -> None:
    rows = np.full((length, 1), np.float32(0.1))
    one_by_one = np.cumsum(rows, axis=0)[-1, 0]
    size = fsum(rows[:, 0].tolist())
    assert abs(float(one_by_one) - size) > C * np.finfo(np.float32).eps / 2 * size


def text(G: int, S: int, m: int, R: int, d: int, often: float, scale: float, dtype: Any) -> Blocks:
    """Words drawn by frequency, so that the first ones turn up again and again."""
    rng = np.random.default_rng(G + S)
    V, U = (scale * rng.normal(size=(2, 40, d))).astype(dtype)
    contexts, negatives = (
        np.minimum(rng.geometric(often, size=(G, places)) - 1, 39) for places in (S + 2 * m, R)
    )
    before, after = rng.integers(1, m, size=(2, G, S), endpoint=True)
    return Blocks(V, U, contexts[:, m : m + S], contexts, before, after, negatives, 5)


def assert_kept(case: Blocks) -> None:
    with ctx.workprec(WORKING):
        assert_promise(value_and_grad(generated, case), case)


@either_way
@DTYPES
@pytest.mark.parametrize("scale", [0.01, 0.3, 2.0])
def test_blocks_that_are_trained_with_keep_the_promise(dtype: Any, scale: float) -> None:
    assert_kept(text(4, 16, 5, 16, 30, 0.2, scale, dtype))


@either_way
@DTYPES
@pytest.mark.parametrize("often", [0.5, 1.0])
def test_a_long_block_of_few_words_keeps_the_promise(dtype: Any, often: float) -> None:
    """With ``often`` of 1 the text is one word, and so are all samples."""
    assert_kept(text(1, 64, 5, 64, 3, often, 0.5, dtype))


@either_way
@DTYPES
def test_many_blocks_of_one_word_keep_the_promise(dtype: Any) -> None:
    assert_kept(text(150, 4, 2, 4, 2, 1.0, 0.5, dtype))


@either_way
@DTYPES
def test_equal_vectors_keep_the_promise(dtype: Any) -> None:
    """Every term is the same, so that roundings do not cancel."""
    case = text(1, 64, 5, 64, 2, 1.0, 0.5, dtype)
    case.V[...], case.U[...] = 0.1, 0.3
    assert_kept(case)
