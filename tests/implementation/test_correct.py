"""What is right is not accused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import generated
from derivations import check_kernel
from derivations.implementation import BadArguments, Kind
from derivations.implementation.known_subjects import FUNCTIONS
from tests.implementation import kernels
from tests.implementation.kernels import quick, rows, softmax

KERNELS = {
    "naive_softmax": generated.naive_softmax.value_and_grad,
    "negative_sampling": generated.negative_sampling.value_and_grad,
    "skip_gram.naive_softmax": generated.skip_gram.naive_softmax_value_and_grad,
    "skip_gram.negative_sampling": generated.skip_gram.negative_sampling_value_and_grad,
    "batch.naive_softmax": generated.naive_softmax.batch_value_and_grad,
    "batch.negative_sampling": generated.negative_sampling.batch_value_and_grad,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_generated_kernels_are_right(name: str) -> None:
    report = quick(KERNELS[name], name)
    assert report.ok, report
    assert max(report.worst.values()) < 8


def test_both_precisions_are_tried() -> None:
    seen = set()

    def watched(v_c: Any, o: Any, U: Any) -> Any:
        seen.add(U.dtype.name)
        return softmax(v_c, o, U)

    report = check_kernel(watched, "naive_softmax")
    assert report.ok, report
    assert seen == {"float32", "float64"}


def test_a_loss_alone_is_right() -> None:
    report = quick(generated.negative_sampling.loss, "negative_sampling", returns="loss")
    assert report.ok, report


def test_one_gradient_alone_is_right() -> None:
    report = quick(rows, "negative_sampling", returns="grad_U")
    assert report.ok, report


def test_results_that_are_not_looked_at_may_be_anything() -> None:
    def kernel(v_c: Any, o: Any, U: Any) -> Any:
        return "nothing", softmax(v_c, o, U)[2]

    report = quick(kernel, "naive_softmax", returns=(None, "grad_U"))
    assert report.ok, report


def test_claims_by_id_with_the_rows_as_columns() -> None:
    def kernel(center: Any, outside: int, vectors: Any) -> Any:
        loss, by_center, by_rows = softmax(center, outside, vectors.T)
        return loss, by_center, by_rows.T

    arguments = {"center": "V[c]", "outside": "o", "vectors": "U.T"}
    report = quick(kernel, ["J_naive", "b.entry", "c.any"], arguments)
    assert report.ok, report


def test_a_gradient_put_together_from_claims_with_conditions_is_covered() -> None:
    """The two rows of a window: the center's gradient, and zero elsewhere."""
    report = quick(
        lambda **given: KERNELS["skip_gram.naive_softmax"](**given)[1],
        "skip_gram.naive_softmax",
        {"c": "c", "outside": "near", "V": "V", "U": "U"},
        returns="grad_V",
    )
    assert report.ok, report


def test_ordinary_code_passes_where_saturation_is_left_out() -> None:
    def textbook(v_c: Any, o: int, U: Any) -> Any:
        e = np.exp(U @ v_c)
        error = e / e.sum()
        loss = -np.log(error[o])
        error[o] -= 1
        return loss, U.T @ error, np.outer(error, v_c)

    assert not quick(textbook, "naive_softmax").ok
    report = check_kernel(textbook, "naive_softmax", saturated=False)
    assert report.ok, report


# Subjects with roots, hyperbolic tangents, signs and pi: right kernels pass, wrong ones do not.


RIGHT: dict[str, tuple[Any, dict[str, Any]]] = {
    "logistic_regression": (kernels.logistic, {}),
    "logistic_regression/signs": (kernels.logistic_by_signs, {}),
    "softmax_regression": (kernels.regression, {}),
    "two_layer_network": (kernels.network, {}),
    "two_layer_network/relu": (kernels.relu_network, {}),
    "layer_normalisation": (
        kernels.normalisation_backwards,
        {"returns": ("grad_x", "grad_gamma")},
    ),
    "attention_head": (kernels.attention_backwards, {"saturated": False}),
    "variational_autoencoder": (kernels.divergence, {}),
    "variational_autoencoder/prior": (kernels.divergence_from_prior, {}),
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
    assert quick(kernels.normalisation, "layer_normalisation", returns="y").ok
    report = quick(kernels.attention, "attention_head", returns="O")
    assert report.ok, report


def test_large_inputs_have_roots_as_well() -> None:
    def first_block(x: Any, gamma: Any, beta: Any, epsilon: Any) -> Any:
        scale = np.sqrt(x[:16].var() + epsilon)
        return gamma * (x - x.mean()) / scale + beta

    (finding,) = quick(first_block, "layer_normalisation", returns="y", blocks=True).findings
    assert "n = 17" in finding.detail


def test_the_mean_and_scale_taken_for_constants_are_found() -> None:
    def kernel(u: Any, x: Any, gamma: Any, epsilon: Any) -> Any:
        return u * gamma / kernels.normalised(x, epsilon)[1]

    assert not quick(kernel, "layer_normalisation", returns="grad_x").ok


@pytest.mark.slow  # exact values of a network
def test_a_gate_left_open_is_found() -> None:
    def kernel(x: Any, label: int, V: Any, b: Any, W: Any, c: Any) -> Any:
        a = V @ x + b
        return kernels.relu_network(x, label, V, b, W, c)[2] + W.T.sum(axis=1) * (a < 0)

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


@pytest.mark.parametrize(("left", "is_right"), [(1e-58, True), (1e-20, False)])
def test_a_trace_beside_an_exact_zero_is_no_error_and_a_number_is(
    left: float, is_right: bool
) -> None:
    def kernel(v_c: Any, o: Any, U: Any) -> Any:
        _, grad, _ = generated.naive_softmax.value_and_grad(v_c, o, U)
        return np.where(grad == 0, left, grad)

    assert quick(kernel, "naive_softmax", returns="grad_v_c", dtypes="float64").ok is is_right


# Hessians, Jacobians and their products with vectors, of proved lines.


LOGISTIC = "logistic_regression"
SOFTMAX = Path("derivations/softmax_regression/written.md")


def test_a_hessian_is_right() -> None:
    report = quick(kernels.logistic_hessian, LOGISTIC, returns="hess_w")
    assert report.ok, report


def test_weights_forgotten_in_a_hessian_are_found() -> None:
    assert not quick(lambda X, t, w: X.T @ X, LOGISTIC, returns="hess_w").ok


def test_the_line_of_a_hessian_entry_by_entry_is_the_whole_hessian() -> None:
    report = quick(
        kernels.logistic_hessian, "h.2", derivation="derivations/logistic_regression/written.md"
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
    return X.T @ (kernels.sigmoid(X @ w) * kernels.sigmoid(-(X @ w)) * (X @ v))


def test_a_product_of_the_hessian_with_a_vector_is_right() -> None:
    report = quick(product, LOGISTIC, returns="hess_w", along={"v": "w"}, blocks=True)
    assert report.ok, report


def test_a_factor_forgotten_in_such_a_product_is_found() -> None:
    def kernel(X: Any, t: Any, w: Any, v: Any) -> Any:
        return X.T @ (kernels.sigmoid(X @ w) * (X @ v))

    assert not quick(kernel, LOGISTIC, returns="hess_w", along={"v": "w"}).ok


def test_a_gradient_along_a_direction_is_a_number() -> None:
    report = quick(lambda X, t, w, v: kernels.logistic(X, t, w)[1] @ v, LOGISTIC, along={"v": "w"})
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
