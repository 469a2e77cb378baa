"""Subjects with roots, hyperbolic tangents, signs and pi: right kernels pass, wrong ones do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.implementation import Kind
from tests.implementation import layers
from tests.implementation.kernels import quick

RIGHT: dict[str, tuple[Any, dict[str, Any]]] = {
    "logistic_regression": (layers.logistic, {}),
    "logistic_regression/signs": (layers.logistic_by_signs, {}),
    "softmax_regression": (layers.regression, {}),
    "two_layer_network": (layers.network, {}),
    "two_layer_network/relu": (layers.relu_network, {}),
    "layer_normalisation": (
        layers.normalisation_backwards,
        {"returns": ("grad_x", "grad_gamma")},
    ),
    "attention_head": (layers.attention_backwards, {"saturated": False}),
    "variational_autoencoder": (layers.divergence, {}),
    "variational_autoencoder/prior": (layers.divergence_from_prior, {}),
}
ALWAYS = ("logistic_regression", "layer_normalisation", "variational_autoencoder/prior")


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n in ALWAYS else [pytest.mark.slow]) for n in RIGHT],
)
def test_a_right_kernel_of_each_subject_is_not_accused(name: str) -> None:
    kernel, options = RIGHT[name]
    report = quick(kernel, name, **options)
    assert report.ok, report


def test_a_forward_pass_is_a_result_on_request() -> None:
    assert quick(layers.normalisation, "layer_normalisation", returns="y").ok
    report = quick(layers.attention, "attention_head", returns="O")
    assert report.ok, report


def test_large_inputs_have_roots_as_well() -> None:
    def first_block(x: Any, gamma: Any, beta: Any, epsilon: Any) -> Any:
        scale = np.sqrt(x[:16].var() + epsilon)
        return gamma * (x - x.mean()) / scale + beta

    (finding,) = quick(first_block, "layer_normalisation", returns="y", blocks=True).findings
    assert "n = 17" in finding.detail


def test_the_mean_and_scale_taken_for_constants_are_found() -> None:
    def kernel(u: Any, x: Any, gamma: Any, epsilon: Any) -> Any:
        return u * gamma / layers.normalised(x, epsilon)[1]

    assert not quick(kernel, "layer_normalisation", returns="grad_x").ok


@pytest.mark.slow  # exact values of a network
def test_a_gate_left_open_is_found() -> None:
    def kernel(x: Any, label: int, V: Any, b: Any, W: Any, c: Any) -> Any:
        a = V @ x + b
        return layers.relu_network(x, label, V, b, W, c)[2] + W.T.sum(axis=1) * (a < 0)

    assert not quick(kernel, "two_layer_network/relu", returns="grad_b").ok


KINKS = r"""```given
size n >= 1
index i in 1..n
vector x in R^n
```

## (a)

$$\sum_i \max(x_i, 0) = \frac{1}{2} \sum_i (x_i + |x_i|)$$

$$\frac{\partial}{\partial x_i} \sum_i \max(x_i, 0) = \frac{1}{2} (1 + \operatorname{sign}(x_i))$$
"""


@pytest.mark.parametrize("at_zero", [0, 1])
def test_whatever_is_returned_at_a_kink_is_not_accused(tmp_path: Path, at_zero: int) -> None:
    path = tmp_path / "notes.md"
    path.write_text(KINKS, encoding="utf-8")

    def kernel(x: Any) -> Any:
        return np.maximum(x, 0).sum(), np.where(x == 0, at_zero, x > 0).astype(x.dtype)

    report = quick(kernel, ("a.1", "a.2"), derivation=path)
    assert report.ok, report


def test_a_number_that_rounding_takes_for_zero_is_no_zero() -> None:
    def kernel(mu: Any, sigma: Any, m: Any, s: Any) -> Any:
        return (np.log(s / sigma) + (sigma**2 + (mu - m) ** 2) / (2 * s * s)).sum()

    (finding,) = quick(kernel, "variational_autoencoder/prior", returns="loss").findings
    assert finding.kind is Kind.VALUE
