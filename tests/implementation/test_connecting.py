"""Anyone's function connected to a claim: arguments by name, libraries, what is at hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import derivations
import generated
from derivations import check_kernel
from derivations.implementation import BadArguments, CheckReport, Kind
from derivations.implementation.check_report import LAYOUTS, written
from derivations.implementation.kernel_check import main
from derivations.implementation.resolve import plain, same
from examples.check_my_gradient import my_gradient, my_gradient_mended
from generated import glove
from proved_kernels.pytest_plugin import failing_check
from tests.implementation.conftest import buffered, quick, rows, sigmoid, softmax

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


# What cannot be checked as asked is refused, with what would do.


PAIR = {"v_c": "V[c]", "o": "o", "U": "U"}
NO_FUNCTION: Any = 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_kernel(NO_FUNCTION, "c.any"), "a function is checked, not a int"),
        (lambda: check_kernel(softmax, "naive_softmaks"), "did you mean naive_softmax"),
        (lambda: check_kernel(softmax, "c.any2"), "did you mean c.any"),
        (lambda: check_kernel(softmax, "c.any"), r"takes \(v_c, o, U\); say which argument"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "W": "U"}), "no argument 'W'"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "U": "Q"}), "there is no 'Q' here"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "U": "U[["}), "is not a symbol such as"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "v_c": "V[q]"}), "'q' is no index"),
        (lambda: check_kernel(softmax, "c.any", {"v_c": "V[c]", "U": "U"}), "needs the index o"),
        (lambda: check_kernel(softmax, "c.any", {"v_c": "V[c]", "o": "o"}), "no argument holds U"),
        (lambda: check_kernel(rows, "negative_sampling", returns="grad_V"), "there is no 'grad_V'"),
        (lambda: check_kernel(rows, "negative_sampling", returns=(None,)), "name at least one"),
        (lambda: check_kernel(softmax, "naive_softmax", dtypes=["float16"]), "'float16'"),
        (lambda: check_kernel(softmax, "naive_softmax", dtypes=[]), "name at least one"),
        (lambda: check_kernel(softmax, "a.1", derivation="nowhere.md"), "nowhere.md"),
        (lambda: check_kernel(lambda c, near, V: V, "h.center"), "has no values in numbers"),
    ],
)
def test_wrong_usage_says_what_was_expected(call: Any, message: str) -> None:
    with pytest.raises(BadArguments, match=message):
        call()


def test_claims_that_leave_entries_open_are_refused() -> None:
    """g.untouched is about rows that are neither the outside word nor drawn: not all of U."""
    arguments = {"v_c": "V[c]", "o": "o", "U": "U", "negatives": "n"}
    with pytest.raises(BadArguments, match="none is covered by the claims"):
        check_kernel(rows, "g.outside", arguments)


def test_a_line_that_is_not_proved_is_no_measure() -> None:
    with pytest.raises(BadArguments, match=r"a\.2 is refuted"):
        check_kernel(lambda X, w, y: w, "a.2", derivation="examples/homework.md")


def test_a_converter_that_fails_is_not_the_kernel_s_mistake() -> None:
    def convert(array: Any) -> Any:
        raise TypeError("not today")

    with pytest.raises(BadArguments, match="not today"):
        check_kernel(softmax, "naive_softmax", convert=convert)


# Functions are called the way they can be, and their results read whatever they are.


class Tensor:
    """Like one of torch: an array behind methods."""

    def __init__(self, array: Any) -> None:
        if any(step < 0 for step in array.strides):
            raise ValueError("negative strides are not supported")
        self.array = array

    def detach(self) -> Tensor:
        return self

    cpu = detach

    def numpy(self) -> Any:
        return self.array


def by_tensors(v_c: Tensor, o: int, U: Tensor) -> Any:
    loss, by_v, by_U = softmax(v_c.array, o, U.array)
    return Tensor(np.asarray(loss)), Tensor(by_v), Tensor(by_U)


def test_tensors_go_in_and_come_out() -> None:
    report = quick(by_tensors, "naive_softmax", convert=Tensor)
    assert report.ok, report


def test_a_layout_that_cannot_be_converted_is_left_out() -> None:
    with pytest.raises(ValueError, match="negative strides"):
        Tensor(LAYOUTS["negative strides"](np.ones(3)))


def test_a_function_of_any_arguments_gets_them_in_the_order_stated() -> None:
    def kernel(*given: Any) -> Any:
        v_c, o, U = given
        return softmax(v_c, o, U)

    report = quick(kernel, "naive_softmax", {"v_c": "V[c]", "o": "o", "U": "U"})
    assert report.ok, report


def test_arguments_with_defaults_are_left_alone() -> None:
    def kernel(v_c: Any, o: int, U: Any, *, scale: float = 1.0) -> Any:
        return tuple(
            part * type(part)(scale) if scale != 1 else part for part in softmax(v_c, o, U)
        )

    report = quick(kernel, "naive_softmax")
    assert report.ok, report


@pytest.mark.parametrize("layout", ["", *LAYOUTS])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (4, 0), (0, 2)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
def test_an_array_is_written_so_that_the_text_gives_it_back(
    layout: str, shape: tuple[int, ...], dtype: Any
) -> None:
    rng = np.random.default_rng(1)
    array = (rng.normal(size=shape) * 10).astype(dtype)
    if not shape and layout:
        return
    text = written(np.asarray(array), layout)
    found = eval(text, {"np": np})
    assert np.shape(found) == shape
    assert np.asarray(found).astype(dtype).tobytes() == np.asarray(array).tobytes()


# A user's own derivation: what its file proves is what the code is held against.


HOMEWORK = Path(__file__).parents[2] / "examples" / "homework.md"
GLOVE = Path(derivations.__file__).parent / "glove" / "written.md"
LEAST_SQUARES = {"X": "X", "y": "y", "w": "w", "lam": "λ"}


def test_code_for_a_line_of_homework_is_right() -> None:
    def gradient(X: Any, y: Any, w: Any, lam: Any) -> Any:
        return X.T @ (X @ w - y) + lam * w

    report = quick(gradient, "a.1", LEAST_SQUARES, derivation=HOMEWORK)
    assert report.ok, report


def test_the_mistake_of_the_homework_is_found_in_code() -> None:
    def loss_and_gradient(X: Any, y: Any, w: Any, lam: Any) -> Any:
        r = X @ w - y
        return (r @ r + lam * (w @ w)) / 2, X.T @ r + w

    report = quick(loss_and_gradient, ["J", "a.1"], LEAST_SQUARES, derivation=HOMEWORK)
    assert {finding.output for finding in report.findings} == {"a.1"}, report


def test_a_residual_of_the_wrong_sign_is_found() -> None:
    def gradient(X: Any, y: Any, w: Any) -> Any:
        return X.T @ (y - X @ w)

    arguments = {"X": "X", "y": "y", "w": "w"}
    (finding,) = quick(gradient, "b.1", arguments, derivation=HOMEWORK).findings
    assert finding.kind is Kind.SIGN


def test_kernels_of_another_subject_are_held_against_its_file() -> None:
    arguments = {"W": "W.T", "C": "W̃.T", "b": "b", "c": "b̃", "rows": "r", "columns": "c"}
    arguments |= {"weights": "g", "targets": "T"}
    claims = ["J_{list}", "p.2", "p.3", "p.4", "p.5"]
    report = quick(glove.batch_value_and_grad, claims, arguments, derivation=GLOVE)
    assert report.ok, report


def test_a_pair_listed_twice_and_counted_once_is_found() -> None:
    def biases(W: Any, C: Any, b: Any, c: Any, rows: Any, cols: Any, g: Any, T: Any) -> Any:
        error = (W[rows] * C[cols]).sum(axis=1) + b[rows] + c[cols] - T
        grad = np.zeros_like(b)
        grad[rows] += 2 * g * error
        return grad

    arguments = {"W": "W.T", "C": "W̃.T", "b": "b", "c": "b̃", "rows": "r", "cols": "c"}
    arguments |= {"g": "g", "T": "T"}
    (finding,) = quick(biases, "p.4", arguments, derivation=GLOVE).findings
    assert finding.kind is Kind.DUPLICATE
    assert "rows" in finding.detail


def test_a_line_with_an_inverse_is_no_contract_for_all_inputs(tmp_path: Path) -> None:
    path = tmp_path / "inverse.md"
    given = "size n, d >= 1\nmatrix X in R^{n x d}\nvector y in R^d"
    line = "$$y^T (X^T X + I)^{-1} (X^T X + I) y = y^T y$$"
    path.write_text(f"```given\n{given}\n```\n\n## (a)\n\n{line}\n", encoding="utf-8")
    with pytest.raises(BadArguments, match="inverse of a matrix"):
        quick(lambda X, y: y @ y, "a.1", {"X": "X", "y": "y"}, derivation=path)


# The example: a dropped duplicate is named, and nothing is wrong once it is mended.


def test_the_example_is_wrong_in_the_one_way_it_says() -> None:
    report = quick(my_gradient, "negative_sampling", returns="grad_U")
    assert [finding.kind for finding in report.findings] == [Kind.DUPLICATE]


def test_the_mended_example_is_right() -> None:
    report = quick(my_gradient_mended, "negative_sampling", returns="grad_U")
    assert report.ok, report


PAGE = (Path(__file__).parents[2] / "docs" / "check_kernel.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_a_notebook_shows_a_table_and_what_to_paste() -> None:
    page = quick(buffered, "negative_sampling", returns="grad_U")._repr_html_()
    for part in ("<table>", "dropped duplicate", "np.array", "what was tried"):
        assert part in page
    assert "<script" not in page


def test_what_a_function_says_is_escaped() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        raise ValueError("<script>alert(1)</script>")

    page = quick(kernel, "naive_softmax", returns="grad_U")._repr_html_()
    assert "<script" not in page
    assert "&lt;script" in page


def test_the_fixture_passes_what_is_right() -> None:
    found = failing_check()(
        rows, "negative_sampling", returns="grad_U", dtypes="float64", count=0, blocks=False
    )
    assert isinstance(found, CheckReport)


def test_the_fixture_fails_what_is_wrong() -> None:
    with pytest.raises(AssertionError, match="dropped duplicate"):
        failing_check()(
            buffered, "negative_sampling", returns="grad_U", dtypes="float64", blocks=False
        )


MINE = """
import numpy as np


