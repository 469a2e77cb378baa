"""However a function takes its arguments and hands back its results, it can be connected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import generated
from derivations import check_kernel
from derivations.implementation import BadArguments, Kind
from derivations.implementation.one_spelling import plain, same
from tests.implementation.kernels import quick, rows, sigmoid, softmax

SUBJECTS = {
    "cbow": generated.cbow.naive_softmax_value_and_grad,
    "cbow/negative_sampling": generated.cbow.negative_sampling_value_and_grad,
    "glove/batch": generated.glove.batch_value_and_grad,
    "glove": generated.glove.value_and_grad,
    "hierarchical_softmax": generated.hierarchical_softmax.value_and_grad,
    "contrastive": generated.contrastive.value_and_grad,
    "contrastive/symmetric": generated.contrastive.symmetric_value_and_grad,
    "negative_sampling/batch": generated.negative_sampling.batch_value_and_grad,
}
ALWAYS = ("hierarchical_softmax",)


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n in ALWAYS else [pytest.mark.slow]) for n in SUBJECTS],
)
def test_every_subject_has_a_name(name: str) -> None:
    report = quick(SUBJECTS[name], name)
    assert report.ok, report


def test_arguments_that_no_result_reads_are_taken_from_the_declarations() -> None:
    report = quick(
        lambda x, gamma, beta, epsilon, u: u.copy(), "layer_normalisation", returns="grad_beta"
    )
    assert report.ok, report


def test_an_unknown_name_is_told_with_all_subjects() -> None:
    with pytest.raises(BadArguments, match="hierarchical_softmax/bits"):
        check_kernel(softmax, "hierarchical softmax")


def sampled(v_c: Any, o: int, U: Any, negatives: Any) -> tuple[Any, Any, Any]:
    words = U[negatives] @ v_c
    loss = np.log1p(np.exp(-(U[o] @ v_c))) + np.log1p(np.exp(words)).sum()
    by_v = U[negatives].T @ sigmoid(words) - sigmoid(-(U[o] @ v_c)) * U[o]
    return loss, by_v, rows(v_c, o, U, negatives)


@pytest.mark.parametrize(
    "kernel",
    [
        lambda v_c, o, U, negatives: dict(
            zip(("loss", "dv_c", "U"), sampled(v_c, o, U, negatives), strict=True)
        ),
        lambda v_c, o, U, negatives: (
            sampled(v_c, o, U, negatives)[0],
            sampled(v_c, o, U, negatives)[1:],
        ),
    ],
    ids=["a dictionary", "tuples in a tuple"],
)
def test_results_come_in_dictionaries_and_tuples(kernel: Any) -> None:
    report = quick(kernel, "negative_sampling", saturated=False)
    assert report.ok, report


def test_a_result_that_a_dictionary_lacks_is_named() -> None:
    report = quick(lambda v_c, o, U: {"loss": 0.0, "by_U": U}, "naive_softmax")
    said = {finding.detail for finding in report.findings}
    assert "no 'grad_v_c' among the results, but loss, by_U" in said


def test_a_row_of_a_matrix_that_is_given_has_its_gradient() -> None:
    def kernel(c: int, o: int, V: Any, U: Any, negatives: Any) -> Any:
        return sampled(V[c], o, U, negatives)

    report = quick(kernel, "negative_sampling", saturated=False)
    assert report.ok, report


def stepping(v_c: Any, o: int, U: Any, negatives: Any, lr: float) -> None:
    _, by_v, by_U = sampled(v_c, o, U, negatives)
    v_c -= lr * by_v
    U -= lr * by_U


def in_sequence(v_c: Any, o: int, U: Any, negatives: Any, lr: float) -> None:
    U -= lr * rows(v_c, o, U, negatives)
    v_c -= lr * sampled(v_c, o, U, negatives)[1]


def test_a_step_in_place_is_right() -> None:
    report = quick(stepping, "negative_sampling", rate="lr", saturated=False)
    assert report.ok, report


def test_an_update_in_sequence_is_called_so() -> None:
    (finding,) = quick(in_sequence, "negative_sampling", rate="lr", saturated=False).findings
    assert (finding.output, finding.kind) == ("grad_v_c", Kind.SEQUENCE)


def test_a_function_that_draws_its_own_samples_is_handed_them() -> None:
    handed: list[Any] = []

    def kernel(v_c: Any, o: int, U: Any) -> Any:
        return rows(v_c, o, U, handed.pop())

    report = quick(
        kernel, "negative_sampling", returns="grad_U", draws={"negatives": handed.append}
    )
    assert report.ok, report


def test_columns_are_one_option() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        assert v_c.shape[1] == 1
        loss, by_v, by_U = softmax(v_c[:, 0], o, U)
        return np.array([[loss]]), by_v[:, None], by_U

    report = quick(kernel, "naive_softmax", columns=True)
    assert report.ok, report


def test_empty_lists_are_left_out_by_one_option() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        assert len(negatives), "draw some"
        return rows(v_c, o, U, negatives)

    assert not quick(kernel, "negative_sampling", returns="grad_U").ok
    report = quick(kernel, "negative_sampling", returns="grad_U", empty=False)
    assert report.ok, report


@pytest.mark.parametrize("dtype", ["float64", "double", np.float64, "torch.float64"])
def test_precisions_are_told_as_texts_and_as_types(dtype: Any) -> None:
    report = check_kernel(
        softmax, "naive_softmax", dtypes=dtype, count=0, blocks=False, saturated=False
    )
    assert list(report.tried.dtypes) == ["float64"]


class Kept:
    """Like a tensor of torch in half precision, or on the meta device."""

    def __init__(self, dtype: str, device: str) -> None:
        self.dtype = dtype
        self.device = type("Device", (), {"type": device})

    def detach(self) -> Any:
        raise TypeError("Got unsupported ScalarType BFloat16")


@pytest.mark.parametrize(
    ("tensor", "said"),
    [(Kept("torch.bfloat16", "cpu"), "bfloat16"), (Kept("torch.float32", "meta"), "meta device")],
)
def test_tensors_without_numbers_are_refused_by_name(tensor: Kept, said: str) -> None:
    report = quick(lambda v_c, o, U: tensor, "naive_softmax", returns="grad_U")
    assert {finding.kind for finding in report.findings} == {Kind.WRONG_DTYPE}
    assert all(said in finding.detail for finding in report.findings)


class OnDevice:
    """Like an array of CuPy."""

    __cuda_array_interface__ = ()

    def __init__(self, array: Any) -> None:
        self.array = array

    def get(self) -> Any:
        return self.array


class Foreign:
    """An array that NumPy knows by its interface alone."""

    def __init__(self, array: Any) -> None:
        self.kept = np.ascontiguousarray(array)
        self.__array_interface__ = self.kept.__array_interface__


class Exchanged:
    """An array that is handed over by DLPack alone."""

    def __init__(self, array: Any) -> None:
        self.kept = np.ascontiguousarray(array)

    def __dlpack__(self, **options: Any) -> Any:
        return self.kept.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.kept.__dlpack_device__()


@pytest.mark.parametrize("wrapped", [OnDevice, Foreign, Exchanged])
def test_arrays_of_other_libraries_are_read_by_their_interface(wrapped: Any) -> None:
    report = quick(
        lambda v_c, o, U: wrapped(softmax(v_c, o, U)[2]), "naive_softmax", returns="grad_U"
    )
    assert report.ok, report


NOTES = r"""```given
size n, d >= 1
matrix X in R^{n x d}
vector y in R^n
vector w in R^d
scalar \lambda
define J(w) = \frac{1}{2} (X w - y)^T (X w - y) + \frac{\lambda}{2} w^T w
```

