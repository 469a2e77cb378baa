"""The exact answer for spans, and the accuracy that is promised."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx

from tests.kernels.oracle import EXACT, WORKING, Balls, C, assert_close, balls, exactly
from tests.spans.cases import Blocks, Result, value_and_grad

# The loss of blocks, its gradients and its condition scale, in ball arithmetic, by the formula.
#
#     J = sum over blocks g and centers p of
#         sum over the places q of p's window of -log sigma(u_q . v_p)
#         + K (the number of pairs of p) / R, times the sum over samples r of -log sigma(-u_r . v_p)
#
# Inner products are exact at `EXACT` bits; the rest are sums of positive terms, but for the
# gradients, whose balls are narrow beside the scale B. B is that of the other skip-gram kernels:
# each term -log sigma(x) with its weight, and with t = |u| . |v| what rounding x by u t can cost.


@dataclass(eq=False)
class Answer:
    """The loss and both gradients: exact values, or a scale or an allowance of each."""

    loss: Any
    grad_V: Balls
    grad_U: Balls

    def parts(self) -> tuple[tuple[str, Any], ...]:
        return ("loss", self.loss), ("grad_V", self.grad_V), ("grad_U", self.grad_U)

    def __add__(self, other: "Answer") -> "Answer":
        return Answer(
            self.loss + other.loss, self.grad_V + other.grad_V, self.grad_U + other.grad_U
        )

    def __mul__(self, factor: Any) -> "Answer":
        return Answer(self.loss * factor, self.grad_V * factor, self.grad_U * factor)


@dataclass(frozen=True)
class Term:
    """weight times -log sigma(sign u_w . v_c), for a center's word c and a word w."""

    c: int
    w: int
    sign: int
    weight: Any


def terms(case: Blocks) -> Iterator[Term]:
    draws = arb(float(case.V.dtype.type(case.draws)))
    for g, p in case.places():
        c, window = int(case.centers[g, p]), case.window(g, p)
        yield from (Term(c, int(case.contexts[g, q]), 1, arb(1)) for q in window)
        share = draws * len(window) / case.samples
        yield from (Term(c, int(w), -1, share) for w in case.negatives[g])


def blank(case: Blocks) -> Answer:
    return Answer(arb(0), balls(np.zeros(case.V.shape)), balls(np.zeros(case.U.shape)))


@lru_cache(maxsize=50_000)
def oracle(case: Blocks) -> tuple[Answer, Answer]:
    """The exact answer and its condition scale B."""
    V, U = balls(case.V), balls(case.U)
    exact, scale = blank(case), blank(case)
    scores: dict[tuple[int, int], tuple[Any, Any]] = {}
    with ctx.workprec(WORKING):
        for term in terms(case):
            v, u = V[term.c], U[term.w]
            if (term.c, term.w) not in scores:
                with ctx.workprec(EXACT):
                    scores[term.c, term.w] = u @ v, abs(u) @ abs(v)
            z, t = scores[term.c, term.w]
            x = term.sign * z
            small = (-abs(x)).exp()
            right, wrong = 1 / (1 + small), small / (1 + small)
            missing = wrong if x > 0 else right  # 1 - sigma(x)
            lag = small.log1p() + (0 if x > 0 else -x)  # -log sigma(x)
            error, unsure = -term.sign * missing, missing + right * wrong * t
            add(exact, term, lag, error, v, u)
            add(scale, term, lag + missing * t, unsure, abs(v), abs(u))
    return exact, scale


def add(answer: Answer, term: Term, loss: Any, error: Any, v: Balls, u: Balls) -> None:
    answer.loss += term.weight * loss
    answer.grad_V[term.c] += term.weight * error * u
    answer.grad_U[term.w] += term.weight * error * v


# The accuracy promise for blocks: |error| <= 32 (u B + what underflow may cost), each component.
#
# A coefficient of a term is known no better than to the smallest subnormal, times its weight,
# and it multiplies a row.


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
