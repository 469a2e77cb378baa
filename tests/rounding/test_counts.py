"""Bounds by counting, in units of u B: for all inputs of a size, and what they are relative to."""

from __future__ import annotations

from itertools import islice
from math import log, log2
from typing import Any

import numpy as np
import pytest
from flint import ctx

from codegen.interpret.hypotheses import FLOAT32, FLOAT64, Hypotheses
from codegen.interpret.leaders import Uncounted
from codegen.rounding.comparisons import COUNTED, Emitted, cases
from codegen.rounding.error_bounds import SMALL, WITHIN, counts
from generated import naive_softmax, negative_sampling
from generated._runtime.arguments import parameters, word
from generated._runtime.entries import overwritten
from generated._sigmoid import sigmoid
from tests.kernels.cases import Floats, Pair
from tests.kernels.oracle import WORKING, C, allowance, balls, oracle

PRECISIONS = (FLOAT64, FLOAT32)
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


@pytest.mark.parametrize("h", PRECISIONS, ids=lambda h: h.dtype.name)
@pytest.mark.parametrize(("N", "d"), [(1, 1), (2, 1), (8, 5), (300, 40)])
def test_the_bound_of_the_softmax_grows_with_words_and_coordinates(
    h: Hypotheses, N: int, d: int
) -> None:
    v, o, U, _ = drawn(N, d, 0)
    E, L = 2 * h.exp_ulps, 2 * h.log1p_ulps
    loss, grad_v, grad_U = counts(naive_softmax.value_and_grad, h, v, o, U)
    assert (loss.own, loss.scores) == (pytest.approx(N + E + L + log2(N)), d + 1)
    assert (grad_U.own, grad_U.scores) == (pytest.approx(2 * N + 2 * E + 2 * log(N)), d + 3)
    assert grad_v.own == pytest.approx(2 * N + 2 * E + 1 + 2 * log(N))


@pytest.mark.parametrize("h", PRECISIONS, ids=lambda h: h.dtype.name)
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


@pytest.mark.parametrize("h", PRECISIONS, ids=lambda h: h.dtype.name)
@pytest.mark.parametrize("kernel", PAIRS, ids=lambda k: k.__module__)
def test_no_result_is_further_off_than_was_counted(kernel: Emitted, h: Hypotheses) -> None:
    compared = 0
    for case in islice(cases(kernel, h.dtype, seed=3), 120):
        v, o, U, *negatives = case.arguments
        pair = Pair(v, o, U, *negatives)
        found = counts(kernel, h, *case.arguments)
        with ctx.workprec(WORKING):
            most = max((abs(balls(U)) @ abs(balls(v))).tolist(), key=float)
            if not h.u * found[0].scores * most <= SMALL / 4:
                continue
            exact, scale = oracle(pair)
            allowed = allowance(pair, scale)
            parts = zip(kernel(*case.arguments), exact.parts(), allowed.parts(), found, strict=True)
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
