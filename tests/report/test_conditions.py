"""A derivative set to zero claims nothing: it passes where the text goes on from it.

A wrong step could hide in a condition, so what is set to zero has to be shown to be a derivative.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derivations import check
from derivations.verify import main

GIVEN = r"""
size n, d >= 1
matrix X in R^{n x d}
vector y in R^n
vector w in R^d
define J(w) = \frac{1}{2} \lVert X w - y \rVert^2
"""
NORMAL = r"\Rightarrow X^T X w = X^T y"
GRADIENT = r"$$\nabla_w J = X^T X w - X^T y$$"

PASS = {
    "a derivative that is named": rf"$$\nabla_w J = 0 {NORMAL}$$",
    "at the end of the chain of a derivative": (rf"$$\nabla_w J = X^T X w - X^T y = 0 {NORMAL}$$"),
    "what a line above shows to be one": rf"{GRADIENT}$$X^T X w - X^T y = 0 {NORMAL}$$",
    "the same the other way round": rf"{GRADIENT}$$0 = X^T X w - X^T y {NORMAL}$$",
}


@pytest.mark.parametrize("text", PASS.values(), ids=PASS)
def test_a_condition_that_is_used_passes_and_is_told_as_one(text: str) -> None:
    report = check(text, GIVEN)
    assert report.passed, report
    assert [each.role for each in report].count("condition") == 1
    assert report.all_proved


FAIL = {
    "a wrong derivative": rf"{GRADIENT}$$X^T X w + X^T y = 0 \Rightarrow X^T X w = - X^T y$$",
    "a derivative that nothing shows": rf"$$X^T X w - X^T y = 0 {NORMAL}$$",
    "the end of a wrong chain": (
        r"$$\nabla_w J = X^T X w + X^T y = 0 \Rightarrow X^T X w = - X^T y$$"
    ),
    "a derivative shown under other names": (
        "```given\nvector v in R^d\n```\n"
        r"$$\nabla_v (v^T v) = 2 v$$$$2 w = 0 \Rightarrow w = 0$$"
    ),
    "one from which nothing is said to follow": r"$$X w = X w$$$$\nabla_w J \overset{!}{=} 0$$",
}


@pytest.mark.parametrize("text", FAIL.values(), ids=FAIL)
def test_one_in_which_a_wrong_step_could_hide_does_not(text: str) -> None:
    report = check(text, GIVEN)
    assert not report.passed
    conditions = [each for each in report if "it is a condition" in each.reason]
    assert [each.role for each in conditions] in ([], ["claim"])


def test_screen_and_other_programs_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "own.md"
    file.write_text(f"```given\n{GIVEN}\n```\n{PASS['a derivative that is named']}")
    assert main([str(file), "-v"]) == 0
    shown = capsys.readouterr().out
    assert "2 steps · 1 proved · 1 condition" in shown
    assert r"⇒ line.1  \nabla_w J = 0  condition" in shown
    assert main([str(file), "--all"]) == 0
    assert "⇒ condition" in capsys.readouterr().out
    assert main([str(file), "--format", "json"]) == 0
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert [(each["role"], each["verdict"]) for each in lines] == [
        ("condition", "undecided"),
        ("claim", "proved"),
    ]
