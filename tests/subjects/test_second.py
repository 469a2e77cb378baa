"""Second derivatives that kernels return: those of losses typed by hand, in ball arithmetic."""

from itertools import product
from typing import Any

import numpy as np
from flint import ctx
from hypothesis import given, settings

import generated
from tests.subjects import cases, losses
from tests.subjects.checks import CLOSE, is_close
from tests.subjects.exact import BITS, STEP, balls
from tests.subjects.test_kernels import QUICK


def second(case: dict[str, Any]) -> Any:
    """Differences of differences, of the loss by the weights."""
    with ctx.workprec(BITS):
        numbers = {name: balls(value) for name, value in case.items()}
        d = len(case["w"])
        out = np.empty((d, d), dtype=object)
        for i, j in np.ndindex(d, d):
            total = 0
            for first, other in product((1, -1), repeat=2):
                w = numbers["w"].copy()
                w[i] += first * STEP
                w[j] += other * STEP
                total += first * other * losses.logistic_of_targets(**{**numbers, "w": w})
            out[i, j] = total / (2 * STEP) ** 2
        return out


@settings(QUICK)
@given(cases.examples())
def test_the_hessian_of_a_logistic_regression_is_that_of_its_loss(case: dict[str, Any]) -> None:
    loss, grad, hess = generated.logistic_regression.value_grad_and_hess(**case)
    assert is_close(hess, second(case), CLOSE)
    alone, slope = generated.logistic_regression.value_and_grad(**case)
    assert loss == alone
    assert np.array_equal(grad, slope)


def test_a_hessian_far_from_the_boundary_keeps_its_digits() -> None:
    _, _, hess = generated.logistic_regression.value_grad_and_hess([1.0], [[40.0]], [1.0])
    assert hess[0, 0] == 1600 * np.exp(-40.0) / (1 + np.exp(-40.0)) ** 2
