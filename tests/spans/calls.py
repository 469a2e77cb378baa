"""Calls of the kernels of blocks, of the package `generated` or of one with a fault in it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from tests.spans.case import Blocks, Floats


class Result(NamedTuple):
    """What a kernel returned, gradients made dense."""

    loss: Any
    grad_V: Floats
    grad_U: Floats


@contextmanager
def quiet() -> Iterator[None]:
    """Whether a kernel warns is a property of its own."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def raw(kernels: Any, case: Blocks) -> tuple[Any, Any, Any]:
    """The kernel's own return value, warnings left alone."""
    loss, grad_V, grad_U = kernels.spans.value_and_grad(**case.arguments())
    return loss, grad_V, grad_U


def value_and_grad(kernels: Any, case: Blocks) -> Result:
    with quiet():
        loss, grad_V, grad_U = raw(kernels, case)
        return Result(loss, grad_V.dense(len(case.V)), grad_U.dense(len(case.U)))


def loss(kernels: Any, case: Blocks) -> Any:
    with quiet():
        return kernels.spans.loss(**case.arguments())


def step(kernels: Any, case: Blocks, rate: Any) -> None:
    """Changes V and U of the case."""
    with quiet():
        assert kernels.spans.sgd_step(**case.arguments(), rate=rate) is None
