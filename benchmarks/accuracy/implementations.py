"""What is measured: two scalar functions, and loss and gradients of one pair, by each library.

A library is imported when it is asked for: ModuleNotFoundError where it is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import generated
from generated._sigmoid import log_sigmoid, sigmoid
from tests.kernels.cases import Floats, Pair, Result, value_and_grad

DTYPES = (np.dtype(np.float64), np.dtype(np.float32))


@dataclass(frozen=True)
class Implementation:
    """One library. Every function keeps the dtype of what it is given."""

    name: str
    sigmoid: Callable[[Floats], Floats]
    log_sigmoid: Callable[[Floats], Floats]
    value_and_grad: Callable[[Pair], Result]

    @property
    def scalars(self) -> dict[str, Callable[[Floats], Floats]]:
        """The scalar functions by name."""
        return {"sigmoid": self.sigmoid, "log_sigmoid": self.log_sigmoid}


OURS = "generated"


def of_generated() -> Implementation:
    """The kernels of this project."""
    return Implementation(OURS, sigmoid, log_sigmoid, _of_pair)


def _of_pair(pair: Pair) -> Result:
    return value_and_grad(generated, pair)


def of_scipy() -> Implementation:
    """SciPy: its stable special functions of the scores, and the gradients as one writes them."""
    from scipy.special import expit, log_expit, log_softmax, softmax

    def of_pair(pair: Pair) -> Result:
        if pair.negatives is None:
            scores = pair.U @ pair.v
            error = softmax(scores)
            error[pair.o] -= 1
            loss = -log_softmax(scores)[pair.o]
            return Result(loss, pair.U.T @ error, np.outer(error, pair.v))
        u_o, u_k = pair.U[pair.o], pair.U[pair.negatives]
        score, sample_scores = u_o @ pair.v, u_k @ pair.v
        push, pulls = expit(-score), expit(sample_scores)
        grad_U = np.zeros_like(pair.U)
        grad_U[pair.o] -= push * pair.v
        np.add.at(grad_U, pair.negatives, np.outer(pulls, pair.v))
        loss = -log_expit(score) - log_expit(-sample_scores).sum()
        return Result(loss, u_k.T @ pulls - push * u_o, grad_U)

    return Implementation("scipy", expit, log_expit, of_pair)


def of_torch() -> Implementation:
    """PyTorch: cross_entropy and logsigmoid, differentiated by autograd, on the CPU."""
    import torch
    from torch.nn.functional import cross_entropy, logsigmoid

    def on_arrays(function: Callable[[Any], Any]) -> Callable[[Floats], Floats]:
        return lambda x: function(torch.tensor(x)).numpy()

    def of_pair(pair: Pair) -> Result:
        U, v = torch.tensor(pair.U, requires_grad=True), torch.tensor(pair.v, requires_grad=True)
        if pair.negatives is None:
            loss = cross_entropy((U @ v)[None], torch.tensor([pair.o]))
        else:
            samples = U[torch.tensor(pair.negatives)]
            loss = -logsigmoid(U[pair.o] @ v) - logsigmoid(-(samples @ v)).sum()
        loss.backward()
        return Result(loss.item(), v.grad.numpy(), U.grad.numpy())

    return Implementation("torch", on_arrays(torch.sigmoid), on_arrays(logsigmoid), of_pair)


def of_jax() -> Implementation:
    """JAX: log_softmax and log_sigmoid, differentiated and compiled, with double precision on."""
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

    def of_pair(pair: Pair) -> Result:
        loss, sampled = (softmax, ()) if pair.negatives is None else (sampling, (pair.negatives,))
        value, (grad_v, grad_U) = loss(pair.v, pair.U, pair.o, *sampled)
        return Result(value, np.asarray(grad_v), np.asarray(grad_U))

    return Implementation("jax", on_arrays(jax.nn.sigmoid), on_arrays(jax.nn.log_sigmoid), of_pair)


LIBRARIES = {OURS: of_generated, "scipy": of_scipy, "torch": of_torch, "jax": of_jax}


def installed(without: list[str]) -> tuple[list[Implementation], list[str]]:
    """What was loaded, and a message for each library that is missing."""
    loaded: list[Implementation] = []
    missing: list[str] = []
    for name, load in LIBRARIES.items():
        if name in without:
            continue
        try:
            loaded.append(load())
        except ModuleNotFoundError:
            missing.append(f"{name} is not installed: pip install {name}")
    return loaded, missing
