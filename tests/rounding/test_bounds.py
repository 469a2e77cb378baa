"""Running bounds of the kernels: they hold, of exact values that an oracle confirms."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from codegen.interpret.running_errors import Unbounded
from codegen.rounding.comparisons import ARGUMENTS, Emitted, cases, compare
from codegen.rounding.error_bounds import bounds
from generated import cbow, naive_softmax, negative_sampling
from tests.kernels.cases import Pair
from tests.kernels.oracle import WORKING, Answer, oracle

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
        v, o, U, *negatives = case.arguments
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
