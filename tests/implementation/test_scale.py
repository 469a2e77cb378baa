"""The condition scale from the expression, against the one worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from derivations.implementation.case import Case
from derivations.implementation.cases import cases
from derivations.implementation.exact import BITS, expected
from derivations.implementation.resolve import problem_of
from tests.implementation.kernels import softmax
from tests.kernels.cases import Pair
from tests.kernels.oracle import oracle

NAMES = {"loss": "loss", "grad_v_c": "grad_v", "grad_U": "grad_U"}


def sampling(v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
    """Never called: its arguments are all that is looked at."""


PROBLEMS = {
    "naive_softmax": problem_of(softmax, "naive_softmax", None, None, None),
    "negative_sampling": problem_of(sampling, "negative_sampling", None, None, None),
}


def inputs(name: str) -> list[Case]:
    return list(cases(PROBLEMS[name], np.dtype(np.float64), 3, True, 10))


def pair(case: Case) -> Pair:
    values = case.values
    return Pair(values["v_c"], values["o"], values["U"], values.get("negatives"))


@pytest.mark.parametrize("name", PROBLEMS)
def test_values_are_those_of_the_oracle_written_by_hand(name: str) -> None:
    for case in inputs(name):
        found = expected(PROBLEMS[name], case)
        exact, _ = oracle(pair(case))
        assert found is not None
        for output, part in NAMES.items():
            want = np.asarray(getattr(exact, part), dtype=object)
            for ours, theirs in zip(found[output].values.ravel(), want.ravel(), strict=True):
                assert ours.overlaps(theirs), (output, case.values)


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_scale_is_nowhere_more_lenient_than_the_one_worked_out_by_hand(name: str) -> None:
    with ctx.workprec(BITS[-1]):
        for case in inputs(name):
            found = expected(PROBLEMS[name], case)
            _, scale = oracle(pair(case))
            assert found is not None
            for output, part in NAMES.items():
                limit = np.asarray(getattr(scale, part), dtype=object)
                for ours, theirs in zip(found[output].scale.ravel(), limit.ravel(), strict=True):
                    assert not ours > theirs * (1 + arb(1e-9)), (output, case.values)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_small_relative_change_of_rows_moves_no_result_by_more_than_the_scale(name: str) -> None:
    """Rounding a score is such a change; so the scale must not be too strict, either."""
    rng = np.random.default_rng(5)
    small = 2.0**-40
    for case in inputs(name):
        if np.abs(case.values["U"] @ case.values["v_c"]).max() > 50:
            continue  # there a change of 2^-40 is not of first order
        U = case.values["U"] * (1 + small * rng.choice([-1, 1], case.values["U"].shape))
        moved = Case(case.sizes, {**case.values, "U": U}, case.dtype)
        before, after = expected(PROBLEMS[name], case), expected(PROBLEMS[name], moved)
        assert before is not None
        assert after is not None
        for output in NAMES:
            one, other = before[output], after[output]
            for a, b, scale in zip(
                one.values.ravel(), other.values.ravel(), one.scale.ravel(), strict=True
            ):
                assert not abs(a - b) > 1.001 * small * scale, (output, case.values)
