"""Training in JAX by a proved gradient: ``python -m examples.jax_custom_vjp``.

`generated.jax` has the kernels as pure functions of `jax.numpy`; its losses are differentiated by
the gradients that are proved. So they go into anything that JAX transforms and compiles.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from examples.small_text import VOCABULARY, skip_gram_pairs

try:
    import jax
except ModuleNotFoundError:
    sys.exit("this example needs jax: pip install '.[jax]'")

from generated.jax import negative_sampling

DIMENSION = 16
NEGATIVES = 5


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

    @jax.jit
    def step(parameters: jax.Array, negatives: jax.Array) -> tuple[jax.Array, jax.Array]:
        def mean(both: jax.Array) -> jax.Array:
            total = negative_sampling.batch_loss(*both, centers, outsides, negatives)
            return total / len(centers)

        loss, gradient = jax.value_and_grad(mean)(parameters)
        return parameters - options.rate * gradient, loss

    for epoch in range(1, options.epochs + 1):
        negatives = rng.integers(len(VOCABULARY), size=(len(centers), NEGATIVES))
        parameters, loss = step(parameters, negatives)
        print(f"epoch {epoch}: loss {loss:.4f} a pair")


if __name__ == "__main__":
    main()
