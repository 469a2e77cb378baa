"""The numbers themselves, against the formula and against each other."""

from typing import Any

import numpy as np

from tests.spans.calls import loss, value_and_grad
from tests.spans.case import Blocks
from tests.spans.promise import allowed, assert_promise, assert_same, known


def matches_the_formula(kernels: Any, case: Blocks) -> None:
    assert_promise(value_and_grad(kernels, case), case)


def loss_alone_is_the_same_loss(kernels: Any, case: Blocks) -> None:
    alone, together = loss(kernels, case), value_and_grad(kernels, case).loss
    assert alone == together, f"loss() {alone!r}, value_and_grad {together!r}: {case}"
    assert isinstance(alone, float), f"loss() is a {type(alone)}: {case}"


def float32_agrees_with_float64(kernels: Any, case: Blocks) -> None:
    double = case.changed(lambda x: x.astype(np.float64) if x.dtype.kind == "f" else x)
    double = Blocks(**{**vars(double), "draws": float(case.V.dtype.type(case.draws))})
    want = known(value_and_grad(kernels, double), double)
    assert_same(kernels, case, want, allowed(double))
