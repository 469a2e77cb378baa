"""Benchmarks beside peers are fair: no right kernel is accused, errors and lost bounds are told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks import rounding
from benchmarks.gradient_checkers.__main__ import by_scipy, main
from benchmarks.gradient_checkers.planted import (
    CORRECT_STEPS,
    PLANTED,
    Kernel,
    points,
    value_and_grads,
)
from benchmarks.rounding import counted_rows
from codegen.interpret.errors import FLOAT32
from codegen.rounding.bound_rows import Row, hypothesis, kernel_row
from generated import negative_sampling
from tests.kernels.cases import Pair


def planted(name: str) -> Kernel:
    return next(bug for bug in PLANTED if bug.name == name)


@pytest.mark.parametrize("kernel", CORRECT_STEPS, ids=lambda kernel: str(kernel.subject.claim))
def test_a_right_kernel_is_not_accused_by_check_grad(kernel: Kernel) -> None:
    assert by_scipy(kernel, 3, 0) == ""


def test_check_grad_sees_a_gradient_of_the_wrong_sign() -> None:
    assert by_scipy(planted("SoftmaxErrorOfTheWrongSign"), 3, 0)


def test_check_grad_sees_a_dropped_duplicate_since_words_are_drawn_twice_at_the_points() -> None:
    assert by_scipy(planted("BufferedAddition"), 3, 0)


@pytest.mark.parametrize("name", ["YhatMinusOne", "TemperatureOfTwo", "ReusedWorkspace"])
def test_differences_of_the_kernel_s_own_loss_do_not_show_everything(name: str) -> None:
    assert by_scipy(planted(name), 3, 0) == ""


def test_every_planted_bug_is_called_with_its_own_arguments() -> None:
    for bug in PLANTED:
        ((words, floats),) = points(bug.subject, 1, 0)
        loss, gradients = value_and_grads(bug.make(), bug.subject, words, floats)
        assert np.ndim(loss) == 0
        assert [np.shape(each) for each in gradients] == [x.shape for x in floats], bug.name


def test_json_has_what_each_checker_says(capsys: Any) -> None:
    others = ("torch", "jax", "numdifftools")
    left_out = [word for other in others for word in ("--without", other)]
    with pytest.raises(SystemExit) as ended:
        main(["--only", "YhatMinusOne", "--points", "1", "--format", "json", *left_out])
    found = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    (row,) = found["planted"]
    assert row["said"]["check_kernel"] == "cancellation"
    assert row["said"]["scipy.optimize.check_grad"] == ""


# The benchmark of layers tells errors of a few ulp, and sees a contender that is wrong.


@pytest.mark.slow  # JAX compiles two functions
def test_errors_are_small_but_for_a_wrong_contender() -> None:
    jax = pytest.importorskip("jax", reason="needs the extra jax")
    from benchmarks.layers import SUBJECTS, errors, margins

    wrong = replace(SUBJECTS[0], textbook=lambda *given: margins(*given) * (1 + 1e-9))
    with jax.enable_x64(True):
        found = errors(wrong, "ordinary", 1)
    assert 0 < found["ours, NumPy"] < 100
    assert found["ours, JAX"] < 100
    assert found["textbook, JAX"] > 1e5


# The comparison of bounds with measurements: what it tells, and how it ends.


BOUNDS = {"hypothesis", "kernel", "count"}


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
    monkeypatch.setattr(rounding, "rows", few)
    monkeypatch.setattr(rounding, "large", not_so_large)
    monkeypatch.setattr(rounding, "counted_rows", lambda count, seed: counted_rows(5, seed))


def rounding_told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        rounding.main(["--quick", *arguments])
    return int(ended.value.code or 0), capsys.readouterr().out


@pytest.mark.usefixtures("shortened")
def test_the_table_has_every_kind_of_bound(capsys: Any) -> None:
    code, text = rounding_told(capsys)
    assert code == 0
    for word in (*BOUNDS, "bound / measured", "H2 exp", "grad_U, N = 1000, d = 100"):
        assert word in text
    assert f"numpy {np.__version__}" in text


@pytest.mark.usefixtures("shortened")
def test_the_json_has_the_same_rows(capsys: Any) -> None:
    code, text = rounding_told(capsys, "--format", "json")
    found = json.loads(text)
    assert code == 0
    assert {row["kind"] for row in found["rows"]} == BOUNDS
    assert all(row["holds"] for row in found["rows"])
    assert found["versions"]["numpy"] == np.__version__


def test_a_bound_that_does_not_hold_is_told_and_ends_with_1(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(full: bool, seed: int, kinds: Sequence[str]) -> Iterator[Row]:
        yield replace(next(few(full, seed, kinds)), holds=False, how="for a reason")

    monkeypatch.setattr(rounding, "rows", wrong)
    monkeypatch.setattr(rounding, "counted_rows", lambda count, seed: iter(()))
    code, text = rounding_told(capsys)
    assert code == 1
    assert "✗ hypothesis H2 exp, float32: for a reason" in text
