"""Each rule of the numbers with errors, beside what the floats do: nothing is further off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from codegen.interpret.array import Array
from codegen.interpret.errors import all_runs, lifted
from codegen.interpret.hypotheses import FLOAT32, FLOAT64, Hypotheses
from codegen.interpret.running_errors import Unbounded

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


def assert_within(got: Any, bound: Array) -> None:
    got = np.asarray(got)
    assert got.shape == bound.shape
    assert got.dtype == bound.dtype
    with ctx.workprec(EXACT):
        for place, (number, each) in enumerate(zip(got.flat, bound.entries.flat, strict=True)):
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
    assert all_runs(lambda: int(row[1:].argmax())) == [0]


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
