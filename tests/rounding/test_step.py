"""A step in place: what it adds up in double, what it changes, and rules that say too little."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import ctx

from codegen.interpret import errors, operations, running_errors
from codegen.interpret.array import Array, Domain
from codegen.interpret.errors import lifted
from codegen.interpret.hypotheses import ASSUMED, FLOAT32, FLOAT64, Hypotheses
from codegen.interpret.running_errors import Number
from codegen.rounding.comparisons import cases, compare
from codegen.rounding.error_bounds import bounds, on_rounded
from generated import blocks
from generated._runtime.rows import totals
from tests.rounding.test_rules import COUNT, EXACT, assert_within, numbers

PRECISIONS = pytest.mark.parametrize("h", ASSUMED, ids=lambda h: h.dtype.name)


def assert_totals_within(h: Hypotheses, words: Any) -> None:
    """What the emitted `totals` makes of numbers of all sizes, and of products of them."""
    rows = np.unique(words)
    for low in (-6, -1070 if h.dtype == np.float64 else -146):
        x, y = (numbers(h, seed, low) for seed in range(2))
        with np.errstate(under="ignore"), ctx.workprec(EXACT):
            bound = on_rounded(totals, ASSUMED)
            assert_within(totals(rows, words, x), bound(rows, words, lifted(x, h)))
            assert_within(
                totals(rows, words, x * y), bound(rows, words, lifted(x, h) * lifted(y, h))
            )


@PRECISIONS
def test_what_is_added_up_in_double_is_within_its_bound(h: Hypotheses) -> None:
    assert_totals_within(h, np.random.default_rng(0).integers(5, 25, COUNT))
    assert_totals_within(h, np.zeros(COUNT, np.intp))


def test_a_single_number_is_converted_twice_without_an_error() -> None:
    x = lifted(np.array([0.1], np.float32), FLOAT32)
    back = np.bincount([0], x)[:1].astype(np.float32)
    assert back.dtype == np.float32
    assert back.entries[0].is_exact


def test_a_sum_in_double_is_finer_than_one_in_single() -> None:
    x = lifted(numbers(FLOAT32, 0, -6), FLOAT32)
    ours = np.bincount(np.zeros(COUNT, np.intp), x).astype(np.float32).entries[0]
    assert ours.deviation < x.sum().entries.item().deviation / 50


def test_an_infinite_limit_leaves_the_rate_as_it_is() -> None:
    infinite, x = lifted(np.array([np.inf]), FLOAT64), lifted(np.array([0.1]), FLOAT64)
    assert (x * x / infinite).entries[0].is_exactly(0)
    assert np.maximum(x * x / infinite, 1).entries[0].is_exactly(1)


def test_a_step_says_of_every_matrix_that_it_changes() -> None:
    case = next(cases(blocks.sgd_step, FLOAT64.dtype, seed=0))
    V, U, *rest = case.arguments
    found = bounds(blocks.sgd_step, V, U, *rest)
    assert [each.exact.shape for each in found] == [V.shape, U.shape]


def without_a_rounding(h: Hypotheses, x: Number) -> Number:
    """A conversion that is taken for exact."""
    return x


def larger_alone(h: Hypotheses, x: Number, y: Number) -> Number:
    """A maximum with the errors of one of both, whichever is larger exactly."""
    return x if x.value > y.value else y


def difference_alone(h: Hypotheses, x: Number, y: Number) -> Number:
    """A difference as exact as what it is of."""
    return running_errors.subtract_exactly(x, y)


def added_in_double(domain: Domain, subscripts: str, x: Array) -> Any:
    """The sums of the last axis, as if by einsum in double."""
    rows = np.repeat(np.arange(len(x)), x.shape[1])
    return np.bincount(rows, x.ravel()).astype(domain.dtype)


def test_a_conversion_taken_for_exact_is_seen(monkeypatch: Any) -> None:
    monkeypatch.setattr(errors, "converted", without_a_rounding)
    with pytest.raises(AssertionError):
        assert_totals_within(FLOAT32, np.random.default_rng(0).integers(5, 25, COUNT))


def test_sums_in_double_taken_for_exact_are_seen(monkeypatch: Any) -> None:
    monkeypatch.setattr(errors, "total", lambda h, terms: Number(sum(t.value for t in terms)))
    with pytest.raises(AssertionError):
        assert_totals_within(FLOAT64, np.random.default_rng(0).integers(5, 25, COUNT))


def test_an_einsum_taken_for_one_in_double_is_seen(monkeypatch: Any) -> None:
    x = numbers(FLOAT32, 0, -6).reshape(-1, 20)
    with ctx.workprec(EXACT):
        assert_within(np.einsum("ai->a", x), np.einsum("ai->a", lifted(x, FLOAT32)))
        monkeypatch.setitem(operations.OPERATIONS, "einsum", added_in_double)
        with pytest.raises(AssertionError):
            assert_within(np.einsum("ai->a", x), np.einsum("ai->a", lifted(x, FLOAT32)))


def test_a_maximum_with_the_errors_of_one_is_seen(monkeypatch: Any) -> None:
    small, larger = 2.0**-53 * np.array([[1.2], [1.5]])  # (1 + small) - 1 comes out as 2^-52

    def both() -> None:
        x, y = lifted(small, FLOAT64), lifted(larger, FLOAT64)
        with ctx.workprec(EXACT):
            assert_within(np.maximum((1 + small) - 1, larger), np.maximum((1 + x) - 1, y))

    both()
    monkeypatch.setitem(errors.FUNCTIONS, "maximum", larger_alone)
    with pytest.raises(AssertionError):
        both()


@PRECISIONS
def test_a_step_with_a_subtraction_taken_for_exact_is_seen(h: Hypotheses, monkeypatch: Any) -> None:
    assert compare(cases(blocks.sgd_step, h.dtype, seed=6), 300).beyond == []
    monkeypatch.setitem(errors.FUNCTIONS, "subtract", difference_alone)
    assert compare(cases(blocks.sgd_step, h.dtype, seed=6), 300).beyond
