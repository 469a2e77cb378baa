"""HIPS autograd: losses of gathered rows are differentiated, repeated rows summed by SciPy."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp
from autograd.scipy.special import logsumexp

from benchmarks.batch.by_scipy import one_each
from benchmarks.batch.measure import Call, Contender, Problem, Result


def softmax(problem: Problem) -> Call:
    """Product, log of a sum of exponentials."""
    V, U, centers, outsides = problem.V, problem.U, problem.centers, problem.outsides
    pairs = np.arange(len(centers))

    def losses_of(v: Any, U: Any) -> Any:
        scores = anp.dot(v, U.T)
        return logsumexp(scores, axis=1) - scores[pairs, outsides]

    taken = make_vjp(losses_of, (0, 1))

    def call() -> Result:
        pull_back, losses = taken(V[centers], U)
        grad_v, grad_U = pull_back(np.ones_like(losses))
        return Result(losses, one_each(centers, grad_v), grad_U)

    return call


def sampling(problem: Problem) -> Call:
    """Batched products, log-sigmoids."""
    V, U, centers = problem.V, problem.U, problem.centers
    signs = np.full(1 + problem.size.K, -1, U.dtype)
    signs[0] = 1

    def losses_of(v: Any, u: Any) -> Any:
        scores = anp.matmul(u, v[:, :, np.newaxis])[:, :, 0]
        return anp.sum(anp.logaddexp(anp.zeros_like(signs), -scores * signs), axis=1)

    taken = make_vjp(losses_of, (0, 1))

    def call() -> Result:
        words = np.column_stack([problem.outsides, problem.negatives])
        pull_back, losses = taken(V[centers], U[words])
        grad_v, grad_u = pull_back(np.ones_like(losses))
        by_words = one_each(words.ravel(), grad_u.reshape(-1, U.shape[1]))
        return Result(losses, one_each(centers, grad_v), by_words)

    return call


CONTENDERS = {
    "softmax": (
        Contender(
            "HIPS autograd",
            "rows, dense",
            softmax,
            entries=lambda size: 6 * size.B * size.N,
        ),
    ),
    "sampling": (Contender("HIPS autograd", "rows, rows", sampling),),
}
