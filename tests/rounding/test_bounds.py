"""Bounds on the rounding of kernels: running, by counts, with leaders; the report; mistakes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import isnan, log, log2, nan
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from codegen.execute.jobs import with_gradients
from codegen.interpret.errors import ASSUMED, FLOAT32, FLOAT64, Hypotheses, Unbounded
from codegen.interpret.roundings import (
    ENTRIES,
    FUNCTION,
    SUMS,
    Count,
    Counts,
    Known,
    Leaders,
    Uncounted,
    remaining,
)
from codegen.rounding import scalar_core
from codegen.rounding.bound_rows import (
    ARGUMENTS,
    COUNTED,
    Emitted,
    Row,
    as_data,
    cases,
    compare,
    count_row,
    hypothesis,
    kernel_row,
    lines,
    report,
    results,
    scalar_row,
    without_bound,
)
from codegen.rounding.error_bounds import SMALL, WITHIN, bounds, counts, on_rounded
from codegen.rounding.scalar_core import CORE, Limit, measured, prove
from codegen.subjects import MODULES
from generated import cbow, glove, naive_softmax, negative_sampling, spans
from generated._runtime.arguments import parameters, word
from generated._runtime.arrays import overwritten, picked, sum_without
from generated._sigmoid import sigmoid
from tests.kernels.cases import Batch, Floats, Pair
from tests.kernels.oracle import WORKING, Answer, C, allowance, balls, oracle, promised

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("kernel", ARGUMENTS, ids=lambda k: f"{k.__module__}.{k.__name__}")
def test_no_component_is_beyond_its_bound(kernel: Emitted, dtype: np.dtype[Any]) -> None:
    found = compare(cases(kernel, dtype, seed=1), 300)
    assert found.compared >= 300
    assert found.beyond == []
    assert len(found.ratios) > 60
    assert found.refused < 20


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
@pytest.mark.parametrize("kernel", [naive_softmax.value_and_grad, negative_sampling.value_and_grad])
def test_the_exact_values_are_those_of_the_oracle(kernel: Emitted, dtype: np.dtype[Any]) -> None:
    compared = 0
    for case in islice(cases(kernel, dtype, seed=2), 40):
        given: Any = case.arguments
        v, o, U, *negatives = given
        exact, _ = oracle(Pair(v, o, U, *negatives))
        found = bounds(kernel, *case.arguments)
        with ctx.workprec(WORKING):
            for (what, want), got in zip(exact.parts(), found, strict=True):
                pairs = zip(np.ravel(np.asarray(want, object)), got.exact.flat, strict=True)
                for mine, theirs in pairs:
                    assert mine.overlaps(theirs), (what, mine, theirs, case)
                    compared += 1
    assert compared > 400


def test_a_result_off_by_more_than_its_bound_is_seen() -> None:
    def broken(*arguments: Any) -> Any:
        loss, grad_v, grad_U = naive_softmax.value_and_grad(*arguments)
        return loss, grad_v * (1 + 2.0**-40), grad_U

    broken.__wrapped__ = naive_softmax.value_and_grad  # type: ignore[attr-defined]
    ARGUMENTS[broken] = ARGUMENTS[naive_softmax.value_and_grad]
    try:
        found = compare(cases(broken, FLOATS[0], seed=1), 300)
    finally:
        del ARGUMENTS[broken]
    assert found.beyond
    assert all("result 1" in each for each in found.beyond)


def test_every_leader_that_rounding_leaves_open_is_tried() -> None:
    U = np.array([[1.0, 1e-17], [1.0, 0.0], [0.5, 0.0]])
    v = np.array([1.0, 1.0])
    loss, _, grad_U = bounds(naive_softmax.value_and_grad, v, 0, U)
    with ctx.workprec(WORKING):
        exact: Answer = oracle(Pair(v, 0, U))[0]
        assert loss.exact.item().overlaps(exact.loss)
        assert grad_U.error[0, 0] < arb(1e-14)


def test_what_is_computed_out_of_sight_is_refused() -> None:
    V = np.ones((3, 2))
    with pytest.raises(TypeError, match="out of sight"):
        bounds(cbow.negative_sampling_value_and_grad, [0, 1, 1], 2, V, V, [0])


def test_infinity_has_no_bound() -> None:
    with pytest.raises(Unbounded):
        bounds(naive_softmax.loss, np.array([np.inf]), 0, np.array([[1.0], [2.0]]))


PRECISIONS = pytest.mark.parametrize("h", ASSUMED, ids=lambda h: h.dtype.name)
PAIRS = (naive_softmax.value_and_grad, negative_sampling.value_and_grad)


def drawn(N: int, d: int, K: int) -> tuple[Floats, int, Floats, Any]:
    rng = np.random.default_rng([N, d, K])
    return rng.normal(size=d), 0, rng.normal(size=(N, d)), rng.integers(0, N, K)


def softmax_sizes(v: Floats, o: int, U: Floats) -> tuple[Any, Floats, Floats]:
    """|J|, sum_w |delta_w| |u_w| and |delta_w| |v|, by hand."""
    z = U @ v
    yhat = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    delta = np.abs(yhat - (np.arange(len(z)) == o))
    return -np.log(yhat[o]), delta @ abs(U), np.outer(delta, abs(v))


def sampling_sizes(v: Floats, o: int, U: Floats, k: Any) -> tuple[Any, Floats, Floats]:
    """The same of negative sampling, where every draw is a term."""
    draws = np.array([o, *k])
    x = (U[draws] @ v) * np.where(np.arange(len(draws)) == 0, -1, 1)
    missing = 1 / (1 + np.exp(-x))
    grad_U = np.zeros_like(U)
    np.add.at(grad_U, draws, np.outer(missing, abs(v)))
    return np.log1p(np.exp(x)).sum(), missing @ abs(U[draws]), grad_U


@PRECISIONS
@pytest.mark.parametrize(("N", "d"), [(1, 1), (2, 1), (8, 5), (300, 40)])
def test_the_bound_of_the_softmax_grows_with_words_and_coordinates(
    h: Hypotheses, N: int, d: int
) -> None:
    v, o, U, _ = drawn(N, d, 0)
    E, L = 2 * h.exp_ulps, 2 * h.log1p_ulps
    loss, grad_v, grad_U = counts(naive_softmax.value_and_grad, h, v, o, U)
    assert loss.own == pytest.approx(N + E + L + log2(N))
    assert grad_U.own == pytest.approx(2 * N + 2 * E + 2 * log(N))
    assert (loss.scores, grad_U.scores) == (d + 1, d + 3)
    assert grad_v.own == pytest.approx(2 * N + 2 * E + 1 + 2 * log(N))


@PRECISIONS
@pytest.mark.parametrize(("d", "K"), [(1, 1), (5, 6), (100, 20)])
def test_the_bound_of_negative_sampling_grows_with_samples_and_coordinates(
    h: Hypotheses, d: int, K: int
) -> None:
    E, L = 2 * h.exp_ulps, 2 * h.log1p_ulps
    loss, grad_v, _ = counts(negative_sampling.value_and_grad, h, *drawn(7, d, K))
    assert (loss.own, loss.scores) == (E + L + 1 + 1 + K - 1, d)
    assert (grad_v.own, grad_v.scores) == (2 * E + 2 + K + 1, d)


@pytest.mark.parametrize(("N", "d", "K"), [(1, 1, 0), (2, 1, 1), (8, 5, 6), (40, 7, 9)])
def test_the_sizes_that_bounds_are_relative_to_are_those_of_B(N: int, d: int, K: int) -> None:
    v, o, U, k = drawn(N, d, K)
    softmax = counts(naive_softmax.value_and_grad, FLOAT64, v, o, U)
    sampling = counts(negative_sampling.value_and_grad, FLOAT64, v, o, U, k)
    for found, wanted in (
        (softmax, softmax_sizes(v, o, U)),
        (sampling, sampling_sizes(v, o, U, k)),
    ):
        for units, size in zip(found, wanted, strict=True):
            np.testing.assert_allclose(units.sizes, size, rtol=1e-9, atol=1e-12)


@PRECISIONS
@pytest.mark.parametrize("kernel", PAIRS, ids=lambda k: k.__module__)
def test_no_result_is_further_off_than_was_counted(kernel: Emitted, h: Hypotheses) -> None:
    compared = 0
    for case in islice(cases(kernel, h.dtype, seed=3), 120):
        given: Any = case.arguments
        v, o, U, *negatives = given
        pair = Pair(v, o, U, *negatives)
        found = counts(kernel, h, *case.arguments)
        with ctx.workprec(WORKING):
            most = max((abs(balls(U)) @ abs(balls(v))).tolist(), key=float)
            if not h.u * found[0].scores * most <= SMALL / 4:
                continue
            exact, scale = oracle(pair)
            allowed = allowance(pair, scale)
            parts = zip(results(case), exact.parts(), allowed.parts(), found, strict=True)
            for got, (what, want), (_, unit), units in parts:
                limit = np.asarray(unit, object) / C * (WITHIN * units.together)
                off = abs(balls(np.asarray(got)) - want)
                for error, bound in zip(np.ravel(off), np.ravel(limit), strict=True):
                    assert error <= bound, (what, error, bound, case)
                    compared += 1
    assert compared > 1000


def complement(v_c: Any, U: Any) -> Any:
    """An error as one less a sigmoid."""
    U, v_c = parameters(U=(U, ("N", "d")), v_c=(v_c, ("d",)))
    return 1 - sigmoid(U @ v_c)


def less_one(v_c: Any, o: int, U: Any) -> Any:
    """A softmax gradient that takes one from a probability near one."""
    U, v_c = parameters(U=(U, ("N", "d")), v_c=(v_c, ("d",)))
    o = word(len(U), o=o)
    scores = U @ v_c
    weights = np.exp(scores - scores[scores.argmax()])
    shares = weights / weights.sum()
    return shares, overwritten(shares, o, shares[o] - 1)


def less_the_row(v_c: Any, o: int, U: Any) -> Any:
    """The same, but that the row of the outside word is taken from the sum of all rows."""
    U, v_c = parameters(U=(U, ("N", "d")), v_c=(v_c, ("d",)))
    scores = U @ v_c
    weights = np.exp(scores - scores[scores.argmax()])
    return weights.sum(), U.T @ (weights / weights.sum()) - U[o]


def other_leader(v_c: Any, o: int, U: Any) -> Any:
    """A loss that is relative to a word that need not lead: it may cancel."""
    U, v_c = parameters(U=(U, ("N", "d")), v_c=(v_c, ("d",)))
    scores = U @ v_c
    return (scores[0] - scores[o]) + np.log1p(np.exp(scores - scores[0]).sum())


def test_one_less_a_sigmoid_is_refused() -> None:
    v, _, U, _ = drawn(4, 3, 0)
    with pytest.raises(Uncounted, match="cancels"):
        counts(complement, FLOAT64, v, U)


def test_a_probability_less_one_is_refused() -> None:
    v, o, U, _ = drawn(4, 3, 0)
    with pytest.raises(Uncounted, match="cancels"):
        counts(less_one, FLOAT64, v, o, U)


def test_a_loss_that_may_cancel_is_refused() -> None:
    v, o, U, _ = drawn(4, 3, 0)
    with pytest.raises(Uncounted, match="may cancel"):
        counts(other_leader, FLOAT64, v, o, U)


def test_a_row_less_that_was_added_before_is_not_of_the_size_of_B() -> None:
    v, o, U, _ = drawn(4, 3, 0)
    _, found = counts(less_the_row, FLOAT64, v, o, U)
    assert not np.allclose(found.sizes, softmax_sizes(v, o, U)[1])


def test_every_kernel_of_skip_gram_can_be_counted() -> None:
    for kernel in COUNTED:
        case = next(iter(cases(kernel, np.dtype(np.float64), seed=5)))
        assert all(units.together > 0 for units in counts(kernel, FLOAT64, *case.arguments))


LIMIT = Limit(100.0, -700.0, 700.0)


def cancelling(z: Any) -> Any:
    """The sigmoid as one less another, which cancels."""
    return 1 - sigmoid(-z)


def by_tanh(z: Any) -> Any:
    """A sigmoid that overflows nowhere, and cancels for negative z."""
    decay = np.exp(-np.abs(z))
    tanh = (1 - decay) / (1 + decay)
    return (1 + np.where(z >= 0, tanh, -tanh)) / 2


def unshifted(v_c: Any, U: Any) -> Any:
    """A softmax of the scores as they are."""
    U, v_c = parameters(U=(U, ("N", "d")), v_c=(v_c, ("d",)))
    weights = np.exp(U @ v_c)
    return weights / weights.sum()


@pytest.mark.parametrize("function", [cancelling, by_tanh])
def test_a_form_that_cancels_is_not_proved(function: Any) -> None:
    proof = prove(lambda z, _: on_rounded(function, ASSUMED)(z)[0], FLOAT64, LIMIT)
    assert not proof.holds
    assert proof.failed
    assert proof.failed[1] < 0


def test_the_emitted_sigmoid_is_proved_where_those_are_not() -> None:
    assert prove(lambda z, _: on_rounded(sigmoid, ASSUMED)(z)[0], FLOAT64, LIMIT).holds


def test_an_unshifted_softmax_has_no_bound_where_it_may_overflow() -> None:
    v, U = np.array([800.0]), np.array([[1.0], [0.5]])
    with pytest.raises(Unbounded, match="out of range"):
        bounds(unshifted, v, U)
    assert bounds(naive_softmax.value_and_grad, v, 0, U)


def off_by_three(x: Any) -> Any:
    """An exponential of floats that is three units too large in the last place."""
    return np.exp(x) if x.dtype == object else np.exp(x) + 3 * np.spacing(np.exp(x))


def test_an_exponential_of_3_ulp_is_not_taken_for_one_of_1(monkeypatch: Any) -> None:
    assert hypothesis("exp", FLOAT64, full=False).holds
    monkeypatch.setitem(scalar_core.NUMPY, "exp", off_by_three)
    row = hypothesis("exp", FLOAT64, full=False)
    assert not row.holds
    assert row.measured > 2.4


def test_results_of_such_an_exponential_are_beyond_what_is_proved_for_1(monkeypatch: Any) -> None:
    scalar = CORE[0]
    limit = scalar.limits["float64"].units
    assert max(measured(scalar, FLOAT64, 2000, seed=0)) <= limit
    worse = SimpleNamespace(**{**vars(np), "exp": off_by_three})
    monkeypatch.setitem(sigmoid.__globals__, "np", worse)
    assert max(measured(scalar, FLOAT64, 2000, seed=0)) > limit


def test_weaker_hypotheses_prove_less() -> None:
    scalar = CORE[0]
    weaker = replace(FLOAT64, exp_ulps=3)

    def function(z: Any, zero: Any) -> Any:
        return scalar.evaluate(lambda kernel, *each: on_rounded(kernel, ASSUMED)(*each), z, zero)

    assert prove(function, FLOAT64, scalar.limits["float64"]).holds
    assert not prove(function, weaker, scalar.limits["float64"]).holds


@pytest.fixture(scope="module")
def quick() -> list[Row]:
    return report(full=False, assumed=(FLOAT32,))


@pytest.mark.slow
def test_there_is_a_row_for_each_bound_and_all_hold(quick: list[Row]) -> None:
    kinds = [row.kind for row in quick]
    expected = {
        "hypothesis": 2,
        "scalar": len(CORE),
        "kernel": len(ARGUMENTS),
        "count": len(COUNTED),
    }
    assert {kind: kinds.count(kind) for kind in expected} == expected
    assert len(kinds) == sum(expected.values())
    assert [row for row in quick if not row.holds] == []


@pytest.mark.slow
def test_what_is_compared_is_counted_and_its_looseness_told(quick: list[Row]) -> None:
    for row in quick:
        if row.kind == "count":
            assert row.comparisons == 0
            assert isnan(row.measured)
            continue
        assert row.comparisons >= 300, row
        assert 1 <= row.looseness < 1e4, row
        assert row.measured <= row.bound, row
        if row.kind != "hypothesis":
            assert row.median >= row.looseness, row


class Finer(Hypotheses):
    """A unit roundoff of a tenth of what it is."""

    @cached_property
    def u(self) -> arb:
        return super().u / 10


def test_a_row_fails_where_its_hypotheses_are_too_small() -> None:
    exact = replace(FLOAT64, exp_ulps=0.01, log1p_ulps=0.01)
    assert not hypothesis("exp", exact, full=False).holds
    assert not kernel_row(naive_softmax.value_and_grad, Finer(exact.dtype, 0.01, 0.01), 300).holds


def test_a_row_fails_where_its_limit_is_too_small() -> None:
    limits = {name: replace(limit, units=0.5) for name, limit in CORE[0].limits.items()}
    row = scalar_row(replace(CORE[0], limits=limits), FLOAT32, 200)
    assert not row.holds
    assert "fails on" in row.how


def test_polynomials_need_no_hypothesis_about_exp() -> None:
    wild = replace(FLOAT64, exp_ulps=1e9, log1p_ulps=1e9)
    assert kernel_row(glove.value_and_grad, wild, 300).looseness < 100


def test_a_count_says_what_it_is_of() -> None:
    row = count_row(naive_softmax.value_and_grad, ASSUMED[0])
    assert row.bound > 1000
    assert "N = 1000, d = 100" in row.how


def row(kind: str, *, holds: bool) -> Row:
    return Row(kind, "sigmoid", "float64", 4.0, nan, nan, nan, 10, 1.0, holds, "fails on (0, 1)")


def test_a_bound_that_does_not_hold_is_named_and_counted() -> None:
    told = list(lines([row("scalar", holds=True), row("scalar", holds=False)]))
    assert told[0] == "scalar sigmoid, float64: fails on (0, 1)"
    assert any("over all floats: 1 of 2 hold, 20 comparisons, 2 s" in line for line in told)


def test_every_kind_has_a_line_even_if_nothing_was_done() -> None:
    assert [line.count("0 of 0 hold") for line in lines([])] == [1, 1, 1, 1]


def test_a_gradient_without_a_running_bound_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    names = with_gradients(MODULES)
    left = "cbow.negative_sampling_value_and_grad"  # its 1 / C is a number of Python's own
    assert without_bound(names) == [left]
    monkeypatch.delitem(ARGUMENTS, spans.sgd_step)
    assert without_bound(names) == [left, "spans.sgd_step"]
    assert list(lines([], names))[-1] == f"rounding, no running bound: {left}, spans.sgd_step"


def test_what_was_not_measured_is_null_in_json() -> None:
    (found,) = json.loads(json.dumps(as_data([row("count", holds=True)]), allow_nan=False))
    assert found["measured"] is None
    assert found["bound"] == 4.0


Kernel = Callable[..., Any]


def drawn_batch(N: int, d: int, B: int) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng([N, d, B])
    centers = rng.permutation(N)[:B] if B <= N else rng.integers(0, N, B)
    return rng.normal(size=(N, d)), rng.normal(size=(N, d)), centers, rng.integers(0, N, B)


@PRECISIONS
@pytest.mark.parametrize(("N", "d", "B"), [(1, 1, 1), (8, 5, 3), (300, 40, 7), (999, 2, 200)])
def test_the_bound_of_a_batch_grows_with_words_and_pairs(
    h: Hypotheses, N: int, d: int, B: int
) -> None:
    V, U, centers, outsides = drawn_batch(N, d, B)
    E = 2 * h.exp_ulps
    losses, grad_V, grad_U = counts(naive_softmax.batch_value_and_grad, h, V, U, centers, outsides)
    alone = counts(naive_softmax.value_and_grad, h, V[0], 0, U)
    assert (losses.own, losses.scores) == (alone[0].own, alone[0].scores)
    assert grad_V.own == pytest.approx(3 * N + 4 * E + 4 + 2 * log(N))
    assert grad_U.own == pytest.approx(3 * N + 4 * E + 2 + B + 2 * log(N))


@pytest.mark.parametrize(("N", "d", "B"), [(1, 1, 1), (2, 3, 5), (8, 5, 3), (40, 7, 9)])
def test_the_sizes_are_those_of_its_pairs_together(N: int, d: int, B: int) -> None:
    V, U, centers, outsides = drawn_batch(N, d, B)
    found = counts(naive_softmax.batch_value_and_grad, FLOAT64, V, U, centers, outsides)
    losses, grad_V, grad_U = np.zeros(B), np.zeros((N, d)), np.zeros((N, d))
    for b, (c, o) in enumerate(zip(centers, outsides, strict=True)):
        losses[b], of_v, of_U = softmax_sizes(V[c], o, U)
        grad_V[c] += of_v
        grad_U += of_U
    wanted = losses, grad_V[np.unique(centers)], grad_U
    for units, size in zip(found, wanted, strict=True):
        np.testing.assert_allclose(units.sizes, size, rtol=1e-9, atol=1e-12)


@PRECISIONS
def test_no_result_of_a_batch_is_further_off_than_was_counted(h: Hypotheses) -> None:
    compared = 0
    for case in islice(cases(naive_softmax.batch_value_and_grad, h.dtype, seed=3), 80):
        given: Any = case.arguments
        V, U, centers, outsides = given
        found = counts(case.kernel, h, *case.arguments)
        with ctx.workprec(WORKING):
            most = max((abs(balls(V)) @ abs(balls(U.T))).ravel().tolist(), key=float)
            if not h.u * found[0].scores * most <= SMALL / 4:
                continue
            exact, allowed = promised(Batch(V, U, centers, outsides))
            made: Any = case.kernel(*given)
            losses, grad_V, grad_U = made
            got = losses, grad_V.dense(len(V)), grad_U
            parts = zip(got, exact.parts(), allowed.parts(), found, strict=True)
            for numbers, (what, want), (_, unit), units in parts:
                limit = unit / C * (WITHIN * units.together)
                for error, bound in zip(abs(balls(numbers) - want).flat, limit.flat, strict=True):
                    assert error <= bound, (what, error, bound, case)
                    compared += 1
    assert compared > 1000


def test_the_lemma_is_attained_and_fails_where_the_leader_is_taken() -> None:
    n, m, u = 7, 5, Fraction(1, 2**20)
    limit = counted_difference(n, m) - 1  # without its own rounding

    def worst(y: Fraction, r: Fraction) -> Fraction:
        return abs((r + y) * (1 + n * u) - y * (1 - m * u) - r) / (r * u)

    assert worst(Fraction(1), Fraction(1)) == limit
    rng = np.random.default_rng(0)
    for _ in range(200):
        y, r = Fraction(rng.random()), 1 + Fraction(4 * rng.random())
        assert worst(y, r) <= limit
    assert worst(Fraction(1), Fraction(1, 2)) > limit


def counted_difference(n: int, m: int) -> float:
    """The roundings of a sum of n less an entry of m."""
    leaders, source = Leaders(np.zeros(1, np.intp), is_of_rows=True), object()
    domain = Counts(FLOAT64)
    total, entry = (domain.counted([1.0], [1.0], Count(FUNCTION, k, 1)) for k in (n, m))
    total.note.known, entry.note.known = (Known(kind, leaders, source) for kind in (SUMS, ENTRIES))
    found: float = remaining(total, entry).value.note.count.roundings
    return found


def steps(V: Any, U: Any) -> tuple[Any, Any, Any, Any]:
    """Weights of all pairs, their leaders, and the sums of all and of all but the leader's."""
    V, U = parameters(V=(V, ("N", "d")), U=(U, ("N", "d")))
    scores = V @ U.T
    leaders = scores.argmax(axis=1)
    weights = np.exp(scores - picked(scores, leaders)[:, np.newaxis])
    trailing = sum_without(weights, leaders)
    return weights, leaders, 1 + trailing, trailing