## (a)

$$\frac{\partial J}{\partial w} = X^T (X w - y) + \lambda w$$
"""


@pytest.mark.parametrize("name", ["lam", "lambda_", "λ"])
def test_a_derivation_of_one_s_own_needs_its_name_and_the_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / "notes.md"
    path.write_text(NOTES, encoding="utf-8")
    names: dict[str, Any] = {}
    exec(f"def f(X, y, w, {name}): return X.T @ (X @ w - y) + {name} * w", names)
    more = [{"X": "X", "y": "y", "w": "w", name: r"\lambda"}] if name == "lambda_" else []
    report = quick(names["f"], str(path), "a.1", *more)
    assert report.ok, report


def test_a_line_that_is_not_read_is_told_with_what_hinders_it(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text(NOTES.replace("vector y in R^n", "vector y in nowhere"), encoding="utf-8")
    with pytest.raises(BadArguments, match=r"a\.1 is not read.*nowhere"):
        check_kernel(lambda X, y, w: w, path, "a.1")


@pytest.mark.parametrize(
    ("spelled", "name"),
    [("λ", "lambda"), (r"\lambda", "lambda"), ("lam", "lambda"), ("Θ", "Theta"),
     (r"\tilde{W}", "W_tilde"), ("W̃", "W_tilde"), (r"\hat{y}", "y_hat"), (r"\mathbf{X}", "X")],
)  # fmt: skip
def test_a_name_is_one_however_it_is_spelled(spelled: str, name: str) -> None:
    assert plain(spelled) == name


def test_a_name_that_could_be_two_is_none() -> None:
    assert same("lam", ["λ", r"\lambda"]) is None
