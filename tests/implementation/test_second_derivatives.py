"""Hessians, Jacobians and their products with vectors, of proved lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.implementation import BadArguments, Kind
from tests.implementation import layers
from tests.implementation.kernels import quick, softmax

LOGISTIC = "logistic_regression"
SOFTMAX = Path("derivations/softmax_regression/written.md")


def test_a_hessian_is_right() -> None:
    report = quick(layers.logistic_hessian, LOGISTIC, returns="hess_w")
    assert report.ok, report


def test_weights_forgotten_in_a_hessian_are_found() -> None:
    assert not quick(lambda X, t, w: X.T @ X, LOGISTIC, returns="hess_w").ok


def test_the_line_of_a_hessian_entry_by_entry_is_the_whole_hessian() -> None:
    report = quick(
        layers.logistic_hessian, "h.2", derivation="derivations/logistic_regression/written.md"
    )
    assert report.ok, report


@pytest.mark.slow  # an entry for each two weights
def test_a_hessian_by_a_matrix_has_four_axes() -> None:
    def kernel(X: Any, W: Any) -> Any:
        z = X @ W.T
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        one = np.eye(len(W), dtype=W.dtype)
        inner = p[:, :, None] * (one - p[:, None, :])
        return np.einsum("skj,si,sm->kijm", inner, X, X)

    report = quick(kernel, "softmax_regression", returns="hess_W", saturated=False)
    assert report.ok, report


def product(X: Any, t: Any, w: Any, v: Any) -> Any:
    """Of the Hessian with v."""
    return X.T @ (layers.sigmoid(X @ w) * layers.sigmoid(-(X @ w)) * (X @ v))


def test_a_product_of_the_hessian_with_a_vector_is_right() -> None:
    report = quick(product, LOGISTIC, returns="hess_w", along={"v": "w"}, blocks=True)
    assert report.ok, report


def test_a_factor_forgotten_in_such_a_product_is_found() -> None:
    def kernel(X: Any, t: Any, w: Any, v: Any) -> Any:
        return X.T @ (layers.sigmoid(X @ w) * (X @ v))

    assert not quick(kernel, LOGISTIC, returns="hess_w", along={"v": "w"}).ok


def test_a_gradient_along_a_direction_is_a_number() -> None:
    report = quick(lambda X, t, w, v: layers.logistic(X, t, w)[1] @ v, LOGISTIC, along={"v": "w"})
    assert report.ok, report


def pushed(v_c: Any, o: int, U: Any, dv: Any, dU: Any) -> Any:
    _, by_v, by_U = softmax(v_c, o, U)
    return by_v @ dv + (by_U * dU).sum()


def test_directions_of_two_arguments_give_one_derivative() -> None:
    report = quick(pushed, "naive_softmax", along={"dv": "v_c", "dU": "U"})
    assert report.ok, report
    (finding,) = quick(
        lambda v_c, o, U, dv, dU: -pushed(v_c, o, U, dv, dU),
        "naive_softmax",
        along={"dv": "v_c", "dU": "U"},
    ).findings
    assert finding.kind is Kind.SIGN


def jacobian(a: Any) -> Any:
    e = np.exp(a - a.max())
    p = e / e.sum()
    rest = np.array([np.delete(p, k).sum() for k in range(len(p))], dtype=a.dtype)
    found = -np.outer(p, p)
    found[np.diag_indices(len(p))] = p * rest
    return found


def test_a_letter_below_what_is_differentiated_is_an_axis_of_the_jacobian() -> None:
    report = quick(jacobian, "a.3", derivation=SOFTMAX)
    assert report.ok, report
    report = quick(lambda a, k: jacobian(a)[k], "a.3", derivation=SOFTMAX)
    assert report.ok, report


def test_a_jacobian_times_a_vector_is_right() -> None:
    report = quick(lambda a, v: jacobian(a) @ v, "a.3", derivation=SOFTMAX, along={"v": "a"})
    assert report.ok, report


@pytest.mark.parametrize(
    ("along", "returns", "said"),
    [
        ({"v": "w"}, "loss", "loss is no derivative by w"),
        ({"v": "X"}, "grad_w", "grad_w is no derivative by X"),
        ({"v": "q"}, "grad_w", "there is no 'q' here"),
    ],
)
def test_a_direction_that_nothing_is_along_is_refused(
    along: dict[str, str], returns: str, said: str
) -> None:
    with pytest.raises(BadArguments, match=said):
        quick(product, LOGISTIC, along=along, returns=returns)
