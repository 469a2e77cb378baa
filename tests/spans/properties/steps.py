"""A step changes V and U in place by the rate times the gradients, and nothing else."""

from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb

from tests.kernels.oracle import balls
from tests.kernels.promise import assert_close
from tests.kernels.properties.layouts import fortran, reversed_, strided
from tests.spans.calls import quiet, step, value_and_grad
from tests.spans.case import Blocks, Floats
from tests.spans.oracle import oracle
from tests.spans.promise import allowed


def stepped(array: Floats, rate: float, gradient: Floats) -> Floats:
    with quiet():
        moved: Floats = array - array.dtype.type(rate) * gradient
    return moved


def assert_equal(what: str, got: Floats, want: Floats, case: Blocks) -> None:
    assert np.array_equal(got, want), f"{what} is {got!r}, not {want!r}: {case}"


def a_step_follows_the_gradients(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Both gradients are taken before either matrix changes, to the last bit."""
    given, rate = case
    _, grad_V, grad_U = value_and_grad(kernels, given)
    moved = replace(given, V=given.V.copy(), U=given.U.copy())
    step(kernels, moved, rate)
    assert_equal("V", moved.V, stepped(given.V, rate, grad_V), given)
    assert_equal("U", moved.U, stepped(given.U, rate, grad_U), given)


def one_array_may_be_both(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Tied vectors: the same array for V and U takes both steps."""
    given, rate = replace(case[0], V=case[0].U), case[1]
    _, grad_V, grad_U = value_and_grad(kernels, given)
    table = given.U.copy()
    step(kernels, replace(given, V=table, U=table), rate)
    assert_equal("V", table, stepped(stepped(given.U, rate, grad_V), rate, grad_U), given)


def any_layout_is_changed_in_place(kernels: Any, case: tuple[Blocks, float]) -> None:
    """Views of a wider table change with it, and what lies between is left alone."""
    given, rate = case
    for layout in (fortran, strided, reversed_):
        moved = replace(given, V=layout(given.V.copy()), U=layout(given.U.copy()))
        step(kernels, moved, rate)
        assert_stepped(moved, given, rate)
    table, d = np.hstack([given.V, given.U, given.U + 1]), given.V.shape[1]
    moved = replace(given, V=table[:, :d], U=table[:, d : 2 * d])
    step(kernels, moved, rate)
    assert_stepped(moved, given, rate)
    assert_equal("a neighbour of U", table[:, 2 * d :], given.U + 1, given)


def assert_stepped(moved: Blocks, given: Blocks, rate: float) -> None:
    """V and U are where the exact gradients lead, within their promise and two more roundings."""
    exact, allow = oracle(given)[0], allowed(given)
    info = np.finfo(given.V.dtype)
    two, subnormal = arb(float(info.eps)), arb(float(info.smallest_subnormal))
    by = arb(float(given.V.dtype.type(rate)))
    for name in ("V", "U"):
        start, slope, unsure = (
            balls(getattr(given, name)),
            by * getattr(exact, f"grad_{name}"),
            abs(by) * getattr(allow, f"grad_{name}"),
        )
        margin = unsure + two * (abs(start) + abs(slope) + unsure) + subnormal
        assert_close(name, getattr(moved, name), start - slope, margin, given)


def a_short_step_lowers_the_loss(kernels: Any, case: Blocks) -> None:
    """By about the rate times the square of the gradient."""
    _, grad_V, grad_U = value_and_grad(kernels, case)
    square = arb(float((grad_V**2).sum() + (grad_U**2).sum()))
    rate = 2.0**-20
    if square < 1e-6:
        return
    moved = replace(case, V=case.V.copy(), U=case.U.copy())
    step(kernels, moved, rate)
    before, after = oracle(case)[0].loss, oracle(moved)[0].loss
    fell, should = before - after, rate * square
    assert abs(fell - should) < 0.01 * should, (
        f"a step of {rate} lowers the loss by {fell.str(5)}, should be {should.str(5)}: {case}"
    )
