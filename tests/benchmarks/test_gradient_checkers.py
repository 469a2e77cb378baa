"""The harness around other gradient checkers is fair: it accuses no right kernel."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from benchmarks.gradient_checkers import __main__ as command
from benchmarks.gradient_checkers import by_scipy
from benchmarks.gradient_checkers.kernel import Kernel, points, value_and_grads
from benchmarks.gradient_checkers.planted import CORRECT_STEPS, PLANTED


def planted(name: str) -> Kernel:
    return next(bug for bug in PLANTED if bug.name == name)


@pytest.mark.parametrize("kernel", CORRECT_STEPS, ids=lambda kernel: str(kernel.subject.claim))
def test_a_right_kernel_is_not_accused_by_check_grad(kernel: Kernel) -> None:
    assert by_scipy.catches(kernel, 3, 0) == ""


def test_check_grad_sees_a_gradient_of_the_wrong_sign() -> None:
    assert by_scipy.catches(planted("SoftmaxErrorOfTheWrongSign"), 3, 0)


def test_check_grad_sees_a_dropped_duplicate_since_words_are_drawn_twice_at_the_points() -> None:
    assert by_scipy.catches(planted("BufferedAddition"), 3, 0)


@pytest.mark.parametrize("name", ["YhatMinusOne", "TemperatureOfTwo", "ReusedWorkspace"])
def test_differences_of_the_kernel_s_own_loss_do_not_show_everything(name: str) -> None:
    assert by_scipy.catches(planted(name), 3, 0) == ""


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
        command.main(["--only", "YhatMinusOne", "--points", "1", "--format", "json", *left_out])
    found = json.loads(capsys.readouterr().out)
    assert ended.value.code == 0
    (row,) = found["planted"]
    assert row["said"]["check_kernel"] == "cancellation"
    assert row["said"]["scipy.optimize.check_grad"] == ""
