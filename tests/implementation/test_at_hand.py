"""At hand: in a notebook, in a test, on the command line; and what the documentation shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivations.implementation import BadArguments, CheckReport, Kind
from derivations.implementation.kernel_command import main
from proved_kernels.pytest_plugin import failing_check
from tests.implementation.kernels import buffered, quick, rows, sigmoid

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
