"""The rounding of one operation, of a scalar and of a step is within what its rule says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from mpmath import mp, mpf

from codegen.interpret import array, errors
from codegen.interpret.errors import (
    ASSUMED,
    FLOAT32,
    FLOAT64,
    Errors,
    Hypotheses,
    Number,
    Numbers,
    Unbounded,
    all_runs,
    lifted,
)
from codegen.rounding.bound_rows import cases, compare, hypothesis
from codegen.rounding.error_bounds import bounds, on_rounded
from codegen.rounding.scalar_core import CORE, Limit, Scalar, computed, measured, prove
from generated import blocks
from generated._runtime.rows import totals
from generated._sigmoid import log_sigmoid, sigmoid
from generated.naive_softmax import value_and_grad

Floats = np.ndarray[Any, Any]
COUNT = 300
EXACT = 2300  # bits that hold any sum of floats here


def numbers(h: Hypotheses, seed: int, lowest: int) -> Floats:
    """Of all sizes from 2^lowest to 2^6, some whole, some equal but for the last places."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(size=COUNT) * 2.0 ** rng.uniform(lowest, 6, COUNT)
    drawn[::7] = rng.integers(-3, 4, len(drawn[::7]))
    drawn[::5] = 1 + rng.integers(-4, 5, len(drawn[::5])) * float(h.u)
    found: Floats = drawn.astype(h.dtype)
    return found


def assert_within(got: Any, bound: Numbers) -> None:
    got = np.asarray(got)
    assert got.shape == bound.shape
    assert got.dtype == bound.dtype
    with ctx.workprec(EXACT):
        for place, (number, each) in enumerate(zip(got.flat, bound.numbers(), strict=True)):
            off = abs(arb(float(number)) - each.value)
            assert each.value.rad() <= 1e-300 + 1e-60 * abs(each.value)
            assert off <= each.deviation, (place, number, each.value, each.deviation)


# of x, y and z of three sizes: every operation on exact numbers, and on computed ones
EXPRESSIONS: dict[str, Callable[..., Any]] = {
    "a sum": lambda x, y, z: x + y,
    "a difference of sums": lambda x, y, z: (x + y) - (x + z),
    "a product": lambda x, y, z: x * y,
    "a product with two": lambda x, y, z: 2 * (x * y),
    "a product of sums": lambda x, y, z: (x + y) * (y + z),
    "a square": lambda x, y, z: (x - z) ** 2,
    "a quotient": lambda x, y, z: x / (1 + np.abs(y)),
    "a quotient of sums": lambda x, y, z: (x + z) / (3 + np.abs(x * y)),
    "an exponential": lambda x, y, z: np.exp(-np.abs(x)),
    "an exponential of a difference": lambda x, y, z: np.exp(-np.abs(x * y - z)),
    "a square root": lambda x, y, z: np.sqrt(1 + x * x) - y,
    "a logarithm": lambda x, y, z: np.log1p(np.abs(x)),
    "a logarithm of an exponential": lambda x, y, z: np.log1p(np.exp(-np.abs(x + y))),
    "a minimum": lambda x, y, z: np.minimum((x + y) - (x + z), 0),
    "a maximum": lambda x, y, z: np.maximum(x + y, 1),
    "a maximum of sums": lambda x, y, z: np.maximum((x + y) - (x + z), y - z),
    "a quotient by a maximum": lambda x, y, z: y / np.maximum(x * z, 1),
    "a choice": lambda x, y, z: np.where((x + y) - (x + z) >= 0, x * y, z),
    "an absolute value": lambda x, y, z: np.abs((x + y) - (x + z)),
    "a quotient with an error twice": lambda x, y, z: np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))),
}


@pytest.mark.parametrize("h", [FLOAT64, FLOAT32], ids=lambda h: h.dtype.name)
@pytest.mark.parametrize("expression", EXPRESSIONS.values(), ids=EXPRESSIONS.keys())
def test_an_operation_is_within_its_bound(expression: Callable[..., Any], h: Hypotheses) -> None:
    lowest = -1070 if h.dtype == np.float64 else -146
    for seed, low in enumerate((-6, lowest)):
        given = [numbers(h, 3 * seed + n, low) for n in range(3)]
        with np.errstate(all="ignore"), ctx.workprec(EXACT):
            assert_within(expression(*given), expression(*(lifted(each, h) for each in given)))


@pytest.mark.parametrize("h", [FLOAT64, FLOAT32], ids=lambda h: h.dtype.name)
def test_a_sum_is_within_its_bound_in_any_order(h: Hypotheses) -> None:
    given = numbers(h, 1, -6).reshape(-1, 20)
    rng = np.random.default_rng(0)
    with ctx.workprec(EXACT):
        bound = lifted(given, h).sum(axis=1)
        for _ in range(20):
            some = given[:, rng.permutation(20)]
            assert_within(some.sum(axis=1), bound)
            assert_within(np.cumsum(some, axis=1)[:, -1], bound)


