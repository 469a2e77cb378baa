"""Identities of negative sampling: multiplicity, swapped roles, and what is left alone."""

from dataclasses import replace

import numpy as np
from flint import arb

from tests.kernels.calls import Kernels, value_and_grad
from tests.kernels.cases import Pair
from tests.kernels.oracle import Answer
from tests.kernels.promise import allowed, assert_close
from tests.kernels.properties.symmetries import assert_same, known, plus


def a_word_drawn_l_times_counts_l_times(kernels: Kernels, case: tuple[Pair, int, int]) -> None:
    """f with l more draws of k lies on the line through f with none and f with one more."""
    pair, k, times = case
    assert pair.negatives is not None
    once = replace(pair, negatives=np.append(pair.negatives, k))
    often = replace(pair, negatives=np.append(pair.negatives, [k] * times))
    zero, one = (known(value_and_grad(kernels, p), p) for p in (pair, once))
    line = Answer(
        zero.loss + times * (one.loss - zero.loss),
        zero.grad_v + times * (one.grad_v - zero.grad_v),
        zero.grad_U + times * (one.grad_U - zero.grad_U),
    )
    slack = allowed(often)
    for _ in range(times):
        slack = plus(slack, plus(allowed(pair), allowed(once)))
    assert_same(kernels, often, line, slack)


def splitting_a_drawn_word_splits_its_row(kernels: Kernels, pair: Pair) -> None:
    """Every second draw goes to a copy of its word: the copies' gradient rows add up."""
    assert pair.negatives is not None
    N = len(pair.U)
    copied = np.arange(len(pair.negatives)) % 2 == 1
    split = replace(
        pair,
        U=np.concatenate([pair.U, pair.U]),
        negatives=np.where(copied, pair.negatives + N, pair.negatives),
    )
    got, want = known(value_and_grad(kernels, split), split), value_and_grad(kernels, pair)
    one, two = allowed(pair), allowed(split)
    merged = two.grad_U[:N] + two.grad_U[N:] + one.grad_U
    assert_close("loss", want.loss, got.loss, one.loss + two.loss, pair)
    assert_close("grad_v", want.grad_v, got.grad_v, one.grad_v + two.grad_v, pair)
    assert_close("grad_U", want.grad_U, got.grad_U[:N] + got.grad_U[N:], merged, pair)


def swapping_o_and_k_negates_v(kernels: Kernels, pair: Pair) -> None:
    """f(v, o, [k]) = f(-v, k, [o]): same loss, same grad_U, opposite grad_v."""
    assert pair.negatives is not None
    swapped = Pair(-pair.v, int(pair.negatives[0]), pair.U, np.array([pair.o]))
    want = known(value_and_grad(kernels, pair), pair)
    mirrored = Answer(want.loss, -want.grad_v, want.grad_U)
    assert_same(kernels, swapped, mirrored, plus(allowed(swapped), allowed(pair)))


def an_undecided_model_costs_log_2_a_draw(kernels: Kernels, pair: Pair) -> None:
    """At v = 0: J = (K + 1) log 2 and grad_U = 0."""
    assert pair.negatives is not None
    flat = replace(pair, v=np.zeros_like(pair.v))
    got = value_and_grad(kernels, flat)
    want = (len(pair.negatives) + 1) * arb(2).log()
    assert_close("loss", got.loss, want, allowed(flat).loss, flat)
    assert not got.grad_U.any(), f"grad_U is {got.grad_U!r}, not zero: {flat}"


def rows_that_were_not_drawn_are_exactly_zero(kernels: Kernels, pair: Pair) -> None:
    grad_U = value_and_grad(kernels, pair).grad_U
    others = np.delete(grad_U, pair.touched, axis=0)
    assert not others.any(), f"grad_U is {grad_U!r} outside rows {pair.touched}: {pair}"
