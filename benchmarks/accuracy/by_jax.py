"""JAX: log_softmax and log_sigmoid, differentiated and compiled, on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.accuracy.implementation import Implementation
from tests.kernels.cases import Floats, Pair, Result

NAME = "jax"


def load() -> Implementation:
    """ModuleNotFoundError where JAX is missing. Turns double precision on."""
    import jax

    jax.config.update("jax_enable_x64", True)

    def naive_softmax(v: Any, U: Any, o: int) -> Any:
        return -jax.nn.log_softmax(U @ v)[o]

    def negative_sampling(v: Any, U: Any, o: int, negatives: Any) -> Any:
        samples = -(U[negatives] @ v)
        return -jax.nn.log_sigmoid(U[o] @ v) - jax.nn.log_sigmoid(samples).sum()

    softmax, sampling = (
        jax.jit(jax.value_and_grad(loss, argnums=(0, 1)))
        for loss in (naive_softmax, negative_sampling)
    )

    def on_arrays(function: Callable[[Any], Any]) -> Callable[[Floats], Floats]:
        return lambda x: np.asarray(function(x))

    def value_and_grad(pair: Pair) -> Result:
        loss, sampled = (softmax, ()) if pair.negatives is None else (sampling, (pair.negatives,))
        value, (grad_v, grad_U) = loss(pair.v, pair.U, pair.o, *sampled)
        return Result(value, np.asarray(grad_v), np.asarray(grad_U))

    return Implementation(
        NAME, on_arrays(jax.nn.sigmoid), on_arrays(jax.nn.log_sigmoid), value_and_grad
    )
