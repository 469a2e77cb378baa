"""Values and gradients: exact, symmetric, of softmax and of samples, in sums."""

from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb

from tests.kernels.calls import Kernels, Result, loss, raw, value_and_grad
from tests.kernels.cases import Batch, Case, Floats, Pair, Window
from tests.kernels.oracle import (
    Answer,
    Balls,
    allowed,
    assert_close,
    assert_promise,
    balls,
    blank,
    exactly,
)
from tests.kernels.specified import Derivative, central_difference, complex_step, differentiated

# The numbers themselves: against the exact values, and against differences of the loss.


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


# Changes of names and coordinates that leave the loss alone and carry the gradients along.
#
# Every change is exact in floating point (a permutation, a power of two, a rotation of
# integers), so the two answers differ by no more than the two promises.


def relabelling_words_permutes_grad_U(kernels: Kernels, case: tuple[Pair, list[int]]) -> None:
    pair, order = case[0], np.array(case[1])
    place = np.argsort(order)
    negatives = None if pair.negatives is None else place[pair.negatives]
    renamed = Pair(pair.v, int(place[pair.o]), pair.U[order], negatives)
    want = known(value_and_grad(kernels, pair), pair)
    moved = Answer(want.loss, want.grad_v, want.grad_U[order])
    assert_same(kernels, renamed, moved, plus(allowed(renamed), allowed(renamed)))


def rotating_coordinates_rotates_gradients(
    kernels: Kernels, case: tuple[Pair, list[int], list[int]]
) -> None:
    """A 3-4-5 rotation of the first two coordinates, then a signed permutation of all."""
    pair, order, signs = case
    d = len(order)
    rotation = balls(np.eye(d))
    if d > 1:
        rotation[:2, :2] = balls(np.array([[3.0, -4.0], [4.0, 3.0]])) / 5
    rotation = rotation[order] * balls(np.array(signs, dtype=float))[:, None]
    turned = replace(
        pair,
        v=exact_floats(rotation @ balls(pair.v), pair.v),
        U=exact_floats(balls(pair.U) @ rotation.T, pair.U),
    )
    want = known(value_and_grad(kernels, pair), pair)
    carried = Answer(want.loss, rotation @ want.grad_v, want.grad_U @ rotation.T)
    allow, spread = allowed(pair), abs(rotation)
    also = Answer(allow.loss, spread @ allow.grad_v, allow.grad_U @ spread.T)
    assert_same(kernels, turned, carried, plus(allowed(turned), also))


def exact_floats(values: Balls, like: Floats) -> Floats:
    """Rotated multiples of five are whole multiples again, so nothing is rounded here."""
    return np.array([float(x) for x in values.flat], dtype=like.dtype).reshape(values.shape)


def scaling_v_up_and_U_down_changes_nothing(kernels: Kernels, case: tuple[Pair, int]) -> None:
    pair, k = case
    scaled = replace(pair, v=np.ldexp(pair.v, k), U=np.ldexp(pair.U, -k))
    want = known(value_and_grad(kernels, pair), pair)
    factor = arb(2) ** k
    moved = Answer(want.loss, want.grad_v / factor, want.grad_U * factor)
    allow = allowed(pair)
    also = Answer(allow.loss, allow.grad_v / factor, allow.grad_U * factor)
    assert_same(kernels, scaled, moved, plus(allowed(scaled), also))


def assert_same(kernels: Kernels, case: Case, want: Answer, allow: Answer) -> None:
    got = value_and_grad(kernels, case)
    for (what, value), (_, margin) in zip(want.parts(), allow.parts(), strict=True):
        assert_close(what, getattr(got, what), value, margin, case)


def known(result: Result, case: object) -> Answer:
    """A kernel's result as exact numbers, to transform without rounding."""
    return Answer(
        exactly(result.loss, "loss", case)[()],
        exactly(result.grad_v, "grad_v", case),
        exactly(result.grad_U, "grad_U", case),
    )


def plus(one: Answer, two: Answer) -> Answer:
    return Answer(one.loss + two.loss, one.grad_v + two.grad_v, one.grad_U + two.grad_U)


# Identities of the softmax: what a shift, a sum over words or a split word must give.


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


# Identities of negative sampling: multiplicity, swapped roles, and what is left alone.


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


# What both losses share as functions of the scores: one coefficient a word, and convexity.


def grad_U_has_rank_one(kernels: Kernels, pair: Pair) -> None:
    """Each row of grad_U is a multiple of v: g[i] v[j] = g[j] v[i]."""
    g: Any = exactly(value_and_grad(kernels, pair).grad_U, "grad_U", pair)
    products = np.multiply.outer(g, balls(pair.v))
    unsure = np.multiply.outer(allowed(pair).grad_U, abs(balls(pair.v)))
    minors, slack = products - products.swapaxes(1, 2), unsure + unsure.swapaxes(1, 2)
    for w, i, j in np.ndindex(minors.shape):
        assert abs(minors[w, i, j]) <= slack[w, i, j], (
            f"grad_U[{w}] is {g[w, i].str(17)} at {i} and {g[w, j].str(17)} at {j}, "
            f"not a multiple of v: {pair}"
        )


