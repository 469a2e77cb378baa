"""What both losses share as functions of the scores: one coefficient a word, and convexity."""

from dataclasses import replace
from typing import Any

import numpy as np
from flint import arb

from tests.kernels.calls import Kernels, value_and_grad
from tests.kernels.cases import Floats, Pair
from tests.kernels.oracle import balls
from tests.kernels.promise import allowed, assert_close, exactly
from tests.kernels.properties.symmetries import known


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
