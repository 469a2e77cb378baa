"""Changes of names and coordinates that leave the loss alone and carry the gradients along.

Every change is exact in floating point (a permutation, a power of two, a rotation of
integers), so the two answers differ by no more than the two promises.
"""

from dataclasses import replace

import numpy as np
from flint import arb

from tests.kernels.calls import Kernels, Result, value_and_grad
from tests.kernels.cases import Case, Floats, Pair
from tests.kernels.oracle import Answer, Balls, balls
from tests.kernels.promise import allowed, assert_close, exactly


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
