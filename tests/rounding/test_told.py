"""What `python -m codegen --prove` says of the bounds on rounding."""

from __future__ import annotations

import json
from math import nan

import pytest

from codegen.execute.work_units import with_gradients
from codegen.rounding.bound_rows import Row, as_data, lines, without_bound
from codegen.rounding.comparisons import ARGUMENTS
from codegen.subjects import MODULES
from generated import spans


def row(kind: str, *, holds: bool) -> Row:
    return Row(kind, "sigmoid", "float64", 4.0, nan, nan, nan, 10, 1.0, holds, "fails on (0, 1)")


def test_a_bound_that_does_not_hold_is_named_and_counted() -> None:
    told = list(lines([row("scalar", holds=True), row("scalar", holds=False)]))
    assert told[0] == "scalar sigmoid, float64: fails on (0, 1)"
    assert any("over all floats: 1 of 2 hold, 20 comparisons, 2 s" in line for line in told)


def test_every_kind_has_a_line_even_if_nothing_was_done() -> None:
    assert [line.count("0 of 0 hold") for line in lines([])] == [1, 1, 1, 1]


def test_a_gradient_without_a_running_bound_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    names = with_gradients(MODULES)
    left = "cbow.negative_sampling_value_and_grad"  # its 1 / C is a number of Python's own
    assert without_bound(names) == [left]
    monkeypatch.delitem(ARGUMENTS, spans.sgd_step)
    assert without_bound(names) == [left, "spans.sgd_step"]
    assert list(lines([], names))[-1] == f"rounding, no running bound: {left}, spans.sgd_step"


def test_what_was_not_measured_is_null_in_json() -> None:
    (found,) = json.loads(json.dumps(as_data([row("count", holds=True)]), allow_nan=False))
    assert found["measured"] is None
    assert found["bound"] == 4.0
