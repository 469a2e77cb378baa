"""Lines of different kinds as modules of every back end: the same numbers, and the same proof."""

from __future__ import annotations

import importlib.util
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
from codegen.line.accuracy import loaded, proved_text, require_accurate
from codegen.line.made import Made, made
from codegen.line.sought import Refusal, found
from tests.codegen.scene import slope
from tests.codegen.test_line import CLASSES, HIDDEN, LOGISTIC, SCALARS, written

OTHERS = [name for name in back_ends() if name != "numpy"]

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
ROWS = r"""
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
    "a softmax of words": (ROWS, "line.1"),
    "rows of words": (ROWS, "line.2"),
    "by rows of words": (ROWS, "line.3"),
}


@cache
def text_of(name: str, backend: str, folder: Path) -> Made:
    """The module of a line, neither run nor measured."""
    text, line = LINES[name]
    return made(found(written(text, folder), line), {}, backend)


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
@pytest.mark.parametrize("backend", OTHERS)
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
        function = loaded(module.text, backend)
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


@pytest.mark.parametrize("backend", OTHERS)
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


def imported(module: Made, folder: Path) -> Any:
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
@pytest.mark.parametrize("backend", OTHERS)
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
