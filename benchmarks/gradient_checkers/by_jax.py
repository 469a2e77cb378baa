"""`jax.test_util.check_grads` in reverse mode, on a custom_vjp around the kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.kernel import Kernel, points, value_and_grads

NAME = "jax.test_util.check_grads"


def load() -> None:
    """ModuleNotFoundError where JAX is missing. Turns double precision on."""
    import jax

    jax.config.update("jax_enable_x64", True)


def catches(kernel: Kernel, count: int, seed: int) -> str:
    """What check_grads says of any point; empty where it is content with all."""
    import jax
    from jax.test_util import check_grads

    function, subject = kernel.make(), kernel.subject
    for words, floats in points(subject, count, seed):

        def run(*parts: Any, words: Any = words) -> Any:
            arrays = [np.array(part) for part in parts]
            value, gradients = value_and_grads(function, subject, words, arrays)
            return np.asarray(value), tuple(map(np.asarray, gradients))

        @jax.custom_vjp
        def loss(*parts: Any, run: Any = run) -> Any:
            return run(*parts)[0]

        def forward(*parts: Any, run: Any = run) -> Any:
            value, gradients = run(*parts)
            return jax.numpy.asarray(value), tuple(map(jax.numpy.asarray, gradients))

        def backward(gradients: Any, by: Any) -> Any:
            return tuple(by * each for each in gradients)

        loss.defvjp(forward, backward)
        try:
            check_grads(loss, tuple(map(jax.numpy.asarray, floats)), order=1, modes=["rev"])
        except AssertionError as error:
            return next((line for line in str(error).splitlines() if line.strip()), "differs")
    return ""
