"""The accuracy promise for blocks: |error| <= 32 (u B + what underflow may cost), each component.

A coefficient of a term is known no better than to the smallest subnormal, times its weight,
and it multiplies a row.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx

from tests.kernels.oracle import WORKING, balls
from tests.kernels.promise import C, assert_close, exactly
from tests.spans.calls import Result, value_and_grad
from tests.spans.case import Blocks
from tests.spans.oracle import Answer, add, blank, oracle, terms


@lru_cache(maxsize=50_000)
def allowed(case: Blocks) -> Answer:
    info = np.finfo(case.V.dtype)
    u, subnormal = arb(float(info.eps) / 2), arb(float(info.smallest_subnormal))
    with ctx.workprec(WORKING):
        return (oracle(case)[1] * u + underflow(case) * subnormal) * C


def underflow(case: Blocks) -> Answer:
    """How many subnormals each component may be off by."""
    lost, V, U = blank(case), 1 + abs(balls(case.V)), 1 + abs(balls(case.U))
    for term in terms(case):
        if term.weight != 0:
            weight = 1 + term.weight
            add(lost, replace(term, weight=weight), arb(1), arb(1), V[term.c], U[term.w])
    return lost


def assert_promise(got: Result, case: Blocks) -> None:
    assert_near(got, oracle(case)[0], allowed(case), case)


def assert_same(kernels: Any, case: Blocks, want: Answer, also: Answer | None = None) -> None:
    """The kernel's answer is what is wanted, which is itself as exact as ``also`` allows."""
    allow = allowed(case)
    assert_near(
        value_and_grad(kernels, case), want, allow + (allow if also is None else also), case
    )


def assert_near(got: Result | Answer, want: Answer, allow: Answer, case: Blocks) -> None:
    for (what, value), (_, margin) in zip(want.parts(), allow.parts(), strict=True):
        assert_close(what, getattr(got, what), value, margin, case)


def known(result: Result, case: Blocks) -> Answer:
    """A kernel's result as exact numbers, to calculate with without rounding."""
    return Answer(
        exactly(result.loss, "loss", case)[()],
        exactly(result.grad_V, "grad_V", case),
        exactly(result.grad_U, "grad_U", case),
    )