@pytest.mark.parametrize("h", [FLOAT64, FLOAT32], ids=lambda h: h.dtype.name)
def test_an_inner_product_is_within_its_bound_by_blas_and_by_einsum(h: Hypotheses) -> None:
    lowest = -530 if h.dtype == np.float64 else -70  # so that products underflow
    for low in (-6, lowest):
        left, right = (numbers(h, n, low).reshape(-1, 20) for n in range(2))
        with ctx.workprec(EXACT):
            x, y = lifted(left, h), lifted(right, h)
            assert_within(left @ right.T, x @ y.T)
            assert_within(np.einsum("ai,ai->a", left, right), np.einsum("ai,ai->a", x, y))
            assert_within(left @ right[0], x @ y[0])
            assert_within(np.einsum("ai->a", left), np.einsum("ai->a", x))
            assert_within(np.einsum("ai->i", left * right), np.einsum("ai->i", x * y))
            assert_within((left + 1).T @ (right * right), (x + 1).T @ (y * y))


def test_the_largest_is_any_that_may_be_so_as_computed() -> None:
    row = lifted(np.array([1.0, 1.0, 0.5]), FLOAT64)
    assert sorted(all_runs(lambda: int((row + 2).argmax()))) == [0, 1]
    assert all_runs(lambda: int(np.argmax(row[1:]))) == [0]


def test_a_number_less_itself_is_nothing() -> None:
    x = lifted(np.array([0.1]), FLOAT64) * lifted(np.array([0.3]), FLOAT64)
    assert (x - x).entries[0].is_exactly(0)
    assert not (x - x[:] * 1).entries[0].deviation > 1e-15


def test_what_may_overflow_or_divide_by_nothing_is_refused() -> None:
    large = lifted(np.array([1e200]), FLOAT64)
    tiny = lifted(np.array([1e-200]), FLOAT64)
    for wrong in (
        lambda: large * large,
        lambda: np.exp(large),
        lambda: large / (tiny - tiny),
        lambda: np.log1p(-large),
        lambda: large @ large,
    ):
        with pytest.raises(Unbounded):
            wrong()


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (lambda x: np.cbrt(x), "cbrt"),
        (lambda x: np.tanh(x), "tanh"),
        (lambda x: np.median(x), "median"),
        (lambda x: np.multiply.reduce(x), "reduce"),
        (lambda x: x + np.ones(2, np.float32), "float32"),
        (lambda x: x + lifted(np.ones(2, np.float32), FLOAT32), "float32"),
        (lambda x: np.bincount([0, 0], x).astype(np.float32), "float32"),
        (lambda x: np.einsum("i,i,i->i", x, x, x), "einsum of 3"),
        (lambda x: x * 0.1, "out of sight"),
        (lambda x: np.asarray(x), "plain array"),
        (lambda x: bool(x[0]), "condition"),
        (lambda x: x < 1, "less"),
    ],
)
def test_an_operation_without_a_rule_is_refused_by_name(
    wrong: Callable[[Any], Any], name: str
) -> None:
    with pytest.raises(TypeError, match=name):
        wrong(lifted(np.ones(2), FLOAT64))


PRECISIONS = pytest.mark.parametrize("h", ASSUMED, ids=lambda h: h.dtype.name)
EACH = pytest.mark.parametrize("scalar", CORE, ids=lambda scalar: scalar.name)


def as_emitted(scalar: Scalar) -> Any:
    def function(z: Any, zero: Any) -> Any:
        return scalar.evaluate(lambda kernel, *each: on_rounded(kernel, ASSUMED)(*each), z, zero)

    return function


LONG = ("loss of two words", "error of two words")  # whose proofs in float64 take seconds


@pytest.mark.parametrize(
    ("scalar", "h"),
    [
        pytest.param(
            scalar,
            h,
            id=f"{scalar.name}-{h.dtype.name}",
            marks=[pytest.mark.slow] if h is FLOAT64 and scalar.name in LONG else [],
        )
        for scalar in CORE
        for h in ASSUMED
    ],
)
def test_the_scalar_core_is_proved_over_all_floats(scalar: Scalar, h: Hypotheses) -> None:
    limit = scalar.limits[h.dtype.name]
    proof = prove(as_emitted(scalar), h, limit)
    assert proof.holds, proof.failed
    assert proof.bound <= limit.units
    assert proof.intervals > 100


@PRECISIONS
@EACH
def test_the_scalar_core_is_measured_within_what_is_proved(scalar: Scalar, h: Hypotheses) -> None:
    errors = measured(scalar, h, 1500, seed=4)
    assert len(errors) > 1000
    assert 0.3 < max(errors) <= scalar.limits[h.dtype.name].units


@PRECISIONS
def test_kernels_of_two_words_are_called_at_each_point(h: Hypotheses) -> None:
    z = np.random.default_rng(0).normal(size=20).astype(h.dtype)
    zero, columns = np.zeros(1, h.dtype), np.array([[1.0], [0.0]], h.dtype)
    pairs = [value_and_grad(zero + 1, 1, x * columns) for x in z]
    loss, error, _ = (computed(scalar, z, 0 * z) for scalar in CORE[3:])
    assert loss.tolist() == [pair[0] for pair in pairs]
    assert error.tolist() == [pair[2][0, 0] for pair in pairs]


