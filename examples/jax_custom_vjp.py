"""A generated batch kernel under ``jax.custom_vjp``: ``python -m examples.jax_custom_vjp``.

The kernel runs on the host, called back from compiled code, and its own gradients are the
derivative. JAX wants a cotangent of the shape of what it belongs to, so row-sparse gradients are
made dense. Reverse mode only, and once: a kernel has no second derivatives.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from examples.small_text import VOCABULARY, skip_gram_pairs
from generated import RowGrad, negative_sampling

try:
    import jax
except ModuleNotFoundError:
    sys.exit("this example needs jax: pip install '.[jax]'")

# else a callback on one core waits for ever for its arguments; has to be said before any array
jax.config.update("jax_cpu_enable_async_dispatch", False)

DIMENSION = 16
NEGATIVES = 5

# (V, U, words, ...) -> losses, gradient by V, gradient by U
Kernel = Callable[..., tuple[Any, Any, Any]]


def kernel_sum(kernel: Kernel) -> Callable[..., jax.Array]:
    """The sum of a batch's losses, to be called as ``(V, U, centers, outsides, ...)``.

    It is the sum and not the losses one by one, since a kernel's gradients are those of the sum.
    The words have to be in range: JAX leaves open what an error in a callback does.
    """

    def on_host(V: Any, U: Any, *words: Any) -> tuple[Any, ...]:
        losses, *gradients = kernel(*map(np.asarray, (V, U, *words)))
        return losses.sum(), *(dense(gradient, len(V)) for gradient in gradients)

    def forward(V: jax.Array, U: jax.Array, *words: jax.Array) -> tuple[Any, Any]:
        results = (jax.ShapeDtypeStruct((), V.dtype), V, U)  # their shapes and dtypes
        total, *gradients = jax.pure_callback(
            on_host, results, V, U, *words, vmap_method="sequential"
        )
        return total, (gradients, (None,) * len(words))

    def backward(kept: Any, incoming: jax.Array) -> tuple[Any, ...]:
        gradients, no_gradients = kept
        return *(incoming * gradient for gradient in gradients), *no_gradients

    total = jax.custom_vjp(lambda *arguments: forward(*arguments)[0])
    total.defvjp(forward, backward)
    return total


def dense(gradient: Any, N: int) -> Any:
    """The gradient by a matrix of ``N`` rows as an array."""
    return gradient.dense(N) if isinstance(gradient, RowGrad) else gradient


def main() -> None:
    """Some epochs, each one step on all pairs of a small text."""
    parser = argparse.ArgumentParser(prog="python -m examples.jax_custom_vjp", description=__doc__)
    parser.add_argument("--epochs", type=int, default=10, help="default 10")
    parser.add_argument("--seed", type=int, default=0, help="default 0")
    parser.add_argument("--rate", type=float, default=2.0, help="learning rate, default 2")
    options = parser.parse_args()
    jax.config.update("jax_enable_x64", True)
    rng = np.random.default_rng(options.seed)
    shape = (len(VOCABULARY), DIMENSION)
    parameters = jax.numpy.array(rng.normal(size=(2, *shape)))
    centers, outsides = skip_gram_pairs()
    summed = kernel_sum(negative_sampling.batch_value_and_grad)

    @jax.jit
    def step(parameters: jax.Array, negatives: jax.Array) -> tuple[jax.Array, jax.Array]:
        def mean(both: jax.Array) -> jax.Array:
            return summed(*both, centers, outsides, negatives) / len(centers)

        loss, gradient = jax.value_and_grad(mean)(parameters)
        return parameters - options.rate * gradient, loss

    for epoch in range(1, options.epochs + 1):
        negatives = rng.integers(len(VOCABULARY), size=(len(centers), NEGATIVES))
        parameters, loss = step(parameters, negatives)
        print(f"epoch {epoch}: loss {loss:.4f} a pair")


if __name__ == "__main__":
    main()