def gradient(v_c, o, U):
    z = U @ v_c
    top = int(z.argmax())
    e = np.exp(z - z[top])
    error = e / e.sum()
    error[o] = -np.delete(e, o).sum() / e.sum()
    return np.outer(error, v_c)


def wrong(v_c, o, U):
    return -gradient(v_c, o, U)
"""
QUICKLY = ["--returns", "grad_U", "--dtype", "float64", "--not-saturated"]


@pytest.mark.parametrize(("name", "code", "said"), [("gradient", 0, "✓"), ("wrong", 1, "sign")])
def test_the_command_checks_a_function_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, code: int, said: str
) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    assert main([f"{tmp_path}/mine.py:{name}", "naive_softmax", *QUICKLY]) == code
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("function", "said"),
    [
        ("mine.py", "is not FILE.py:NAME"),
        ("nowhere.py:f", "no such file"),
        ("math:sine", "no 'sine'"),
    ],
)
def test_the_command_says_what_it_cannot_load(
    capsys: pytest.CaptureFixture[str], function: str, said: str
) -> None:
    assert main([function, "naive_softmax"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_of_the_page_runs_and_finds_what_it_says(number: int) -> None:
    exec(compile(EXAMPLES[number], f"example {number + 1}", "exec"), {"__name__": "page"})


def mean_of_a_batch(V: Any, U: Any, centers: Any, outsides: Any) -> Any:
    z = V[centers] @ U.T
    e = np.exp(z - z.max(axis=1, keepdims=True)) if len(z) else z
    p = e / e.sum(axis=1, keepdims=True)
    picked = np.arange(len(centers)), outsides
    error = p.copy()
    error[picked] -= 1
    by = V.dtype.type(1 / max(len(centers), 1))
    grad_V = np.zeros_like(V)
    np.add.at(grad_V, centers, error @ U * by)
    loss = -np.log(p[picked]).sum() * by
    return loss, grad_V, error.T @ V[centers] * by


def test_the_mean_of_a_batch_is_a_convention() -> None:
    more = {"saturated": False, "empty": False}
    report = quick(mean_of_a_batch, "naive_softmax/batch", scale="mean", **more)
    assert report.ok, report
    report = quick(
        mean_of_a_batch, "naive_softmax/batch", returns=(None, "grad_V", "grad_U"), **more
    )
    (finding,) = report.findings
    assert finding.kind is Kind.FACTOR
    assert 'scale="1/B"' in finding.detail
    assert finding.output == "grad_V, grad_U"


def test_a_factor_that_is_none_is_refused() -> None:
    for scale in ("1/Q", "half", "2*B"):
        with pytest.raises(BadArguments, match="scale: "):
            quick(mean_of_a_batch, "naive_softmax/batch", scale=scale)


def test_an_epsilon_inside_a_logarithm_is_named_with_its_size() -> None:
    def loss(v_c: Any, o: int, U: Any) -> Any:
        z = U @ v_c
        e = np.exp(z - z.max())
        return -np.log(e[o] / e.sum() + 1e-9)

    (finding, *_) = quick(loss, "naive_softmax", returns="loss").findings
    assert finding.kind is Kind.EPSILON
    assert "1e-09" in finding.detail


def test_a_probability_held_at_a_floor_is_no_epsilon() -> None:
    def loss(v_c: Any, o: int, U: Any) -> Any:
        z = U @ v_c
        e = np.exp(z - z.max())
        return -np.log(max(e[o] / e.sum(), 1e-9))

    kinds = {finding.kind for finding in quick(loss, "naive_softmax", returns="loss").findings}
    assert Kind.EPSILON not in kinds


def test_a_clipped_sigmoid_is_no_dropped_duplicate() -> None:
    def kernel(v_c: Any, o: int, U: Any, negatives: Any) -> Any:
        grad = np.zeros_like(U)
        grad[o] -= sigmoid(-np.clip(U[o] @ v_c, -6, 6)) * v_c
        np.add.at(grad, negatives, np.outer(sigmoid(np.clip(U[negatives] @ v_c, -6, 6)), v_c))
        return grad

    kinds = {f.kind for f in quick(kernel, "negative_sampling", returns="grad_U").findings}
    assert kinds
    assert not kinds & {Kind.DUPLICATE, Kind.SHARED}


def test_a_table_of_scores_is_told_from_half_precision() -> None:
    def tabulated(v_c: Any, o: int, U: Any) -> Any:
        z = U @ v_c
        e = np.exp(np.rint((z - z.max()) * 128) / 128)
        error = e / e.sum()
        error[o] = -np.delete(e, o).sum() / e.sum()
        return np.outer(error, v_c)

    def halved(v_c: Any, o: int, U: Any) -> Any:
        z = U @ v_c
        e = np.exp(z - z.max())
        error = e / e.sum()
        error[o] -= 1
        return np.outer(error, v_c).astype(np.float16).astype(U.dtype)

    asked = {"returns": "grad_U", "saturated": False}
    kinds = [
        {finding.kind for finding in quick(each, "naive_softmax", **asked).findings}
        for each in (tabulated, halved)
    ]
    assert Kind.THRESHOLD in kinds[0]
    assert Kind.THRESHOLD not in kinds[1]


def test_infinity_and_not_a_number_are_told_apart() -> None:
    def kernel(v_c: Any, o: int, U: Any) -> Any:
        z = U @ v_c
        return np.log(np.exp(z).sum()) - z[o]

    kinds = {finding.kind for finding in quick(kernel, "naive_softmax", returns="loss").findings}
    assert Kind.INFINITE in kinds
    assert Kind.NAN not in kinds
