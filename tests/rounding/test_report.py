"""The report: a row for each bound, and none that cannot fail."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from math import isnan

import pytest
from flint import arb

from codegen.interpret.hypotheses import ASSUMED, FLOAT32, FLOAT64, Hypotheses
from codegen.rounding.bound_rows import Row, count_row, hypothesis, kernel_row, report, scalar_row
from codegen.rounding.comparisons import ARGUMENTS, COUNTED
from codegen.rounding.scalar_core import CORE
from generated import glove, naive_softmax


@pytest.fixture(scope="module")
def quick() -> list[Row]:
    return report(full=False, assumed=(FLOAT32,))


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
