"""One way to call every kernel: a case in, a dense result out.

`Kernels` is whatever has the interface of the package `generated`: that package, or a mutant.
"""

import warnings
from typing import Any, NamedTuple, Protocol

import numpy as np

from tests.kernels.cases import Batch, Case, Floats, Pair, Window


class Kernels(Protocol):
    naive_softmax: Any
    negative_sampling: Any
    skip_gram: Any
    RowGrad: Any


class Result(NamedTuple):
    """What a kernel returned; row-sparse gradients made dense."""

    loss: Any
    grad_v: Floats
    grad_U: Floats


def raw(kernels: Kernels, case: Case) -> tuple[Any, Any, Any]:
    """The kernel's own return value, warnings left alone."""
    sampled = () if case.negatives is None else (case.negatives,)
    if isinstance(case, Pair):
        module = kernels.naive_softmax if case.negatives is None else kernels.negative_sampling
        out = module.value_and_grad(case.v, case.o, case.U, *sampled)
    elif isinstance(case, Window):
        function = (
            kernels.skip_gram.naive_softmax_value_and_grad
            if case.negatives is None
            else kernels.skip_gram.negative_sampling_value_and_grad
        )
        out = function(case.c, case.outside, case.V, case.U, *sampled)
    else:
        module = kernels.naive_softmax if case.negatives is None else kernels.negative_sampling
        out = module.batch_value_and_grad(case.V, case.U, case.centers, case.outsides, *sampled)
    loss, grad_v, grad_U = out
    return loss, grad_v, grad_U


def value_and_grad(kernels: Kernels, case: Case) -> Result:
    """Loss and both gradients; whether the kernel warns is a property of its own."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss, grad_v, grad_U = raw(kernels, case)
        if isinstance(case, Batch):
            return Result(loss, dense(grad_v, len(case.V)), dense(grad_U, len(case.U)))
        return Result(loss, grad_v, grad_U)


def loss(kernels: Kernels, pair: Pair) -> Any:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return raw_loss(kernels, pair)


def raw_loss(kernels: Kernels, pair: Pair) -> Any:
    if pair.negatives is None:
        return kernels.naive_softmax.loss(pair.v, pair.o, pair.U)
    return kernels.negative_sampling.loss(pair.v, pair.o, pair.U, pair.negatives)


def dense(gradient: Any, N: int) -> Floats:
    """Row-sparse or dense, as the loss has it."""
    rows: Floats = gradient.dense(N) if hasattr(gradient, "dense") else gradient
    return rows


def arrays(returned: tuple[Any, Any, Any]) -> list[Floats]:
    """Every array that a kernel handed over."""
    found = []
    for part in returned:
        if hasattr(part, "dense"):
            found += [part.rows, part.values]
        elif isinstance(part, np.ndarray):
            found.append(part)
    return found
