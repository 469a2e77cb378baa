"""The scalar core: proved over all floats of both precisions, and measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from mpmath import mp, mpf

from codegen.interpret.hypotheses import ASSUMED, FLOAT32, FLOAT64, Hypotheses
from codegen.rounding.bound_rows import hypothesis
from codegen.rounding.error_bounds import on_rounded
from codegen.rounding.scalar_core import CORE, Limit, Scalar, computed, measured, prove
from generated._sigmoid import log_sigmoid, sigmoid
from generated.naive_softmax import value_and_grad

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
