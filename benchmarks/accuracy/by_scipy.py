"""SciPy: its stable special functions of the scores, and the gradients as one writes them."""

from __future__ import annotations

import numpy as np

from benchmarks.accuracy.implementation import Implementation
from tests.kernels.cases import Pair, Result

NAME = "scipy"


def load() -> Implementation:
    """ModuleNotFoundError where SciPy is missing."""
    from scipy.special import expit, log_expit, log_softmax, softmax

    def value_and_grad(pair: Pair) -> Result:
        if pair.negatives is None:
            scores = pair.U @ pair.v
            error = softmax(scores)
            error[pair.o] -= 1
            loss = -log_softmax(scores)[pair.o]
            return Result(loss, pair.U.T @ error, np.outer(error, pair.v))
        u_o, u_k = pair.U[pair.o], pair.U[pair.negatives]
        score, sample_scores = u_o @ pair.v, u_k @ pair.v
        push, pulls = expit(-score), expit(sample_scores)
        grad_U = np.zeros_like(pair.U)
        grad_U[pair.o] -= push * pair.v
        np.add.at(grad_U, pair.negatives, np.outer(pulls, pair.v))
        loss = -log_expit(score) - log_expit(-sample_scores).sum()
        return Result(loss, u_k.T @ pulls - push * u_o, grad_U)

    return Implementation(NAME, expit, log_expit, value_and_grad)
