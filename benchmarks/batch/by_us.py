"""Our kernels, argument checks included: a batch, a pair, and a batch as a loop over pairs."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np

from benchmarks.batch.measure import Call, Contender, Problem, Result, Rows, Size
from generated import RowGrad, naive_softmax, negative_sampling


def softmax_one_by_one(problem: Problem) -> Call:
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


def sampling_one_by_one(problem: Problem) -> Call:
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
    for part, prepare in (("softmax", softmax_one_by_one), ("sampling", sampling_one_by_one))
}


def has_workspace() -> bool:
    """Whether the softmax batch takes a workspace of its caller's."""
    return hasattr(naive_softmax, "Workspace")


def softmax_workspace(size: Size) -> dict[str, Any]:
    """The keyword with a workspace for batches of this size."""
    return {"work": naive_softmax.Workspace(size.N, size.d, size.B, np.dtype(size.dtype))}


def softmax(problem: Problem, kernels: Any = naive_softmax) -> Call:
    """The batch, everything allocated anew."""
    arguments = (problem.V, problem.U, problem.centers, problem.outsides)
    return lambda: kernels.batch_value_and_grad(*arguments)


def softmax_reusing(problem: Problem, kernels: Any = naive_softmax) -> Call:
    """The batch in a workspace, which the first call makes: it counts as that call's memory."""
    arguments = (problem.V, problem.U, problem.centers, problem.outsides)
    work = cache(partial(softmax_workspace, problem.size))
    return lambda: kernels.batch_value_and_grad(*arguments, **work())


def sampling(problem: Problem, kernels: Any = negative_sampling) -> Call:
    """The batch."""
    arguments = (problem.V, problem.U, problem.centers, problem.outsides, problem.negatives)
    return lambda: kernels.batch_value_and_grad(*arguments)


def softmax_pair(problem: Problem, kernels: Any = naive_softmax) -> Call:
    """The first pair."""
    v_c, o, U = problem.V[problem.centers[0]], int(problem.outsides[0]), problem.U
    c = problem.centers[:1]
    return lambda: (c, *kernels.value_and_grad(v_c, o, U))


def sampling_pair(problem: Problem, kernels: Any = negative_sampling) -> Call:
    """The first pair."""
    v_c, o, U = problem.V[problem.centers[0]], int(problem.outsides[0]), problem.U
    c, negatives = problem.centers[:1], problem.negatives[0]
    return lambda: (c, *kernels.value_and_grad(v_c, o, U, negatives))


def read_batch(found: tuple[Any, RowGrad, Any], _: int) -> Result:
    """Row-sparse gradients under another name."""
    losses, grad_V, grad_U = found
    return Result(losses, Rows(*grad_V), Rows(*grad_U) if isinstance(grad_U, RowGrad) else grad_U)


def read_pair(found: tuple[Any, float, Any, Any], _: int) -> Result:
    """A batch of one."""
    c, loss, grad_v_c, grad_U = found
    return Result(np.array([loss], grad_U.dtype), Rows(c, grad_v_c[np.newaxis]), grad_U)


def _softmax() -> tuple[Contender, ...]:
    forms: dict[str, Any] = {"gives": "rows, dense", "read": read_batch, "ours": True}
    # scores, and what is made of them
    arrays: dict[str, Any] = {"entries": lambda size: 3 * size.B * size.N}
    allocating = Contender("ours", prepare=softmax, **forms, **arrays)
    reusing = Contender("ours, work=", prepare=softmax_reusing, **forms, **arrays)
    return (allocating, reusing) if has_workspace() else (allocating,)


CONTENDERS = {
    "softmax": (*_softmax(), *ONE_AT_A_TIME["softmax"]),
    "sampling": (
        Contender("ours", "rows, rows", sampling, read_batch, ours=True),
        *ONE_AT_A_TIME["sampling"],
    ),
    "softmax_pair": (Contender("ours", "rows, dense", softmax_pair, read_pair, ours=True),),
    "sampling_pair": (Contender("ours", "rows, dense", sampling_pair, read_pair, ours=True),),
}
