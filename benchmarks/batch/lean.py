"""The leanest NumPy for a single pair: nothing is checked, nothing done for accuracy alone."""

from __future__ import annotations

import numpy as np

from benchmarks.batch.contender import Call, Contender, Result, Rows
from benchmarks.batch.problem import Problem


def softmax(problem: Problem) -> Call:
    """The shifted softmax."""
    v, o, U, c = problem.V[problem.centers[0]], problem.outsides[0], problem.U, problem.centers[:1]

    def call() -> Result:
        scores = U @ v
        scores -= scores.max()
        picked = scores[o]
        np.exp(scores, out=scores)
        total = scores.sum()
        scores /= total
        scores[o] -= 1
        return Result(np.log(total) - picked, Rows(c, scores @ U), scores[:, np.newaxis] * v)

    return call


def sampling(problem: Problem) -> Call:
    """Not stable: the exponential of a score overflows above 709, or 88 in float32."""
    v, o, U, c = problem.V[problem.centers[0]], problem.outsides[0], problem.U, problem.centers[:1]
    negatives = problem.negatives[0]

    def call() -> Result:
        words = np.concatenate(([o], negatives))
        u = U[words]
        growth = u @ v
        growth[0] *= -1
        np.exp(growth, out=growth)
        loss = np.log1p(growth).sum()
        growth /= 1 + growth
        growth[0] *= -1
        grad_U = np.zeros_like(U)
        for word, row in zip(words.tolist(), growth[:, np.newaxis] * v, strict=True):
            grad_U[word] += row
        return Result(loss, Rows(c, growth @ u), grad_U)

    return call


def _pair(found: Result, _: int) -> Result:
    losses, (c, grad_v_c), grad_U = found
    return Result(np.reshape(losses, 1), Rows(c, grad_v_c[np.newaxis]), grad_U)


LEAN = {
    "softmax_pair": (Contender("leanest NumPy", "rows, dense", softmax, _pair),),
    "sampling_pair": (Contender("leanest NumPy", "rows, dense", sampling, _pair),),
}
