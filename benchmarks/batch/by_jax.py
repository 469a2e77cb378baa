"""JAX, jitted: gradients by gathered rows, added up in the same compiled function.

Its arrays have fixed sizes, so that a list of distinct rows is padded to one row for each word
drawn. Finding the distinct words costs it more than a whole gradient where N is small; negative
sampling is measured both ways.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.batch.measure import Call, Contender, Gradient, Problem, Result, Rows

jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_enable_x64", True)


@jax.jit
def softmax(V: Any, U: Any, centers: Any, outsides: Any) -> tuple[Any, ...]:
    """Product, log of a sum of exponentials."""

    def total(v: Any, U: Any) -> tuple[Any, Any]:
        scores = v @ U.T
        picked = jnp.take_along_axis(scores, outsides[:, None], axis=1)[:, 0]
        losses = jax.nn.logsumexp(scores, axis=1) - picked
        return losses.sum(), losses

    (_, losses), (grad_v, grad_U) = jax.value_and_grad(total, (0, 1), has_aux=True)(V[centers], U)
    return losses, summed(centers, grad_v, len(V)), grad_U


@jax.jit
def sampling_rows(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> tuple[Any, ...]:
    """Gradients by the gathered rows, then the distinct ones."""
    words = jnp.column_stack([outsides, negatives])
    take = jax.value_and_grad(sampling_total, (0, 1), has_aux=True)
    (_, losses), (grad_v, grad_u) = take(V[centers], U[words])
    by_words = summed(words.ravel(), grad_u.reshape(-1, U.shape[1]), len(U))
    return losses, summed(centers, grad_v, len(V)), by_words


@jax.jit
def sampling_dense(V: Any, U: Any, centers: Any, outsides: Any, negatives: Any) -> tuple[Any, ...]:
    """Gradients by V and U as they come."""
    words = jnp.column_stack([outsides, negatives])

    def total(V: Any, U: Any) -> tuple[Any, Any]:
        return sampling_total(V[centers], U[words])

    (_, losses), (grad_V, grad_U) = jax.value_and_grad(total, (0, 1), has_aux=True)(V, U)
    return losses, grad_V, grad_U


def sampling_total(v: Any, u: Any) -> tuple[Any, Any]:
    """The summed loss of gathered rows, outside words first, and each loss."""
    scores = jnp.einsum("bkd,bd->bk", u, v)
    losses = -jax.nn.log_sigmoid(scores.at[:, 1:].multiply(-1)).sum(axis=1)
    return losses.sum(), losses


def summed(words: Any, values: Any, N: int) -> tuple[Any, Any]:
    """The distinct words, padded with N, and a row for each."""
    rows, place = jnp.unique(words, return_inverse=True, size=len(words), fill_value=N)
    return rows, jnp.zeros_like(values).at[place].add(values)


def _prepared(function: Any, sampled: bool) -> Any:
    def prepare(problem: Problem) -> Call:
        words = (problem.centers, problem.outsides, problem.negatives)[: 2 + sampled]
        arguments = [jnp.asarray(each) for each in (problem.V, problem.U, *words)]
        function.lower(*arguments).compile()
        return lambda: jax.block_until_ready(function(*arguments))

    return prepare


def _read(found: tuple[Any, ...], _: int) -> Result:
    losses, grad_V, grad_U = found
    return Result(np.asarray(losses), _gradient(grad_V), _gradient(grad_U))


def _gradient(found: Any) -> Gradient:
    return Rows(*map(np.asarray, found)) if isinstance(found, tuple) else np.asarray(found)


CONTENDERS = {
    "softmax": (
        Contender(
            "jax.jit",
            "rows, dense",
            _prepared(softmax, sampled=False),
            _read,
            entries=lambda size: 3 * size.B * size.N,
        ),
    ),
    "sampling": (
        Contender("jax.jit, rows", "rows, rows", _prepared(sampling_rows, sampled=True), _read),
        Contender(
            "jax.jit, dense",
            "dense, dense",
            _prepared(sampling_dense, sampled=True),
            _read,
            entries=lambda size: 4 * size.N * size.d,
        ),
    ),
}
