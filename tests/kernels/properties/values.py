"""The numbers themselves: against the exact values, and against differences of the loss."""

import numpy as np

from tests.kernels.calls import Kernels, loss, value_and_grad
from tests.kernels.cases import Batch, Pair, Window
from tests.kernels.promise import allowed, assert_close, assert_promise
from tests.kernels.specified import Derivative, central_difference, complex_step, differentiated


def matches_the_exact_values(kernels: Kernels, pair: Pair) -> None:
    assert_promise(value_and_grad(kernels, pair), pair)


def windows_and_batches_match_the_exact_values(kernels: Kernels, case: Window | Batch) -> None:
    assert_promise(value_and_grad(kernels, case), case)


def matches_central_differences(kernels: Kernels, pair: Pair) -> None:
    matches(kernels, pair, central_difference)


def matches_the_complex_step(kernels: Kernels, pair: Pair) -> None:
    matches(kernels, pair, complex_step)


def matches(kernels: Kernels, pair: Pair, derivative: Derivative) -> None:
    got, want, allow = (
        value_and_grad(kernels, pair),
        differentiated(pair, derivative),
        allowed(pair),
    )
    assert_close("grad_v", got.grad_v, want.grad_v, allow.grad_v, pair)
    assert_close("grad_U", got.grad_U, want.grad_U, allow.grad_U, pair)


def loss_alone_is_the_same_loss(kernels: Kernels, pair: Pair) -> None:
    alone, together = loss(kernels, pair), value_and_grad(kernels, pair).loss
    assert alone == together, f"loss() {alone!r}, value_and_grad {together!r}: {pair}"
    assert np.ndim(alone) == 0, f"loss() has shape {np.shape(alone)}: {pair}"
