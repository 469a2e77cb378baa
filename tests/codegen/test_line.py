"""A module from any proved line of any file, for every back end."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from codegen.commands import main
from codegen.emitted import back_ends
from codegen.kernel import Kernel, members
from codegen.line.accuracy import kernel_of, loaded, proved_text, require_accurate
from codegen.line.line_module import LineModule, module_of
from codegen.line.proved_line import ROWS, Refusal, proved_line, require_proved, require_row
from codegen.line.stable_forms import identifier
from tests.codegen.programs import slope

# Small texts as people hand them in, and the module made of one of their lines.


LOGISTIC = r"""
```given
size n, d >= 1
index s in 1..n
index i in 1..d
vectors x_s in R^d, rows of X
vector w in R^d
vector t in R^n
scalar \lambda
define \sigma(a) = \frac{1}{1 + e^{-a}}
define y_s = \sigma(w^T x_s)
define E(w) = -\sum_s (t_s \log y_s + (1 - t_s) \log(1 - y_s)) + \frac{\lambda}{2} w^T w
```
$$\frac{\partial E}{\partial w} = X^T (y - t) + \lambda w$$
$$\frac{\partial E}{\partial w} = X^T (t - y) + \lambda w$$
$$E(w) = -\sum_s (t_s \log y_s + (1 - t_s) \log(1 - y_s)) + \frac{\lambda}{2} \|w\|^2$$
"""
CLASSES = r"""
```given
size n, d, K >= 1
index s in 1..n
index k, j in Classes = 1..K
vectors x_s in R^d, rows of X
vectors w_k in R^d, rows of W
list c_s in Classes, s in 1..n
define p_{sk} = \frac{\exp(w_k^T x_s)}{\sum_j \exp(w_j^T x_s)}
define L = -\sum_s \log p_{s c_s}
```
$$\frac{\partial L}{\partial w_k} = \sum_s (p_{sk} - \mathbb{1}_{k = c_s}) x_s$$
"""
SCALARS = r"""
```given
scalar z, b
define f(z) = \frac{e^z - e^{-z}}{e^z + e^{-z}}
```
$$f'(z) = 1 - f(z)^2$$
$$\frac{d}{dz} \frac{e^z - 1}{e^z + 2} = \frac{3 e^z}{(e^z + 2)^2}$$
$$\frac{d}{dz} (\log(1 + e^z) + b z) = \frac{e^z}{1 + e^z} + b$$
"""
HIDDEN = r"""
```given
size M, D >= 1
index j in 1..M
index i in 1..D
matrix V in R^{M x D}
vector x in R^D
vector u in R^M
define h = \tanh(V x)
define L = u^T h
```
$$\frac{\partial L}{\partial V} = (u \odot (1 - h \odot h)) x^T$$
"""


def made_of(text: str, line: str, folder: Path, suffix: str = ".md") -> LineModule:
    """The module of a line, neither run nor measured."""
    return module_of(proved_line(written(text, folder, suffix), line), {})


def written(text: str, folder: Path, suffix: str = ".md") -> Path:
    """The text in a file."""
    path = folder / f"homework{suffix}"
    path.write_text(text, encoding="utf-8")
    return path


def function_of(text: str, line: str, folder: Path) -> Any:
    """The function of a line, proved and measured."""
    module, _ = kernel_of(written(text, folder), line, {})
    return loaded(module.text)


# A module from a proved line: its loss and its gradient are those of the line, and keep digits.


def test_the_gradient_of_a_logistic_regression(tmp_path: Path) -> None:
    value_and_grad = function_of(LOGISTIC, "line.1", tmp_path)
    rng = np.random.default_rng(0)
    w, X, t = rng.standard_normal(3), rng.standard_normal((5, 3)), rng.random(5)
    loss, grad = value_and_grad(w, X, t, 0.5)

    def expected() -> float:
        scores = X @ w
        return float((np.logaddexp(0, scores) - t * scores).sum() + w @ w / 4)

    assert loss == pytest.approx(expected(), rel=1e-14)
    assert grad == pytest.approx(slope(expected, w), abs=1e-7)
    far, _ = value_and_grad([1.0], [[800.0]], [1.0], 0.0)
    assert 0 <= far < 1e-300
    with pytest.raises(ValueError, match=r"t has shape \(4,\), should be \(n,\) with n = 5"):
        value_and_grad(w, X, t[:4], 0.5)


@pytest.mark.slow  # three forms of a softmax are judged
def test_labels_are_counted_from_0_and_checked(tmp_path: Path) -> None:
    value_and_grad = function_of(CLASSES, "line.1", tmp_path)
    rng = np.random.default_rng(1)
    W, X, c = rng.standard_normal((3, 2)), rng.standard_normal((4, 2)), np.array([0, 2, 2, 1])

    def expected() -> float:
        scores = X @ W.T
        return float((np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(4), c]).sum())

    loss, grad = value_and_grad(W, X, c)
    assert loss == pytest.approx(expected(), rel=1e-13)
    assert grad == pytest.approx(slope(expected, W), abs=1e-7)
    confident, _ = value_and_grad([[40.0], [0.0]], [[1.0]], [0])
    assert confident == pytest.approx(np.exp(-40.0), rel=1e-13)
    with pytest.raises(IndexError, match="c"):
        value_and_grad(W, X, [0, 1, 2, 3])


def test_what_is_written_by_exponentials_is_computed_without_their_range(tmp_path: Path) -> None:
    tanh = function_of(SCALARS, "line.1", tmp_path)
    assert tanh(800.0) == (1.0, 0.0)
    assert tanh(20.0)[1] == pytest.approx(4 * np.exp(-40.0), rel=1e-12)
    softplus = function_of(SCALARS, "line.3", tmp_path)
    assert softplus(800.0, 0.0) == (800.0, 1.0)
    assert softplus(-40.0, 0.0)[0] == pytest.approx(np.exp(-40.0), rel=1e-13)


def test_the_slope_of_hidden_units_keeps_its_digits(tmp_path: Path) -> None:
    value_and_grad = function_of(HIDDEN, "line.1", tmp_path)
    _, grad = value_and_grad([[20.0]], [1.0], [1.0])
    assert grad[0, 0] == pytest.approx(4 * np.exp(-40.0), rel=1e-12)


def results(value: Any) -> list[Any]:
    return [np.asarray(one).dtype for one in value if isinstance(one, np.ndarray)]


def test_float32_stays_float32(tmp_path: Path) -> None:
    value_and_grad = function_of(HIDDEN, "line.1", tmp_path)
    ones = np.ones((2, 2), np.float32)
    assert results(value_and_grad(ones, ones[0], ones[0])) == [np.float32]


# python -m codegen FILE LINE -o OUT, for every format that is read.


TEX = r"""\documentclass{article}
\begin{document}
% given
%   scalar x, \gamma
\begin{equation}
\frac{\partial}{\partial \gamma} (\gamma^2 x) = 2 \gamma x
\end{equation}
\end{document}
"""
FORMULA = r"$$\frac{\partial}{\partial \gamma}(\gamma^2 x) = 2 \gamma x$$"
CELL = "```given\nscalar x, \\gamma\n```\n" + FORMULA
NOTEBOOK = json.dumps(
    {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": [CELL]}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)


@pytest.mark.parametrize(("text", "suffix"), [(TEX, ".tex"), (NOTEBOOK, ".ipynb")])
def test_a_module_of_any_readable_file(
    text: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "gradient.py"
    assert main([str(written(text, tmp_path, suffix)), "line.1", "-o", str(out)]) == 0
    assert "its derivative by gamma" in capsys.readouterr().out
    assert "def value_and_grad(gamma: ArrayLike, x: ArrayLike) -> " in out.read_text()


def test_names_can_be_given_and_the_module_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(written(SCALARS, tmp_path))
    assert main([file, "line.1", "--name", "z=score"]) == 0
    printed = capsys.readouterr().out
    assert "def value_and_grad(score: ArrayLike)" in printed
    assert "grad_score = " in printed
    assert "# Generated by `python -m codegen homework.md line.1`: do not edit." in printed
    assert "line.1 is proved for all sizes" in printed


def test_a_name_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(SCALARS, tmp_path)), "line.1", "--name", "z=np"]) == 1
    assert "give another one" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere.md", "a.1"]) == 1
    assert "nowhere.md" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("\u03b3", "gamma"),
        ("Θ", "Theta"),
        ("λ", "lambda_"),
        ("x̂", "x_hat"),
        ("W^{[1]}", "W_1"),
        ("v'", "v_prime"),
        ("y_{true}", "y_true"),
        ("2", "x_2"),
        ("taken", "taken_2"),
    ],
)
def test_letters_are_spelled_out(printed: str, name: str) -> None:
    assert identifier(printed, {"taken"}) == name


# Where there is no kernel to be had: said why, with what would help, and exit code 1.


OTHERS = r"""
```given
size n >= 1
index i in 1..n
vector x in R^n
scalar a
arbitrary g(x)
define J = \sum_i x_i^2
```
$$\frac{\partial J}{\partial x_i} = 2 x_1$$
- if $i = 1$
$$\frac{\partial}{\partial a} (a x_1) = x_1$$
$$\frac{\partial}{\partial x_i} (a g(x)) = a \frac{\partial g(x)}{\partial x_i}$$
$$\frac{\partial}{\partial x_i} \qq J = 2 x_i$$
"""
REFUSED = {
    "what is false": (LOGISTIC, "line.2", "line.2 is refuted, not proved"),
    "no derivative": (LOGISTIC, "line.3", "the left side is no derivative of a loss"),
    "no such line": (LOGISTIC, "e.9", "has no line e.9; it has line.1, line.2, line.3"),
    "what holds under a condition": (OTHERS, "line.1", "holds only where"),
    "an entry at a fixed place": (OTHERS, "line.2", "looked up at 1"),
    "a derivative on the right": (OTHERS, "line.3", "has a derivative in it"),
    "what is not read": (OTHERS, "line.4", "line.4 is not read"),
    "what is NaN at 800": (
        SCALARS,
        "line.2",
        "at z = 800.0, loss is nan, should be 1; prove 1 / (2 + exp(z)) = ",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_says_why(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, line, why = REFUSED[name]
    file, out = written(text, tmp_path), tmp_path / "gradient.py"
    assert main([str(file), line, "-o", str(out)]) == 1
    assert why in capsys.readouterr().err
    assert not out.exists()


PLANTED = {
    "a sign": (LOGISTIC, "sigmoid(product) - t", "sigmoid(product) + t"),
    "a factor": (LOGISTIC, "lambda_ * w", "2 * lambda_ * w"),
    "a term of the loss": (LOGISTIC, " / 2", " / 3"),
    "an axis": (CLASSES, "scores.argmax(axis=0)", "scores.argmax(axis=1)"),
    "a transpose": (HIDDEN, "V @ x", "V.T @ x"),
    "the first example alone": (LOGISTIC, "X.T @ (", "X.T[:, :2] @ (0 * t[:2] + "),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_caught(name: str, tmp_path: Path) -> None:
    text, old, new = PLANTED[name]
    module = made_of(text, "line.1", tmp_path)
    assert old in module.text
    with pytest.raises(Refusal, match=r"does not compute the line|depends on a size"):
        proved_text(replace(module, text=module.text.replace(old, new)))


INACCURATE = {
    "a complement": (HIDDEN, "sigmoid(-factor)", "(1 - sigmoid(factor))"),
    "a hyperbolic tangent": (SCALARS, "np.tanh(z)", "(np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)"),
    "a softmax by no leader": (CLASSES, "scores - picked_out", "scores - 0 * picked_out"),
}


@pytest.mark.parametrize("name", INACCURATE)
def test_a_form_that_loses_digits_is_caught(name: str, tmp_path: Path) -> None:
    text, old, new = INACCURATE[name]
    module = made_of(text, "line.1", tmp_path)
    assert old in module.text
    with pytest.raises(Refusal, match=r"is not accurate: at .*, should be"):
        require_accurate(replace(module, text=module.text.replace(old, new)), ())


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_the_table_is_proved(name: str) -> None:
    assert require_row(name) == f"function.{name}"


def test_a_row_that_is_false_is_refused() -> None:
    wrong = replace(ROWS["complement"], right=ROWS["sigmoid"].right)
    with pytest.raises(Refusal, match="no code may rest on it"):
        require_proved(wrong)


OTHER_BACK_ENDS = [name for name in back_ends() if name != "numpy"]

MORE = r"""
```given
size n, d >= 1
index s, t in 1..n
index i, k in 1..d
matrix X in R^{n x d}
vector y in R^n
vector w in R^d
vector u in R^d
scalar \alpha
define r = X w - y
define J = \frac{1}{2} \|r\|^2
define R = \sum_s \max(0, 1 - y_s w^T X_s)
define S = \sum_i |w_i|
define v = \sum_i (w_i - u_i)^2 / d
define N = \sqrt{1 + v}
```
$$\frac{\partial J}{\partial w} = X^T (X w - y)$$
$$\frac{\partial J}{\partial X} = (X w - y) w^T$$
$$\frac{\partial J}{\partial y_s} = y_s - \sum_i X_{si} w_i$$
$$\frac{\partial^2 J}{\partial w_i \partial w_k} = \sum_s X_{si} X_{sk}$$
$$\frac{\partial N}{\partial u_i} = \frac{u_i - w_i}{d \sqrt{1 + v}}$$
$$\frac{\partial}{\partial \alpha} (\alpha^2 J) = 2 \alpha J$$
$$\frac{\partial}{\partial w_i} (X_{si} w_i) = X_{si}$$
"""
ROWS_FILE = r"""
```given
size N, d, n >= 1
index w, x, o in Words = 1..N
index i in 1..d
index s in 1..n
vectors u_w in R^d, rows of U
vector v in R^d
list c_s in Words, s in 1..n
define J = -\log \frac{\exp(u_o^T v)}{\sum_w \exp(u_w^T v)}
define A = \sum_s u_{c_s}^T v
```
$$\frac{\partial J}{\partial v} = \sum_x \frac{\exp(u_x^T v)}{\sum_w \exp(u_w^T v)} u_x - u_o$$
$$\frac{\partial A}{\partial v} = \sum_s u_{c_s}$$
$$\frac{\partial A}{\partial u_w} = \sum_s \mathbb{1}_{c_s = w} v$$
"""
LINES = {
    "tanh by exponentials": (SCALARS, "line.1"),
    "softplus of numbers": (SCALARS, "line.3"),
    "logistic regression": (LOGISTIC, "line.1"),
    "hidden units": (HIDDEN, "line.1"),
    "classes": (CLASSES, "line.1"),
    "least squares": (MORE, "line.1"),
    "by a matrix": (MORE, "line.2"),
    "by an entry of the data": (MORE, "line.3"),
    "a Hessian": (MORE, "line.4"),
    "a root": (MORE, "line.5"),
    "by a number": (MORE, "line.6"),
    "a softmax of words": (ROWS_FILE, "line.1"),
    "rows of words": (ROWS_FILE, "line.2"),
    "by rows of words": (ROWS_FILE, "line.3"),
}


@cache
def text_of(name: str, backend: str, folder: Path) -> LineModule:
    """The module of a line, neither run nor measured."""
    text, line = LINES[name]
    return module_of(proved_line(written(text, folder), line), {}, backend)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lines")


def drawn(kernel: Kernel, dtype: Any) -> list[Any]:
    """Arguments of the shapes that a kernel says, all lengths different."""
    rng = np.random.default_rng(len(kernel.arguments))
    letters = dict.fromkeys(letter for one in kernel.arguments for letter in one.letters)
    lengths = {letter: 3 + n for n, letter in enumerate(letters)}
    below = {
        axis.space: lengths[letter]
        for one in kernel.arguments
        for axis, letter in zip(one.axes, one.letters, strict=True)
    }
    given: list[Any] = []
    for one in kernel.arguments:
        shape = tuple(lengths[letter] for letter in one.letters)
        if one.is_integer:
            words = rng.integers(0, below[members(one)], shape)
            given.append(words if one.axes else int(words))
        else:
            numbers = rng.normal(size=shape)
            given.append(numbers.astype(dtype) if one.axes else float(numbers))
    return given


def dense(results: Any, rows: int) -> list[Any]:
    return [one.dense(rows) if hasattr(one, "rows") else np.asarray(one) for one in results]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("backend", OTHER_BACK_ENDS)
@pytest.mark.parametrize("name", LINES)
def test_the_module_of_a_line_agrees_with_that_for_numpy(
    name: str, backend: str, dtype: Any, folder: Path
) -> None:
    ours, theirs = text_of(name, "numpy", folder), text_of(name, backend, folder)
    given = drawn(ours.kernel, dtype)
    rows = len(given[0]) if np.ndim(given[0]) else 0
    with np.errstate(all="ignore"):
        expected = dense(loaded(ours.text)(*given), rows)
        got = dense(loaded(theirs.text, backend)(*given), rows)
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    for one, other in zip(got, expected, strict=True):
        assert one.shape == other.shape
        assert one.dtype == other.dtype or not one.ndim
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("backend", back_ends())
@pytest.mark.parametrize("name", [name for name in LINES if name != "a Hessian"])
def test_the_gradient_of_a_line_is_the_slope_of_its_loss(
    name: str, backend: str, folder: Path
) -> None:
    module = text_of(name, backend, folder)
    given = [np.asarray(one) for one in drawn(module.kernel, np.float64)]
    (gradient,) = module.kernel.gradients
    own = next(n for n, one in enumerate(module.kernel.arguments) if one.name == gradient.by)
    with np.errstate(all="ignore"):
        function: Callable[..., Any] = loaded(module.text, backend)
        _, grad = dense(function(*given), len(given[own]) if given[own].ndim else 0)
        wanted = slope(lambda: float(function(*given)[0]), given[own])
    np.testing.assert_allclose(grad, wanted, atol=1e-6)


PLANTED_THERE = {
    ("compiled", "a sign"): ("logistic regression", "sigmoid(product_2[s]) - t[s]", "t[s]"),
    ("compiled", "a factor"): ("logistic regression", "lambda_ * w[i]", "number(2) * w[i]"),
    ("compiled", "a size"): ("logistic regression", "range(d)", "range(min(d, 3))"),
    ("compiled", "a row for a column"): ("a Hessian", "X.T, X[:, i]", "X, X[:, i]"),
    ("compiled", "what is kept"): ("least squares", "= number(0)", "= w[0]"),
    ("jax", "a sign"): ("logistic regression", "sigmoid(product) - t", "sigmoid(product) + t"),
    ("jax", "a transpose"): ("hidden units", "V @ x", "V.T @ x"),
    ("jax", "a rule by another"): ("logistic regression", 'grad, "w")', 'grad, "t")'),
    ("jax", "a rule's loss"): ("logistic regression", "lambda_)[0]", "lambda_)[0] / 2"),
    ("jax", "rows of words"): ("rows of words", "taken(U, c)", "U"),
}


@pytest.mark.parametrize(("backend", "what"), PLANTED_THERE)
def test_a_mistake_in_the_text_of_another_back_end_is_caught(
    backend: str, what: str, folder: Path
) -> None:
    name, old, new = PLANTED_THERE[backend, what]
    module = text_of(name, backend, folder)
    assert old in module.text
    with pytest.raises(Refusal, match=r"does not compute the line|depends on a size"):
        proved_text(replace(module, text=module.text.replace(old, new)))


@pytest.mark.parametrize(
    ("backend", "old", "new"),
    [
        ("jax", "np.tanh(z)", "(np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)"),
        ("compiled", "tanh(z)", "(np.exp(number(2) * z) - 1) / (np.exp(number(2) * z) + 1)"),
    ],
)
def test_a_form_that_loses_digits_is_caught_there_too(
    backend: str, old: str, new: str, folder: Path
) -> None:
    module = text_of("tanh by exponentials", backend, folder)
    wrong = replace(module, text=module.text.replace(f"loss = {old}", f"loss = {new}"))
    assert wrong != module
    with pytest.raises(Refusal, match=r"is not accurate: at .*, should be"):
        require_accurate(wrong, ())


@pytest.mark.parametrize("backend", OTHER_BACK_ENDS)
def test_the_command_writes_and_proves_a_module(
    backend: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "gradient.py"
    file = str(written(HIDDEN, tmp_path))
    assert main([file, "line.1", "--backend", backend, "-o", str(out)]) == 0
    assert "The text was run on symbols" in capsys.readouterr().out
    assert f"from generated.{backend}._runtime" in out.read_text()
    assert f"line.1 --backend {backend}`: do not edit." in out.read_text()


def test_back_ends_that_are_not_there_are_refused_by_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(written(HIDDEN, tmp_path)), "line.1", "--backend", "cupy"])
    assert all(f"'{name}'" in capsys.readouterr().err for name in ("numpy",))


def test_what_a_back_end_does_not_print_is_refused_with_those_that_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(written(SCALARS, tmp_path))
    assert main([file, "line.1", "--name", "z=exp", "--backend", "compiled"]) == 1
    said = capsys.readouterr().err
    assert "the back end compiled prints no program of it: value_and_grad hides exp" in said
    assert "numpy and jax can" in said


def imported(module: LineModule, folder: Path) -> Any:
    """The module as it is imported from a file."""
    path = folder / f"{module.backend}_module.py"
    path.write_text(module.text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.slow  # Numba and JAX compile them
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", ["softplus of numbers", "classes", "by rows of words"])
@pytest.mark.parametrize("backend", OTHER_BACK_ENDS)
def test_a_module_runs_where_it_is_compiled(
    backend: str, name: str, dtype: Any, tmp_path: Path
) -> None:
    pytest.importorskip({"compiled": "numba"}.get(backend, backend))
    module = text_of(name, backend, tmp_path)
    given = drawn(module.kernel, dtype)
    rows = len(given[0]) if np.ndim(given[0]) else 0
    expected = dense(loaded(text_of(name, "numpy", tmp_path).text)(*given), rows)
    tolerance = 1e-12 if dtype is np.float64 else 1e-5
    with double() if backend == "jax" else nullcontext():
        own = imported(module, tmp_path)
        got = dense(own.value_and_grad(*given), rows)
        if backend == "jax":
            import jax

            by = [one.name for one in module.kernel.arguments].index(module.kernel.gradients[0].by)
            slope_of = jax.jit(jax.grad(own.loss, argnums=by))(*map(np.asarray, given))
            np.testing.assert_allclose(slope_of, expected[1], rtol=tolerance, atol=tolerance)
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


def double() -> Any:
    import jax

    return jax.enable_x64(True)
