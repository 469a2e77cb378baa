"""Gradients of the losses as specified, by differences: the gradient formulas are not used.

At 1,600 bits neither cancellation nor overflow is left, so the losses are written exactly
as they are defined, and a step of 2^-100 leaves a truncation error of about 2^-200.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from flint import acb, arb, ctx

from tests.kernels.cases import Pair
from tests.kernels.oracle import Answer, Balls, balls

BITS = 1600
STEP = 2.0**-100
IMAGINARY_STEP = acb(0, STEP)

Derivative = Callable[[Callable[[Any], Any], Any], Any]


def specified_loss(v: Balls, o: int, U: Balls, negatives: list[int] | None) -> Any:
    """-log(exp(z_o) / sum exp(z_w)), or -log sigma(z_o) - sum over k of log sigma(-z_k)."""
    z = U @ v
    if negatives is None:
        return -(z[o].exp() / sum(x.exp() for x in z)).log()
    return -log_sigmoid(z[o]) - sum(log_sigmoid(-z[k]) for k in negatives)


def log_sigmoid(x: Any) -> Any:
    return (1 / (1 + (-x).exp())).log()


def central_difference(f: Callable[[Any], Any], x: Any) -> Any:
    return (f(x + STEP) - f(x - STEP)) / (2 * STEP)


def complex_step(f: Callable[[Any], Any], x: Any) -> Any:
    return f(acb(x) + IMAGINARY_STEP).imag / STEP


@lru_cache(maxsize=10_000)
def differentiated(pair: Pair, derivative: Derivative) -> Answer:
    """The specified loss and its derivative by every entry of v and of U."""
    U, v = balls(pair.U), balls(pair.v)
    negatives = None if pair.negatives is None else pair.negatives.tolist()

    def slope(array: Balls, at: tuple[int, ...]) -> Any:
        def moved(x: Any) -> Any:
            before = array[at]
            array[at] = x
            value = specified_loss(v, pair.o, U, negatives)
            array[at] = before
            return value

        return derivative(moved, array[at])

    with ctx.workprec(BITS):
        loss: arb = specified_loss(v, pair.o, U, negatives)
        return Answer(loss, everywhere(slope, v), everywhere(slope, U))


def everywhere(slope: Callable[[Balls, tuple[int, ...]], Any], array: Balls) -> Balls:
    out = np.empty(array.shape, dtype=object)
    for at in np.ndindex(array.shape):
        out[at] = slope(array, at)
    return out
