"""A sum of weights less one of them: counted where the leader stays in it, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import islice
from math import log
from typing import Any

import numpy as np
import pytest
from flint import ctx

from codegen.interpret.hypotheses import ASSUMED, FLOAT64, Hypotheses
from codegen.interpret.leaders import ENTRIES, FUNCTION, SUMS, Count, Known, Leaders, Uncounted
from codegen.interpret.roundings import Counts, remaining
from codegen.rounding.comparisons import cases
from codegen.rounding.error_bounds import SMALL, WITHIN, counts
from generated import naive_softmax
from generated._runtime.arguments import parameters
from generated._runtime.entries import overwritten, picked, sum_without
from tests.kernels.cases import Batch
from tests.kernels.oracle import WORKING, C, balls, promised
from tests.rounding.test_counts import softmax_sizes

PRECISIONS = pytest.mark.parametrize("h", ASSUMED, ids=lambda h: h.dtype.name)
Kernel = Callable[..., Any]


def drawn(N: int, d: int, B: int) -> tuple[Any, Any, Any, Any]:
    rng = np.random.default_rng([N, d, B])
    centers = rng.permutation(N)[:B] if B <= N else rng.integers(0, N, B)
    return rng.normal(size=(N, d)), rng.normal(size=(N, d)), centers, rng.integers(0, N, B)


@PRECISIONS
@pytest.mark.parametrize(("N", "d", "B"), [(1, 1, 1), (8, 5, 3), (300, 40, 7), (999, 2, 200)])
def test_the_bound_of_a_batch_grows_with_words_and_pairs(
    h: Hypotheses, N: int, d: int, B: int
) -> None:
    V, U, centers, outsides = drawn(N, d, B)
    E = 2 * h.exp_ulps
    losses, grad_V, grad_U = counts(naive_softmax.batch_value_and_grad, h, V, U, centers, outsides)
    alone = counts(naive_softmax.value_and_grad, h, V[0], 0, U)
    assert (losses.own, losses.scores) == (alone[0].own, alone[0].scores)
    assert grad_V.own == pytest.approx(3 * N + 4 * E + 4 + 2 * log(N))
    assert grad_U.own == pytest.approx(3 * N + 4 * E + 2 + B + 2 * log(N))


@pytest.mark.parametrize(("N", "d", "B"), [(1, 1, 1), (2, 3, 5), (8, 5, 3), (40, 7, 9)])
def test_the_sizes_are_those_of_its_pairs_together(N: int, d: int, B: int) -> None:
    V, U, centers, outsides = drawn(N, d, B)
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
        V, U, centers, outsides = case.arguments
        found = counts(case.kernel, h, *case.arguments)
        with ctx.workprec(WORKING):
            most = max((abs(balls(V)) @ abs(balls(U.T))).ravel().tolist(), key=float)
            if not h.u * found[0].scores * most <= SMALL / 4:
                continue
            exact, allowed = promised(Batch(V, U, centers, outsides))
            losses, grad_V, grad_U = case.kernel(*case.arguments)
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
    return remaining(total, entry).value.note.count.roundings


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
    V, U, o, other = drawn(6, 3, 6)
    (found,) = counts(function, FLOAT64, V, U, o, other)
    assert found.own > 2 * 6
    z = V @ U.T
    yhat = np.exp(z - z.max(axis=1)[:, np.newaxis])
    yhat[np.arange(6), o] = 0
    np.testing.assert_allclose(found.sizes, yhat.sum(axis=1))


@pytest.mark.parametrize(
    "function", [everywhere, the_wrong_way, of_other_words, of_a_plain_condition]
)
def test_where_the_leader_may_be_taken_it_is_refused(function: Kernel) -> None:
    with pytest.raises(Uncounted, match="cancels where that is the leader's"):
        counts(function, FLOAT64, *drawn(6, 3, 6))


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
        counts(function, FLOAT64, *drawn(6, 3, 6))
