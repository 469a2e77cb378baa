"""Forms that lose digits, and a hypothesis that is too good to be true: each is found out."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from codegen.interpret.hypotheses import ASSUMED, FLOAT64
from codegen.interpret.running_errors import Unbounded
from codegen.rounding import library_functions
from codegen.rounding.bound_rows import hypothesis
from codegen.rounding.error_bounds import bounds, on_rounded
from codegen.rounding.scalar_core import CORE, Limit, measured, prove
from generated import naive_softmax
from generated._runtime.arguments import parameters
from generated._sigmoid import sigmoid

LIMIT = Limit(100.0, -700.0, 700.0)


def complement(z: Any) -> Any:
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


@pytest.mark.parametrize("function", [complement, by_tanh])
def test_a_form_that_cancels_is_not_proved(function: Any) -> None:
    proof = prove(lambda z, _: on_rounded(function, ASSUMED)(z), FLOAT64, LIMIT)
    assert not proof.holds
    assert proof.failed
    assert proof.failed[1] < 0


def test_the_emitted_sigmoid_is_proved_where_those_are_not() -> None:
    assert prove(lambda z, _: on_rounded(sigmoid, ASSUMED)(z), FLOAT64, LIMIT).holds


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
    monkeypatch.setitem(library_functions.NUMPY, "exp", off_by_three)
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
