"""Correct implementations, which no checker may accuse. Those of libraries where installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import generated
from benchmarks.gradient_checkers.kernel import Kernel
from benchmarks.gradient_checkers.planted import CORRECT_STEPS
from benchmarks.gradient_checkers.subject import (
    BATCH,
    SAMPLING,
    SAMPLING_BATCH,
    SAMPLING_WINDOW,
    SOFTMAX,
    WINDOW,
    Subject,
)


def correct() -> Iterator[Kernel]:
    """Kernels of this project, plain NumPy, SciPy, and the other libraries' own derivatives."""
    ours = (
        ("naive_softmax", generated.naive_softmax.value_and_grad, SOFTMAX),
        ("negative_sampling", generated.negative_sampling.value_and_grad, SAMPLING),
        ("window of naive_softmax", generated.skip_gram.naive_softmax_value_and_grad, WINDOW),
        (
            "window of negative_sampling",
            generated.skip_gram.negative_sampling_value_and_grad,
            SAMPLING_WINDOW,
        ),
        ("batch of naive_softmax", generated.naive_softmax.batch_value_and_grad, BATCH),
        ("batch of negative_sampling", generated.negative_sampling.batch_value_and_grad,
         SAMPLING_BATCH),
    )  # fmt: skip
    for name, function, subject in ours:
        yield Kernel(f"generated: {name}", "", subject, lambda function=function: function)
    for kernel in CORRECT_STEPS:
        yield Kernel(f"NumPy: {kernel.what[:40]}", "", kernel.subject, kernel.make)
    yield Kernel("SciPy: expit, log_expit", "", SAMPLING, lambda: _by_scipy, ordinary=True)
    for library in ("torch", "jax"):
        for subject in (SOFTMAX, SAMPLING):
            made = _of_library(library, subject)
            name = f"{library}: {subject.claim}"
            yield Kernel(name, "", subject, lambda made=made: made, ordinary=True)


def _by_scipy(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
    from scipy.special import expit, log_expit

    u_o, u_k = U[o], U[negatives]
    score, sample_scores = u_o @ v_c, u_k @ v_c
    grad_U = np.zeros_like(U)
    grad_U[o] -= expit(-score) * v_c
    np.add.at(grad_U, negatives, np.outer(expit(sample_scores), v_c))
    loss = -log_expit(score) - log_expit(-sample_scores).sum()
    return loss, u_k.T @ expit(sample_scores) - expit(-score) * u_o, grad_U


def _of_library(library: str, subject: Subject) -> Callable[..., Any]:
    """What `benchmarks.accuracy` measures, called like the kernels."""
    from benchmarks.accuracy import by_jax, by_torch
    from tests.kernels.cases import Pair

    made: list[Any] = []

    def kernel(v_c: Any, o: int, U: Any, negatives: Any = None) -> Any:
        if not made:
            made.append((by_torch if library == "torch" else by_jax).load())
        drawn = None if negatives is None else np.array(negatives)
        arrays = (np.array(v_c), o, np.array(U), drawn)
        return tuple(made[0].value_and_grad(Pair(*arrays)))

    if subject is SOFTMAX:
        return lambda v_c, o, U: kernel(v_c, o, U)
    return kernel
