"""The losses, their gradients and their condition scale, in ball arithmetic.

Written by hand from the formulas.  Inner products of floats are exact at `EXACT` bits
(the products of two float64 span fewer than 4,300); what follows runs at `WORKING`
bits on sums of positive terms only, so every ball is far narrower than a rounding.

The scale B is what rounding the inner products can cost: with t_w = |u_w|.|v|, an error
of u t_w in a score moves the loss by |delta_w| u t_w and delta_w by u beta_w.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from tests.kernels.cases import Floats, Pair

EXACT = 4400
WORKING = 256
Balls = NDArray[Any]

exp: Callable[[Any], Any] = np.frompyfunc(lambda x: x.exp(), 1, 1)
log1p: Callable[[Any], Any] = np.frompyfunc(lambda x: x.log1p(), 1, 1)


@dataclass(frozen=True, eq=False)
class Answer:
    """Loss, gradient by v and gradient by U: exact values, or the scale B of each."""

    loss: Any
    grad_v: Balls
    grad_U: Balls

    def parts(self) -> tuple[tuple[str, Any], ...]:
        return ("loss", self.loss), ("grad_v", self.grad_v), ("grad_U", self.grad_U)


def balls(array: Floats) -> Balls:
    """The same numbers, exactly, as an object array of balls of radius zero."""
    out = np.empty(np.size(array), dtype=object)
    out[:] = [arb(x) for x in np.ravel(array).tolist()]
    return out.reshape(np.shape(array))


@lru_cache(maxsize=100_000)
def oracle(pair: Pair) -> tuple[Answer, Answer]:
    """The exact answer for one pair and its condition scale B."""
    U, v = balls(pair.U), balls(pair.v)
    with ctx.workprec(EXACT):
        scores, sizes = U @ v, abs(U) @ abs(v)
    if pair.negatives is None:
        return naive_softmax(scores, sizes, pair.o, U, v)
    return negative_sampling(scores, sizes, [pair.o, *pair.negatives.tolist()], U, v)


def naive_softmax(z: Balls, t: Balls, o: int, U: Balls, v: Balls) -> tuple[Answer, Answer]:
    """-log yhat_o;  delta = yhat - y."""
    with ctx.workprec(EXACT):
        top = max(range(len(z)), key=lambda w: z[w])
        below, gap = z - z[top], z[top] - z[o]
    with ctx.workprec(WORKING):
        e = exp(below)
        others = np.array([total(e, without=w) for w in range(len(e))], dtype=object)
        yhat, rest = e / total(e), others / total(e)
        delta = yhat.copy()
        delta[o] = -rest[o]
        mean_size = np.array([total(yhat * t, without=w) for w in range(len(e))], dtype=object)
        beta = yhat * (t * rest + mean_size)
        loss = gap + log1p(others[top])
        return answers(loss, delta, abs(delta) + beta, loss + abs(delta) @ t, U, v)


def negative_sampling(
    z: Balls, t: Balls, draws: list[int], U: Balls, v: Balls
) -> tuple[Answer, Answer]:
    """The sum over draws of -log sigma(x), with x = z_o for o and x = -z_k for a sample k."""
    delta, weight, beta = (balls(np.zeros(len(z))) for _ in range(3))
    loss, loss_scale = arb(0), arb(0)
    with ctx.workprec(WORKING):
        for i, w in enumerate(draws):
            sign = 1 if i == 0 else -1
            x = sign * z[w]
            small = (-abs(x)).exp()
            right, wrong = 1 / (1 + small), small / (1 + small)
            missing = wrong if x > 0 else right
            term = small.log1p() + (0 if x > 0 else -x)
            delta[w] -= sign * missing
            weight[w] += missing
            beta[w] += right * wrong * t[w]
            loss += term
            loss_scale += term + missing * t[w]
        return answers(loss, delta, weight + beta, loss_scale, U, v)


def answers(
    loss: Any, delta: Balls, reach: Balls, loss_scale: Any, U: Balls, v: Balls
) -> tuple[Answer, Answer]:
    """Gradients from delta = dJ/dscores, and their scale from reach = |delta| + beta."""
    exact = Answer(loss, delta @ U, np.multiply.outer(delta, v))
    scale = Answer(loss_scale, reach @ abs(U), np.multiply.outer(reach, abs(v)))
    return exact, scale


def total(terms: Balls, without: int | None = None) -> Any:
    """A sum of positive terms, one of them left out: never a difference."""
    return sum((x for w, x in enumerate(terms) if w != without), arb(0))
