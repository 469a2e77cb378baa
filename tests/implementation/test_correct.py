"""What is right is not accused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import generated
from derivations import check_kernel
from derivations.implementation.named import FUNCTIONS
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
