"""The accuracy promise: |error| <= 32 (u B + subnormals), componentwise.

u is half a spacing of floats at 1 and B the oracle's condition scale.  The second term
is what underflow may cost: a coefficient is known no better than to the smallest
subnormal, and it multiplies a row of U (in grad_v) or v (in grad_U).

B is of first order in u: it presumes that a rounding u t_w in a score is small against 1,
or that the scores are exact.  Where neither holds, two scores that differ by less than
their rounding may come out equal, and no kernel that rounds its scores could keep to B.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx

from tests.kernels.calls import Result
from tests.kernels.cases import Batch, Case, Pair, Window
from tests.kernels.oracle import WORKING, Answer, Balls, balls, oracle

C = 32


@lru_cache(maxsize=100_000)
def promised(case: Case) -> tuple[Answer, Answer]:
    """The exact answer for a case, and the error that the promise allows in each component."""
    with ctx.workprec(WORKING):
        if isinstance(case, Pair):
            exact, scale = oracle(case)
            return exact, allowance(case, scale)
        exact, allow = blank(case), blank(case)
        for i, pair in enumerate(case.pairs()):
            at = () if isinstance(case, Window) else (i,)
            word = case.c if isinstance(case, Window) else case.centers[i]
            for sums, part in zip((exact, allow), promised(pair), strict=True):
                sums.loss[at] += part.loss
                sums.grad_v[word] += part.grad_v
                sums.grad_U[...] += part.grad_U
        return exact, allow


def allowance(pair: Pair, scale: Answer) -> Answer:
    info = np.finfo(pair.U.dtype)
    u, subnormal = arb(float(info.eps) / 2), arb(float(info.smallest_subnormal))
    U, v = abs(balls(pair.U)), abs(balls(pair.v))
    lost_v = np.array([subnormal * (1 + column) for column in U.sum(axis=0)])
    lost_U = np.array([subnormal * (1 + x) for x in v])
    return Answer(
        C * (u * scale.loss + subnormal),
        C * (u * scale.grad_v + lost_v),
        C * (u * scale.grad_U + lost_U),
    )


def blank(case: Window | Batch) -> Answer:
    shape = () if isinstance(case, Window) else (len(case.centers),)
    return Answer(
        balls(np.zeros(shape)), balls(np.zeros(case.V.shape)), balls(np.zeros(case.U.shape))
    )


def allowed(case: Case) -> Answer:
    return promised(case)[1]


def assert_close(what: str, got: Any, want: Any, allow: Any, case: object) -> None:
    """Every component of `got` is finite and within `allow` of `want`."""
    got, want = np.asarray(got), np.asarray(want, dtype=object)
    assert got.shape == want.shape, f"{what} has shape {got.shape}, not {want.shape}: {case}"
    allow = np.broadcast_to(np.asarray(allow, dtype=object), want.shape)
    for at in np.ndindex(got.shape):
        number = float(got[at])
        error = abs(arb(number) - want[at])
        kept = np.isfinite(number) and error <= allow[at]
        assert kept, (
            f"{what}{list(at) if at else ''} is {number!r}, not {want[at].str(20, radius=False)}; "
            f"off by {error.str(4, radius=False)}, allowed {allow[at].str(4, radius=False)}: {case}"
        )


def assert_promise(got: Result, case: Case, in_turn: int = 0) -> None:
    """The promise; a further u B for each of the terms that were added to one row in turn."""
    exact, allow = promised(case)
    for (what, want), (_, margin) in zip(exact.parts(), allow.parts(), strict=True):
        more = arb(C + in_turn) / C
        assert_close(what, getattr(got, what), want, margin * more, case)


def exactly(array: Any, what: str, case: object) -> Balls:
    """A kernel's own numbers as balls, to calculate with without rounding again."""
    assert np.all(np.isfinite(array)), f"{what} is {array!r}, not finite: {case}"
    return balls(np.asarray(array))