def grad_v_follows_from_grad_U(kernels: Kernels, pair: Pair) -> None:
    """grad_v = U^T delta, with delta read off grad_U = delta v^T where v is largest."""
    got, allow = value_and_grad(kernels, pair), allowed(pair)
    i = int(np.argmax(np.abs(pair.v)))
    if pair.v[i] == 0:
        return
    U, pivot = balls(pair.U), arb(float(pair.v[i]))
    delta = exactly(got.grad_U, "grad_U", pair)[:, i] / pivot
    unsure = allow.grad_U[:, i] / abs(pivot)
    assert_close("grad_v", got.grad_v, delta @ U, allow.grad_v + unsure @ abs(U), pair)


def loss_lies_above_its_tangents(kernels: Kernels, case: tuple[Pair, Floats, Floats]) -> None:
    """Both losses are convex in v and in U: f(y) >= f(x) + grad f(x).(y - x)."""
    x, v, U = case
    for name, y in (("v", replace(x, v=v)), ("U", replace(x, U=U))):
        here, there = (known(value_and_grad(kernels, p), p) for p in (x, y))
        gradient = here.grad_v if name == "v" else here.grad_U
        unsure = allowed(x).grad_v if name == "v" else allowed(x).grad_U
        step = balls(getattr(y, name)) - balls(getattr(x, name))
        tangent = here.loss + (gradient * step).sum()
        slack = allowed(x).loss + allowed(y).loss + (unsure * abs(step)).sum()
        assert there.loss >= tangent - slack, (
            f"loss {there.loss.str(17)} at {y} is below {tangent.str(17)}, "
            f"the tangent in {name} at {x}"
        )


# Windows and batches are sums of pairs, and touch the rows of their words only.


def the_sum_of_its_pairs(kernels: Kernels, case: Window | Batch) -> None:
    """Windows and batches against the same implementation's single pairs, added exactly."""
    total = blank(case)
    for i, pair in enumerate(case.pairs()):
        at = () if isinstance(case, Window) else (i,)
        word = case.c if isinstance(case, Window) else case.centers[i]
        one = known(value_and_grad(kernels, pair), pair)
        total.loss[at] += one.loss
        total.grad_v[word] += one.grad_v
        total.grad_U[...] += one.grad_U
    assert_same(kernels, case, total, plus(allowed(case), allowed(case)))


def windows_add(kernels: Kernels, case: tuple[Window, int]) -> None:
    """The window of A and B together is the window of A plus the window of B."""
    whole, cut = case
    first, second = whole.part(slice(None, cut)), whole.part(slice(cut, None))
    total = plus(*(known(value_and_grad(kernels, part), part) for part in (first, second)))
    assert_same(kernels, whole, total, plus(allowed(whole), allowed(whole)))


def rows_of_absent_words_are_exactly_zero(kernels: Kernels, case: Window) -> None:
    got = value_and_grad(kernels, case)
    touched = [w for pair in case.pairs() for w in pair.touched]
    others_U = np.delete(got.grad_U, touched, axis=0)
    others_V = np.delete(got.grad_v, [case.c], axis=0)
    assert not others_U.any(), f"grad_U is {got.grad_U!r} outside rows {touched}: {case}"
    assert not others_V.any(), f"grad_V is {got.grad_v!r} outside row {case.c}: {case}"


def row_gradients_list_each_word_once(kernels: Kernels, batch: Batch) -> None:
    """RowGrad: the words of the batch, sorted and distinct, one row of values for each."""
    _, grad_V, grad_U = raw(kernels, batch)
    assert_rows("grad_V", grad_V, np.unique(batch.centers), batch.V.shape, batch)
    if batch.negatives is not None:
        words = np.unique(np.append(batch.negatives, batch.outsides))
        assert_rows("grad_U", grad_U, words, batch.U.shape, batch)


def assert_rows(
    what: str, grad: object, words: np.ndarray, shape: tuple[int, ...], batch: Batch
) -> None:
    rows, values = grad.rows, grad.values  # type: ignore[attr-defined]
    assert np.array_equal(rows, words), f"{what}.rows is {rows!r}, not {words!r}: {batch}"
    assert np.issubdtype(rows.dtype, np.integer), f"{what}.rows has dtype {rows.dtype}: {batch}"
    expected = (len(words), shape[1])
    assert values.shape == expected, f"{what}.values: {values.shape}, not {expected}: {batch}"


def order_in_a_batch_does_not_matter(kernels: Kernels, case: tuple[Batch, list[int]]) -> None:
    batch, order = case
    negatives = None if batch.negatives is None else batch.negatives[order]
    shuffled = Batch(batch.V, batch.U, batch.centers[order], batch.outsides[order], negatives)
    want = known(value_and_grad(kernels, batch), batch)
    moved = Answer(want.loss[order], want.grad_v, want.grad_U)
    assert_same(kernels, shuffled, moved, plus(allowed(shuffled), allowed(shuffled)))