def safe(V: Any, U: Any, o: Any, other: Any) -> Any:
    """As it is emitted."""
    weights, leaders, sums, trailing = steps(V, U)
    return np.where(leaders == o, trailing, sums - picked(weights, o))


def by_the_sum_of_all(V: Any, U: Any, o: Any, other: Any) -> Any:
    """The same, of the sum of all weights as it is; and the words compared with the leaders."""
    weights, leaders, _, trailing = steps(V, U)
    return np.where(o == leaders, trailing, weights.sum(axis=1) - picked(weights, o))


def everywhere(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Whether or not the word leads."""
    weights, _, sums, _ = steps(V, U)
    return -(sums - picked(weights, o))


def the_wrong_way(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Just where the word leads."""
    weights, leaders, sums, trailing = steps(V, U)
    return np.where(leaders == o, sums - picked(weights, o), trailing)


def of_other_words(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Unless another word leads."""
    weights, leaders, sums, trailing = steps(V, U)
    return np.where(leaders == other, trailing, sums - picked(weights, o))


def of_a_plain_condition(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Unless the words are others."""
    weights, _, sums, trailing = steps(V, U)
    return np.where(o == other, trailing, sums - picked(weights, o))


@pytest.mark.parametrize("function", [safe, by_the_sum_of_all])
def test_the_leader_stays_in_the_sum(function: Kernel) -> None:
    V, U, o, other = drawn_batch(6, 3, 6)
    (found,) = counts(function, FLOAT64, V, U, o, other)
    assert found.own > 2 * 6
    z = V @ U.T
    yhat = np.exp(z - z.max(axis=1)[:, np.newaxis])
    yhat[np.arange(6), o] = 0
    np.testing.assert_allclose(found.sizes, yhat.sum(axis=1))


@pytest.mark.parametrize(
    "function", [everywhere, the_wrong_way, of_other_words, of_a_plain_condition]
)
def test_a_sum_that_may_lose_its_leader_is_refused(function: Kernel) -> None:
    with pytest.raises(Uncounted, match="cancels where that is the leader's"):
        counts(function, FLOAT64, *drawn_batch(6, 3, 6))


def less_other_weights(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Of two sets of weights, of which one may be above the sum of the others."""
    _, leaders, sums, trailing = steps(V, U)
    weights, *_ = steps(U, V)
    return 1 / np.where(leaders == o, trailing, sums - picked(weights, o))


def without_a_word(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Of weights that lack a word already, which may have been the leader."""
    weights, leaders, _, trailing = steps(V, U)
    entries = picked(weights, o)
    rest = overwritten(weights, other, 0)
    return 1 / np.where(leaders == o, trailing, rest.sum(axis=1) - entries)


def one_too_many(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Of a sum to which 1 was added that is nobody's weight, taken away again."""
    weights, leaders, _, trailing = steps(V, U)
    return 1 / np.where(leaders == o, trailing, (2 + trailing) - picked(weights, o))


def relative_to_a_word(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Of weights relative to a word that need not lead."""
    V, U = parameters(V=(V, ("N", "d")), U=(U, ("N", "d")))
    scores = V @ U.T
    weights = np.exp(scores - picked(scores, other)[:, np.newaxis])
    sums = 1 + sum_without(weights, other)
    return 1 / np.where(scores.argmax(axis=1) == o, sums, sums - picked(weights, o))


def along_columns(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Of weights relative to the leaders of columns."""
    V, U = parameters(V=(V, ("N", "d")), U=(U, ("N", "d")))
    scores = V @ U.T
    leaders = scores.argmax(axis=0)
    weights = np.exp(scores - picked(scores, leaders)[:, np.newaxis])
    sums = 1 + sum_without(weights, leaders)
    return 1 / np.where(leaders == o, sums, sums - picked(weights, o))


def in_another_order(V: Any, U: Any, o: Any, other: Any) -> Any:
    """Of weights relative to the leaders of other rows."""
    V, U = parameters(V=(V, ("N", "d")), U=(U, ("N", "d")))
    scores = V @ U.T
    leaders = scores.argmax(axis=1)
    weights = np.exp(scores - picked(scores, leaders)[::-1, np.newaxis])
    sums = 1 + sum_without(weights, leaders)
    return 1 / np.where(leaders == o, sums, sums - picked(weights, o))


@pytest.mark.parametrize(
    "function",
    [
        less_other_weights,
        without_a_word,
        one_too_many,
        relative_to_a_word,
        along_columns,
        in_another_order,
    ],
)
def test_of_anything_else_nothing_is_known(function: Kernel) -> None:
    with pytest.raises(Uncounted, match="divisor that may have cancelled"):
        counts(function, FLOAT64, *drawn_batch(6, 3, 6))
