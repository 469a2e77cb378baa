"""What an exercise gives holds: a solution that declares it otherwise is told, where and what."""

from __future__ import annotations

from pathlib import Path

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.report.subject import HowToRead, Subject, of_file

EXERCISE = r"""
```given
size n, d >= 1
index s, r in 1..n
vectors x_s in R^d, rows of X
vector y in R^n
vector w in R^d
scalar a
scalar \lambda > 0
define f(t) = t^2
define J(w) = \frac{1}{2} \sum_s (x_s^T w - y_s)^2
subset S of 1..n
```
"""
LINE = "\n\n$$f(a) = a^2$$\n"


def solution(tmp_path: Path, declared: str, line: str = LINE) -> Subject:
    (tmp_path / "exercise.md").write_text(EXERCISE)
    (tmp_path / "own.md").write_text(f"```given\n{declared}\n```{line}")
    return of_file(str(tmp_path / "own.md"), None, HowToRead(given=str(tmp_path / "exercise.md")))


OTHERWISE = {
    "vector w in R^n": "w is given at exercise.md:7:1 as vector w in R^d",
    "scalar w": "w is given at exercise.md:7:1",
    "scalar a > 0": "a is given at exercise.md:8:1 as scalar a",
    "scalar J": "J is given at exercise.md:11:1 as define J(w)",
    r"define J(w) = \lambda": "J is given at exercise.md:11:1 as define J(w)",
    "define f(t) = t": "f is given at exercise.md:10:1 as define f(t) = t^2",
    "define f(t, u) = t^2": "f is given at exercise.md:10:1",
    "define a = 0": "a is given at exercise.md:8:1",
    "index s in 1..d": "s is given at exercise.md:4:1 as index s, r in 1..n",
    "size n >= 2": "n is given at exercise.md:3:1 as size n, d >= 1",
    "scalar k\nvector y, z in R^d": "y is given at exercise.md:6:1 as vector y in R^n",
    "subset S of 1..d": "S is given at exercise.md:12:1",
}


@pytest.mark.parametrize(("declared", "said"), OTHERWISE.items(), ids=OTHERWISE)
def test_what_is_given_declared_otherwise_is_told_and_not_followed(
    declared: str, said: str, tmp_path: Path
) -> None:
    found = solution(tmp_path, declared)
    (problem,) = found.problems
    last = declared.split("\n")[-1]
    assert (problem.place.line, problem.place.column) == (1 + len(declared.split("\n")), 1)
    assert problem.token == last
    assert said in problem.what
    assert "that holds here" in problem.advice


SAME = (
    EXERCISE.strip().removeprefix("```given\n").removesuffix("\n```"),
    "size d, n >= 1\nindex i, s in 1..n",
    "matrix X in R^{n x d}\nvectors x_r in R^d",
    r"scalar \lambda",
    r"scalar b, \lambda > 0",
    r"define J(w) = \frac{1}{2} \sum_r (-y_r + x_r^T w)^2",
    "define f(u) = u^2",
)


@pytest.mark.parametrize("declared", SAME)
def test_what_is_given_may_be_declared_once_more(declared: str, tmp_path: Path) -> None:
    assert solution(tmp_path, declared).problems == ()


def test_a_given_function_is_not_hidden_by_a_variable_of_its_name(tmp_path: Path) -> None:
    true, false = "\\nabla_w J = X^T (X w - y)", "\\nabla_w J = 0"
    found = solution(tmp_path, "scalar J", f"\n\n$${true}$$\n\n$${false}$$\n")
    verdicts = [judge(claim).verdict for claim in found.everything]
    assert verdicts == [Verdict.PROVED, Verdict.REFUTED]