@PRECISIONS
def test_the_limits_are_near_the_best_that_the_hypotheses_give(h: Hypotheses) -> None:
    for scalar in CORE[:2]:
        limit = scalar.limits[h.dtype.name]
        assert not prove(as_emitted(scalar), h, replace(limit, units=0.85 * limit.units)).holds


@PRECISIONS
def test_a_proof_over_no_interval_is_none(h: Hypotheses) -> None:
    proof = prove(as_emitted(CORE[0]), h, Limit(100.0, 2.0, 1.0))
    assert proof.intervals <= 1  # the point 0


def test_exact_values_are_those_of_another_library() -> None:
    mp.prec = 2000
    for z in (-745.2, -30.0, -1e-3, -0.0, 0.0, 1e-20, 3.0, 700.0):
        for scalar in CORE:
            balls = np.array([0], object)
            with ctx.workprec(200):
                balls[0] = arb(z)
                mine = scalar.exact(balls)[0].str(40, radius=False)
            if scalar.name.startswith(("sigmoid", "error")):
                want = 1 / (1 + mp.exp(-mpf(z)))
            else:
                want = mp.log(1 + mp.exp(-mpf(z) if scalar.name == "log_sigmoid" else mpf(z)))
                want = -want if scalar.name == "log_sigmoid" else want
            assert abs(mpf(mine) - want) <= abs(want) * mpf(10) ** -35, (scalar.name, z)


@PRECISIONS
def test_at_infinity_and_at_both_zeros_the_core_is_exact(h: Hypotheses) -> None:
    z = np.array([np.inf, -np.inf, 0.0, -0.0], h.dtype)
    with np.errstate(all="ignore"):
        assert sigmoid(z).tolist() == [1, 0, 0.5, 0.5]
        found = log_sigmoid(z)
    assert found[:2].tolist() == [0, -np.inf]
    assert found[2] == found[3]
    assert abs(found[2] + np.log(2)) < 4 * np.finfo(h.dtype).eps


@PRECISIONS
@pytest.mark.parametrize("function", ["exp", "log1p"])
def test_numpy_keeps_to_the_hypotheses_here(function: str, h: Hypotheses) -> None:
    row = hypothesis(function, h, full=False)
    assert row.comparisons > 40_000
    assert row.holds, f"np.{function} is {row.measured} ulp off, not {row.bound}"


def test_exp_of_0_is_1_and_log1p_of_0_is_0() -> None:
    for h in (FLOAT64, FLOAT32):
        zeros = np.zeros(33, h.dtype)
        assert np.array_equal(np.exp(zeros), zeros + 1)
        assert np.array_equal(np.exp(-zeros), zeros + 1)
        assert np.array_equal(np.log1p(zeros), zeros)


def assert_totals_within(h: Hypotheses, words: Any) -> None:
    """What the emitted `totals` makes of numbers of all sizes, and of products of them."""
    rows = np.unique(words)
    for low in (-6, -1070 if h.dtype == np.float64 else -146):
        x, y = (numbers(h, seed, low) for seed in range(2))
        with np.errstate(under="ignore"), ctx.workprec(EXACT):
            bound = on_rounded(totals, ASSUMED)
            assert_within(totals(rows, words, x), *bound(rows, words, lifted(x, h)))
            assert_within(
                totals(rows, words, x * y), *bound(rows, words, lifted(x, h) * lifted(y, h))
            )


@PRECISIONS
def test_what_is_added_up_in_double_is_within_its_bound(h: Hypotheses) -> None:
    assert_totals_within(h, np.random.default_rng(0).integers(5, 25, COUNT))
    assert_totals_within(h, np.zeros(COUNT, np.intp))


def test_a_single_number_is_converted_twice_without_an_error() -> None:
    x = lifted(np.array([0.1], np.float32), FLOAT32)
    back: Any = np.bincount([0], x)[:1].astype(np.float32)
    assert back.dtype == np.float32
    assert back.entries[0].is_exact


def test_a_sum_in_double_is_finer_than_one_in_single() -> None:
    x = lifted(numbers(FLOAT32, 0, -6), FLOAT32)
    sums: Any = np.bincount(np.zeros(COUNT, np.intp), x).astype(np.float32)
    assert sums.entries[0].deviation < x.sum().entries.item().deviation / 50


def test_an_infinite_limit_leaves_the_rate_as_it_is() -> None:
    infinite, x = lifted(np.array([np.inf]), FLOAT64), lifted(np.array([0.1]), FLOAT64)
    assert (x * x / infinite).entries[0].is_exactly(0)
    assert np.maximum(x * x / infinite, 1).entries[0].is_exactly(1)


def test_a_step_says_of_every_matrix_that_it_changes() -> None:
    case = next(cases(blocks.sgd_step, FLOAT64.dtype, seed=0))
    given: Any = case.arguments
    V, U, *rest = given
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
    return errors.subtract_exactly(x, y)


def added_in_double(domain: Errors, subscripts: str, x: Numbers) -> Any:
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
        monkeypatch.setitem(array.OPERATIONS, "einsum", added_in_double)
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
