"""The batch as a loop over our kernels for one pair, gradients added up."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.batch.contender import Call, Contender, Result
from benchmarks.batch.problem import Problem
from benchmarks.batch.size import Size
from generated import naive_softmax, negative_sampling


def softmax(problem: Problem) -> Call:
    """One softmax a pair."""
    V, U = problem.V, problem.U

    def call() -> Result:
        losses = np.empty(len(problem.centers), U.dtype)
        grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)
        for b, (c, o) in enumerate(zip(problem.centers, problem.outsides, strict=True)):
            losses[b], grad_v_c, by_U = naive_softmax.value_and_grad(V[c], o, U)
            grad_V[c] += grad_v_c
            grad_U += by_U
        return Result(losses, grad_V, grad_U)

    return call


def sampling(problem: Problem) -> Call:
    """One pair with its negatives at a time."""
    V, U = problem.V, problem.U
    pairs = list(zip(problem.centers, problem.outsides, problem.negatives, strict=True))

    def call() -> Result:
        losses = np.empty(len(pairs), U.dtype)
        grad_V, grad_U = np.zeros_like(V), np.zeros_like(U)
        for b, (c, o, drawn) in enumerate(pairs):
            losses[b], grad_v_c, by_U = negative_sampling.value_and_grad(V[c], o, U, drawn)
            grad_V[c] += grad_v_c
            grad_U += by_U
        return Result(losses, grad_V, grad_U)

    return call


def _dense_gradients(size: Size) -> float:
    return size.B * size.N * size.d


def _as_it_is(found: Any, _: int) -> Result:
    return found


ONE_AT_A_TIME = {
    part: (Contender("one at a time", "dense, dense", prepare, _as_it_is, writes=_dense_gradients),)
    for part, prepare in (("softmax", softmax), ("sampling", sampling))
}
