"""Identities of the softmax: what a shift, a sum over words or a split word must give."""

from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb

from tests.kernels.calls import Kernels, value_and_grad
from tests.kernels.cases import Floats, Pair
from tests.kernels.promise import allowed, assert_close, exactly
from tests.kernels.properties.symmetries import assert_same, known, plus


def shifting_all_rows_of_U_changes_nothing(kernels: Kernels, case: tuple[Pair, Floats]) -> None:
    """The shift is of integers, hence exact."""
    pair, shift = case
    shifted = replace(pair, U=pair.U + shift)
    want = known(value_and_grad(kernels, pair), pair)
    assert_same(kernels, shifted, want, plus(allowed(shifted), allowed(pair)))


def rows_of_grad_U_sum_to_zero(kernels: Kernels, pair: Pair) -> None:
    total = exactly(value_and_grad(kernels, pair).grad_U, "grad_U", pair).sum(axis=0)
    allow = allowed(pair).grad_U.sum(axis=0)
    for i, column in enumerate(total):
        assert abs(column) <= allow[i], (
            f"column {i} of grad_U sums to {column.str(5)}, allowed {allow[i].str(5)}: {pair}"
        )


def scores_average_to_zero(kernels: Kernels, pair: Pair) -> None:
    """sum over o of yhat_o grad J(o) = 0, with yhat_o = exp(-J(o)) from the kernel's own loss."""
    mean_v: Any = arb(0)
    mean_U = spread_v = spread_U = mean_v
    for o in range(len(pair.U)):
        each = replace(pair, o=o)
        got, allow = known(value_and_grad(kernels, each), each), allowed(each)
        yhat = (-got.loss).exp()
        # An error in the loss is a factor exp(error) on yhat.
        off = yhat * (allow.loss.exp() - 1)
        mean_v, mean_U = mean_v + yhat * got.grad_v, mean_U + yhat * got.grad_U
        spread_v = spread_v + (yhat + off) * allow.grad_v + off * abs(got.grad_v)
        spread_U = spread_U + (yhat + off) * allow.grad_U + off * abs(got.grad_U)
    for what, mean, spread in (("grad_v", mean_v, spread_v), ("grad_U", mean_U, spread_U)):
        for at in np.ndindex(mean.shape):
            assert abs(mean[at]) <= spread[at], (
                f"mean of {what}{list(at)} is {mean[at].str(5)}, "
                f"allowed {spread[at].str(5)}: {pair}"
            )


def splitting_every_word_in_two_adds_log_2(kernels: Kernels, pair: Pair) -> None:
    """Each word becomes two equal ones: grad_v stays, and the two gradient rows add up."""
    N = len(pair.U)
    split = replace(pair, U=np.concatenate([pair.U, pair.U]))
    got, want = known(value_and_grad(kernels, split), split), value_and_grad(kernels, pair)
    one, two = allowed(pair), allowed(split)
    merged = two.grad_U[:N] + two.grad_U[N:] + one.grad_U
    loss = got.loss - arb(2).log()
    assert_close("loss", want.loss, loss, one.loss + two.loss, pair)
    assert_close("grad_v", want.grad_v, got.grad_v, one.grad_v + two.grad_v, pair)
    assert_close("grad_U", want.grad_U, got.grad_U[:N] + got.grad_U[N:], merged, pair)


def a_uniform_model_costs_log_N(kernels: Kernels, pair: Pair) -> None:
    """At v = 0: J = log N and grad_U = 0."""
    flat = replace(pair, v=np.zeros_like(pair.v))
    got = value_and_grad(kernels, flat)
    assert_close("loss", got.loss, arb(len(pair.U)).log(), allowed(flat).loss, flat)
    assert not got.grad_U.any(), f"grad_U is {got.grad_U!r}, not zero: {flat}"
