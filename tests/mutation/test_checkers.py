"""The checkers that are compared: each accepts what is true and says no to what is plainly not."""

from __future__ import annotations

import sys

import pytest

from benchmarks import checkers
from benchmarks.checkers import Case, Checker, Opinion, Truth, answers
from tests.repair.test_repair import read

CHECKERS = (checkers.JUDGE, checkers.EQUALS, checkers.NUMBERS)


def case(latex: str, truth: Truth = Truth.TRUE) -> Case:
    line = read(latex)
    left, right = latex.split(" = ", 1)
    return Case(latex, truth, (left, right), line.equality.scope, line.claim)


@pytest.mark.parametrize("checker", CHECKERS, ids=lambda checker: checker.name)
@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\sigma'(z) = \sigma(z) (1 - \sigma(z))", Opinion.ACCEPTED),
        (r"\sigma'(z) = \sigma(z) (1 + \sigma(z))", Opinion.REJECTED),
        (r"\sum_w y_w u_w = u_o", Opinion.ACCEPTED),
        (r"\frac{\partial}{\partial v_c} u_o^T v_c = u_o", Opinion.ACCEPTED),
        (r"\frac{\partial}{\partial v_c} u_o^T v_c = 2 u_o", Opinion.REJECTED),
    ],
)
def test_a_checker_tells_true_from_false(checker: Checker, latex: str, expected: Opinion) -> None:
    assert checker.says(case(latex)) is expected


def test_what_was_said_is_counted_by_what_is_known() -> None:
    lines = [
        case(r"\sigma(z) = 1 - \sigma(-z)"),
        case(r"\sigma(z) = 1 + \sigma(-z)", Truth.FALSE),
        case(r"U y = y^T U^T", Truth.ILL_TYPED),
    ]
    yes = Checker("yes", "", lambda case: Opinion.ACCEPTED, components=True)
    found = answers(yes, lines, 5.0, lambda: None)
    assert found.cell(Truth.FALSE, Opinion.ACCEPTED) == "1 of 1"
    assert found.cell(Truth.TRUE, Opinion.REJECTED) == "0 of 1"
    assert found.cell(Truth.ILL_TYPED, Opinion.ACCEPTED) == "not asked"
    assert found.wrong == [r"accepted though false: \sigma(z) = 1 + \sigma(-z)"]


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "math_verify", None)
    checkers._math_verify.cache_clear()
    with pytest.raises(SystemExit, match="pip install"):
        checkers.math_verify_says(case(r"\sigma(z) = 1 - \sigma(-z)"))
