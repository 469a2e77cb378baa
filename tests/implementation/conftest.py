"""Small kernels to check: right ones of every subject, and ones with a single mistake each.

What is right of an input is worked out once, however many functions are tried on it, and a claim is
judged once.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pytest

from derivations import CheckReport, check_kernel
from derivations.claim import Claim, Judgement
from derivations.implementation import kernel_check, known_subjects
from derivations.implementation.exact import expected
from derivations.implementation.inputs import Case
from derivations.implementation.large import at_once
from derivations.implementation.question import Problem
from derivations.proof.judge import judge

Array = Any


def quick(function: Any, claim: Any, *more: Any, **options: Any) -> CheckReport:
    """A check in float64 without further random inputs, unless told otherwise."""
    usual: dict[str, Any] = {"dtypes": ["float64"], "count": 0, "blocks": False}
    return check_kernel(function, claim, *more, **usual | options)


def sigmoid(x: Array) -> Array:
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, np.ones_like(e), e) / (1 + e)


def rows(v_c: Array, o: int, U: Array, negatives: Array) -> Array:
    """The gradient of negative sampling by U, right."""
    grad = np.zeros_like(U)
    grad[o] -= sigmoid(-(U[o] @ v_c)) * v_c
    np.add.at(grad, negatives, np.outer(sigmoid(U[negatives] @ v_c), v_c))
    return grad


def buffered(v_c: Array, o: int, U: Array, negatives: Array) -> Array:
    """The same with the duplicates of a list dropped."""
    grad = np.zeros_like(U)
    grad[o] -= sigmoid(-(U[o] @ v_c)) * v_c
    grad[negatives] += np.outer(sigmoid(U[negatives] @ v_c), v_c)
    return grad


def softmax(v_c: Array, o: int, U: Array) -> Any:
    """Loss and gradients of naive softmax in plain, stable NumPy."""
    z = U @ v_c
    top = int(z.argmax())
    e = np.exp(z - z[top])
    error = e / e.sum()
    error[o] = -np.delete(e, o).sum() / e.sum()
    loss = (z[top] - z[o]) + np.log1p(np.delete(e, top).sum())
    return loss, U.T @ error, np.outer(error, v_c)


def softplus(x: Array) -> Array:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def logistic(X: Array, t: Array, w: Array) -> Any:
    """Bits as targets."""
    z, s = X @ w, 2 * t - 1
    return softplus(-s * z).sum(), X.T @ (-s * sigmoid(-s * z))


def logistic_by_signs(X: Array, t: Array, w: Array, b: Any, lam: Any) -> Any:
    z = t * (X @ w + b)
    g = -t * sigmoid(-z)
    return softplus(-z).sum() + lam * (w @ w) / 2, X.T @ g + lam * w, g.sum()


def logistic_hessian(X: Array, t: Array, w: Array) -> Array:
    z = X @ w
    return (X * (sigmoid(z) * sigmoid(-z))[:, None]).T @ X


def regression(X: Array, classes: Array, W: Array) -> Any:
    grad = np.zeros_like(W)
    loss = W.dtype.type(0)
    for x, k in zip(X, classes, strict=True):
        each, _, by_rows = softmax(x, int(k), W)
        loss, grad = loss + each, grad + by_rows
    return loss, grad


def network(x: Array, t: Array, V: Array, b: Array, W: Array, c: Array) -> Any:
    a = V @ x + b
    z = np.tanh(a)
    d = W @ z + c - t
    e = W.T @ d / np.cosh(a) ** 2
    return d @ d / 2, np.outer(e, x), e, np.outer(d, z), d


def relu_network(x: Array, label: int, V: Array, b: Array, W: Array, c: Array) -> Any:
    a = V @ x + b
    z = np.maximum(a, 0)
    loss, _, by_rows = softmax(np.concatenate([z, np.ones(1, z.dtype)]), label,
                               np.column_stack([W, c]))  # fmt: skip
    by_z = W.T @ by_rows[:, -1]
    e = np.where(a > 0, by_z, 0).astype(x.dtype)
    return loss, np.outer(e, x), e, by_rows[:, :-1], by_rows[:, -1]


def normalised(x: Array, epsilon: Any) -> Any:
    apart = x - x.mean()
    scale = np.sqrt((apart * apart).mean() + epsilon)
    return apart / scale, scale


def normalisation(x: Array, gamma: Array, beta: Array, epsilon: Any) -> Array:
    return gamma * normalised(x, epsilon)[0] + beta


def normalisation_backwards(u: Array, x: Array, gamma: Array, epsilon: Any) -> Any:
    hat, scale = normalised(x, epsilon)
    g = u * gamma
    return (g - g.mean() - hat * (g * hat).mean()) / scale, u * hat


def weights(Q: Array, K: Array) -> Array:
    z = Q @ K.T * Q.dtype.type(Q.shape[1] ** -0.5)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def attention(Q: Array, K: Array, V: Array) -> Array:
    """One over the root of d is its own."""
    return weights(Q, K) @ V


def attention_backwards(G: Array, Q: Array, K: Array, V: Array) -> Any:
    P, D = weights(Q, K), G @ V.T
    E = P * (D - (P * D).sum(axis=1, keepdims=True)) * Q.dtype.type(Q.shape[1] ** -0.5)
    return E @ K, E.T @ Q, P.T @ G


def divergence(mu: Array, rho: Array) -> Any:
    return (np.expm1(rho) - rho + mu * mu).sum() / 2, mu.copy(), np.expm1(rho) / 2


def divergence_from_prior(mu: Array, sigma: Array, m: Array, s: Array) -> Any:
    loss = (np.log(s / sigma) + (sigma**2 + (mu - m) ** 2) / (2 * s * s) - 0.5).sum()
    return loss, (mu - m) / s**2, (sigma**2 - s**2) / (sigma * s * s)


KNOWN: dict[Hashable, Any] = {}


def remembered(problem: Problem, case: Case) -> Any:
    key = ("small", *described(problem, case))
    if key not in KNOWN:
        KNOWN[key] = expected(problem, case)
    return KNOWN[key]


def remembered_large(problem: Problem, case: Case) -> Any:
    key = ("large", *described(problem, case))
    if key not in KNOWN:
        KNOWN[key] = at_once(problem, case)
    return KNOWN[key]


def described(problem: Problem, case: Case) -> tuple[Hashable, ...]:
    values = ((name, contents(value)) for name, value in case.values.items())
    return (problem, np.dtype(case.dtype), *case.sizes.items(), *values)


def contents(value: Any) -> Hashable:
    array = np.asarray(value)
    return array.dtype, array.shape, array.tobytes()


def judged_once(claim: Claim) -> Judgement:
    if claim not in KNOWN:
        KNOWN[claim] = judge(claim)
    found: Judgement = KNOWN[claim]
    return found


@pytest.fixture(autouse=True)
def _answers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_subjects, "judge", judged_once)
    monkeypatch.setattr(kernel_check, "expected", remembered)
    monkeypatch.setattr(kernel_check, "at_once", remembered_large)
