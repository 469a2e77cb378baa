"""A new name defined in passing passes where a line uses it: by itself it shows nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from derivations import check
from derivations.verify import main

EXERCISE = r"""
size n, d >= 1
matrix X in R^{n x d}
vector y in R^n
vector w in R^d
define J(w) = \frac{1}{2} \lVert X w - y \rVert^2
"""
GRADIENT = r"$$\nabla_w J = X^T r$$"


def passes(tmp_path: Path, text: str, *options: str) -> bool:
    (tmp_path / "exercise.md").write_text(EXERCISE)
    (tmp_path / "own.md").write_text(text)
    given = ["--given", str(tmp_path / "exercise.md"), "--repairs", "none"]
    code = main([*given, *options, str(tmp_path / "own.md")])
    assert code in (0, 1)
    return code == 0


PASS = (
    f"$$r = X w - y$$\n\n{GRADIENT}",
    f"$$r := X w - y$$\n\n{GRADIENT}",
    f"$$r = X w - y, \\quad g = X^T r$$\n\n$$\\nabla_w J = g$$\n\n{GRADIENT}",
    "$$g = \\nabla_w J = X^T (X w - y)$$",
)


@pytest.mark.parametrize("text", PASS)
def test_a_name_that_is_defined_and_used_is_no_failure(text: str, tmp_path: Path) -> None:
    assert passes(tmp_path, text, "--strict")


FAIL = {
    "the answer hidden in a definition": "$$G = X^T (X w - y)$$",
    "the answer as a definition beside what is proved": "$$0 = 0$$\n\n$$G = X^T y$$",
    "a wrong definition that is used": f"$$r = X w$$\n\n{GRADIENT}",
    "used by nothing but the next definition": f"$$r = X w - y$$\n\n$$g = X^T r$$\n\n{GRADIENT}",
    "the given loss defined anew": "$$J(w) := 2 w^T w$$\n\n$$\\nabla_w J = 4 w$$",
    "a given vector defined anew": "$$y := X w$$\n\n$$\\nabla_w J = 0$$",
    "the given loss declared anew": "```given\ndefine J(w) = w^T w\n```\n\n$$X w = X w$$",
}


@pytest.mark.parametrize("text", FAIL.values(), ids=FAIL)
def test_one_that_stands_for_a_claim_or_for_what_is_given_is_one(text: str, tmp_path: Path) -> None:
    assert not passes(tmp_path, text)


def test_with_strict_the_sign_of_a_definition_does_not_stand_for_a_claim(tmp_path: Path) -> None:
    text = "$$X w = X w$$\n\n$$G := X^T y$$"
    assert passes(tmp_path, text)
    assert not passes(tmp_path, text, "--strict")


def test_a_line_looked_at_alone_is_used_by_those_that_are_not(tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text(f"```given\n{EXERCISE}\n```\n\n{PASS[0]}")
    assert main([str(tmp_path / "own.md"), "--explain", "line.1"]) == 0
    assert main([str(tmp_path / "own.md"), "line.1"]) == 0


def test_other_programs_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"$$r = X w - y$$\n\n{GRADIENT}\n\n$$G = X w$$"
    assert not passes(tmp_path, text, "--format", "json")
    lines = json.loads(capsys.readouterr().out)["lines"]
    told = [(each["defines"], each["verdict"], each["as_expected"]) for each in lines]
    assert told == [("r", "undecided", True), ("", "proved", True), ("G", "undecided", False)]
    passes(tmp_path, text, "--format", "gradescope")
    tests = json.loads(capsys.readouterr().out)["tests"]
    points = [(each["status"], each["score"], each["max_score"]) for each in tests]
    assert points == [("passed", 0, 0), ("passed", 1, 1), ("failed", 0, 1)]


def test_definitions_alone_are_nothing_proved() -> None:
    given = "scalar a, b"
    report = check("$$c = a + b$$\n\n$$c^2 = a^2 + 2 a b + b^2$$", given)
    assert report.passed
    assert report.all_proved
    assert report["line.1"].role == "definition"
    assert not check("$$c := a + b$$\n\n$$d := c$$", given).all_proved
