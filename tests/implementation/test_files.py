"""A user's own derivation: what its file proves is what the code is held against."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import derivations
from derivations.implementation import Kind
from derivations.implementation.question import BadArguments
from generated import glove
from tests.implementation.kernels import quick

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
