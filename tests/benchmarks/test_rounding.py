"""The comparison of bounds with measurements: what it tells, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.rounding import __main__ as command
from benchmarks.rounding import counted
from benchmarks.rounding.counted import counted_rows
from codegen.interpret.hypotheses import FLOAT32
from codegen.rounding.bound_rows import Row, hypothesis, kernel_row
from generated import negative_sampling
from tests.kernels.cases import Pair

KINDS = {"hypothesis", "kernel", "count"}


def few(full: bool, seed: int, kinds: Sequence[str]) -> Iterator[Row]:
    assert not full
    assert "count" not in kinds
    yield hypothesis("exp", FLOAT32, full, seed)
    yield kernel_row(negative_sampling.value_and_grad, FLOAT32, 300, seed)


def not_so_large(scales: tuple[float, ...], seed: int) -> Iterator[Pair]:
    rng = np.random.default_rng(seed)
    for dtype in (np.float64, np.float32):
        v, U = rng.normal(size=4).astype(dtype), rng.normal(size=(9, 4)).astype(dtype)
        yield Pair(v, 1, U)
        yield Pair(v, 1, U, np.array([0, 1, 1]))


@pytest.fixture
def shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "rows", few)
    monkeypatch.setattr(counted, "large", not_so_large)
    monkeypatch.setattr(command, "counted_rows", lambda count, seed: counted_rows(5, seed))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        command.main(["--quick", *arguments])
    return int(ended.value.code or 0), capsys.readouterr().out


@pytest.mark.usefixtures("shortened")
def test_the_table_has_every_kind_of_bound(capsys: Any) -> None:
    code, text = told(capsys)
    assert code == 0
    for word in (*KINDS, "bound / measured", "H2 exp", "grad_U, N = 1000, d = 100"):
        assert word in text
    assert f"numpy {np.__version__}" in text


@pytest.mark.usefixtures("shortened")
def test_the_json_has_the_same_rows(capsys: Any) -> None:
    code, text = told(capsys, "--format", "json")
    found = json.loads(text)
    assert code == 0
    assert {row["kind"] for row in found["rows"]} == KINDS
    assert all(row["holds"] for row in found["rows"])
    assert found["versions"]["numpy"] == np.__version__


def test_a_bound_that_does_not_hold_is_told_and_ends_with_1(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(full: bool, seed: int, kinds: Sequence[str]) -> Iterator[Row]:
        yield replace(next(few(full, seed, kinds)), holds=False, how="for a reason")

    monkeypatch.setattr(command, "rows", wrong)
    monkeypatch.setattr(command, "counted_rows", lambda count, seed: iter(()))
    code, text = told(capsys)
    assert code == 1
    assert "✗ hypothesis H2 exp, float32: for a reason" in text
