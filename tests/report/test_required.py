"""A required equality is shown by proved steps of the solution, and by nothing else."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest

from derivations.report.judging import judge_all
from derivations.report.results import Results, results_of
from derivations.report.subject import HowToRead, of_file
from derivations.verify import main

EXERCISE = r"""
# Exercise 1

Derive the gradient of the loss.

```given
size n, d >= 1
index s, r in 1..n
vectors x_s in R^d, rows of X
vector y in R^n
vector w in R^d
scalar \lambda
define J(w) = \frac{1}{2} \sum_s (x_s^T w - y_s)^2 + \frac{\lambda}{2} \lVert w \rVert^2
require \frac{\partial J}{\partial w} = X^T (X w - y) + \lambda w
require \nabla_w J = ...
```
"""
STEP = r"\frac{\partial J}{\partial w} = \sum_s (x_s^T w - y_s) x_s + \lambda w"
WRONG = STEP.replace(r"\lambda", "2")
GOAL = r"X^T (X w - y) + \lambda w"


def judged(tmp_path: Path, solution: str, exercise: str = EXERCISE) -> Results:
    (tmp_path / "exercise.md").write_text(exercise)
    (tmp_path / "own.md").write_text(solution)
    how = HowToRead(given=str(tmp_path / "exercise.md"))
    subject = of_file(str(tmp_path / "own.md"), None, how)
    judgements = judge_all(subject.everything, None, "default", lambda name: None)
    return results_of(subject, judgements, 0.0)


def shown(tmp_path: Path, solution: str, exercise: str = EXERCISE) -> list[bool]:
    found = judged(tmp_path, solution, exercise)
    assert not found.problems
    return [each.is_shown for each in found.required]


SHOWN = [
    f"$${STEP} = {GOAL}$$",
    f"$${STEP}$$\n\n$$\\lambda w + X^T (-y + X w) = \\sum_r (x_r^T w - y_r) x_r + \\lambda w$$",
    "```given\ndefine e = X w - y\n```\n$$\\nabla_w J = X^T e + \\lambda w$$",
    f"$$\\frac{{\\partial}}{{\\partial w}} J(w) = {GOAL}$$",
]


@pytest.mark.parametrize("solution", SHOWN)
def test_proved_steps_that_lead_from_one_side_to_the_other_show_it(
    solution: str, tmp_path: Path
) -> None:
    assert shown(tmp_path, solution) == [True, True]


NOT_SHOWN = {
    "0 = 0": ("$$0 = 0$$", "no proved line has"),
    "true, and nothing that is asked for": (f"$${GOAL} = {GOAL}$$", "no proved line has"),
    "the derivative in terms of itself": (
        r"$$\nabla_w J = 2 \nabla_w J - \frac{\partial J}{\partial w}$$",
        "no proved step leads from",
    ),
    "a wrong step on the way": (
        f"$${WRONG} = {GOAL}$$\n- line.1 refuted",
        "its chain breaks at line.1, which is refuted",
    ),
    "a wrong step that says so": (
        "$$\\nabla_w J = X^T (X w - y) + w$$\n- line.1 refuted",
        "its chain breaks at line.1, which is refuted",
    ),
    "a step under a condition of one's own": (
        f"```given\nindex p, q in 1..n\n```\n$${STEP}$$\n- if $p = q$",
        "which holds under what the exercise does not say",
    ),
    "a step that assumes it": (
        "Let $\\lambda w = 0$. Then\n\n$$\\nabla_w J = X^T (X w - y)$$",
        "which follows from what is assumed",
    ),
    "the loss defined anew": (
        "```given\ndefine J(w) = \\lambda\n```\n$$\\frac{\\partial J}{\\partial w} = 0$$",
        "which is refuted",
    ),
    "a macro instead of the loss": (
        "$$\\newcommand{\\partialy}{0}\\def\\nabla{0}$$\n$$\\nabla_w J = 0$$",
        "",
    ),
}


@pytest.mark.parametrize(("solution", "why"), NOT_SHOWN.values(), ids=NOT_SHOWN)
def test_nothing_else_shows_it(solution: str, why: str, tmp_path: Path) -> None:
    found = judged(tmp_path, solution)
    assert [each.is_shown for each in found.required] == [False, False]
    assert why in found.required[1].reason
    assert not found.passed


def test_an_answer_in_another_form_is_one_where_any_is_asked_for(tmp_path: Path) -> None:
    other = r"$$\nabla_w J = X^T X w - X^T y + \lambda w$$"
    found = judged(tmp_path, other)
    assert [each.is_shown for each in found.required] == [False, True]
    assert "ends with X^T X w - X^T y + \\lambda w" in found.required[0].reason


def test_a_line_that_is_not_read_is_told_with_what_is_not_shown(tmp_path: Path) -> None:
    found = judged(tmp_path, f"$$\\nabla_w J = \\foo = {GOAL}$$")
    assert "line.1, line.2 could not be read" in found.required[0].reason


LAYERS = r"""
size n, m >= 1
vector x in R^n
vector t in R^m
matrix W in R^{m x n}
vector b in R^m
define z = W x + b
define a = \tanh(z)
define L = \frac{1}{2} \lVert a - t \rVert^2
require \frac{\partial L}{\partial W} = ((a - t) \odot (1 - a^2)) x^T
"""
BIAS = r"\frac{\partial L}{\partial b}"
WEIGHTS = rf"$$\frac{{\partial L}}{{\partial W}} = {BIAS} x^T$$"


def test_a_derivative_that_is_worked_out_elsewhere_may_be_put_in(tmp_path: Path) -> None:
    known = rf"$${BIAS} = (a - t) \odot (1 - a^2)$$"
    assert shown(tmp_path, f"{known}\n\n{WEIGHTS}", LAYERS) == [True]
    assert shown(tmp_path, f"{WEIGHTS}", LAYERS) == [False]
    assert shown(tmp_path, f"$${BIAS} = {BIAS}$$\n\n{WEIGHTS}", LAYERS) == [False]


def test_another_letter_for_a_free_index_is_the_same_and_one_letter_for_two_is_not(
    tmp_path: Path,
) -> None:
    exercise = r"""
size n >= 1
index i, j, k in 1..n
vector x in R^n
require \frac{\partial^2}{\partial x_i \partial x_j} \sum_k x_k^2 = ...
"""
    second = r"\frac{\partial^2}{\partial x_%s \partial x_%s} \sum_l x_l^2"
    exercise = exercise.replace("index i, j, k", "index i, j, k, l")
    assert shown(tmp_path, f"$${second % ('k', 'i')} = 2 \\delta_{{ik}}$$", exercise) == [True]
    assert shown(tmp_path, f"$${second % ('i', 'i')} = 2$$", exercise) == [False]


def test_a_function_of_which_nothing_is_known_keeps_its_derivative_by_something_else(
    tmp_path: Path,
) -> None:
    exercise = r"""
size n, m >= 1
vector x in R^n
matrix W in R^{m x n}
define y = W x
arbitrary L(y)
require \frac{\partial L}{\partial W} = ...
"""
    right = r"$$\frac{\partial L}{\partial W} = \frac{\partial L}{\partial y} x^T$$"
    itself = r"$$\frac{\partial L}{\partial W} = 3 \nabla_W L - 2 \nabla_W L$$"
    assert shown(tmp_path, right, exercise) == [True]
    assert shown(tmp_path, itself, exercise) == [False]


def test_without_a_derivative_any_other_form_is_an_answer(tmp_path: Path) -> None:
    exercise = "scalar a, b\nrequire (a + b)^2 = ...\nrequire $a^2 - b^2 = (a + b) (a - b)$\n"
    assert shown(tmp_path, "$$(b + a)^2 = a^2 + 2 a b + b^2$$", exercise) == [True, False]
    assert shown(tmp_path, "$$(b + a)^2 = 0 + (a + b)^2$$", exercise) == [False, False]
    assert shown(tmp_path, "$$(a - b)(b + a) = a^2 - b^2$$", exercise) == [False, True]


def test_what_is_required_is_read_by_what_the_exercise_declares_alone(tmp_path: Path) -> None:
    exercise = "```given\nscalar a\n```\n## (b)\n```given\nscalar c\nrequire a c = ...\n```\n"
    exercise += "## (c)\n```given\nrequire q = ...\nrequire a\nrequire a = a + x^T\n```\n"
    solution = "```given\nscalar q, x\n```\n## (b)\n$$a c = c a + 0 = a + c$$\n"
    found = judged(tmp_path, solution, exercise)
    assert [(each.required.part, each.is_shown) for each in found.required] == [("b", False)]
    assert [each.place.within for each in found.problems] == ["exercise.md"] * 3
    assert [each.place.line for each in found.problems] == [11, 12, 13]


def test_a_solution_of_one_exercise_need_not_repeat_its_heading(tmp_path: Path) -> None:
    exercise = (
        "# Exercise 1\n```given\nscalar a, b\n```\n## (a)\n```given\nrequire (a + b)^2 = ...\n"
    )
    exercise += "```\n## (b)\n```given\nscalar c\nrequire a (b + c) = ...\n```\n"
    steps = "## (a)\n$$(a + b)^2 = a^2 + 2 a b + b^2$$\n\n## (b)\n$$a (b + c) = a b + a c$$\n"
    for solution in (steps, f"# Exercise 1\n\n{steps}"):
        assert shown(tmp_path, solution, exercise) == [True, True]


def test_a_file_may_require_something_of_itself(tmp_path: Path) -> None:
    block = "```given\nscalar a, b\nrequire (a + b)^2 = a^2 + 2 a b + b^2\n```\n"
    assert shown(tmp_path, f"{block}$$(a + b)^2 = a^2 + 2 a b + b^2$$", "") == [True]
    assert shown(tmp_path, f"{block}$$a = a$$", "") == [False]


def test_an_exercise_beside_the_solutions_is_none_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercise = tmp_path / "exercise.md"
    exercise.write_text("scalar a\nrequire a + a = 2 a\n")
    (tmp_path / "own.md").write_text("$$a + a = 2 a$$")
    code = main(["--given", str(exercise), str(tmp_path), "--format", "json"])
    assert [Path(each["file"]).name for each in json.loads(capsys.readouterr().out)["files"]] == [
        "own.md"
    ]
    assert code == 0


NAMES = [f"student{number:02}.md" for number in range(60)]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Sixty solutions: most are right, some go wrong, leave out the end, cheat or are no text."""
    (tmp_path / "exercise.md").write_text("scalar a, b\nrequire (a + b)^2 = a^2 + 2 a b + b^2\n")
    folder = tmp_path / "solutions"
    folder.mkdir()
    right = "$$(a + b)^2 = (a + b)(a + b) = a^2 + a b + b a + b^2 = a^2 + 2 a b + b^2$$\n"
    kinds = [right] * 5
    kinds.append(right.replace("a b + b a", "a b"))
    kinds.append("$$(a + b)^2 = (a + b)(a + b)$$\n")
    kinds.append("$$0 = 0$$\n")
    kinds.append("$$(a + b)^2 = a^2 + b^2$$\n- line.1 refuted\n")
    kinds.append("```given\nscalar a\ndefine b = 0\n```\n$$(a + b)^2 = a^2$$\n- line.1 refuted\n")
    for number, name in enumerate(NAMES):
        (folder / name).write_text(kinds[number % 10])
    (folder / NAMES[0]).write_bytes(b"\xff\xfe\xfa")
    (folder / NAMES[1]).write_text("I did it on paper.")
    return tmp_path


def run(course: Path, output: str, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    files = ["--strict", "--given", str(course / "exercise.md"), str(course / "solutions")]
    code = main([*files, "--repairs", "none", "--format", output, *more])
    assert code == 2
    return capsys.readouterr().out


def test_a_course_of_sixty_is_judged_in_one_run(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(run(course, "json", capsys))
    assert len(content["files"]) == 60
    errors = [Path(each["file"]).name for each in content["files"] if each["error"]]
    assert errors == NAMES[:2]
    for number, each in enumerate(content["files"][2:], 2):
        (required,) = each["required"]
        assert each["code"] == (0 if number % 10 < 5 else 1), each
        assert required["shown"] == (number % 10 < 5)
        assert required["shown"] or required["reason"]


def test_other_programs_are_told_what_is_required_too(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in NAMES[10:]:
        (course / "solutions" / name).unlink()
    rows = list(csv.DictReader(StringIO(run(course, "csv", capsys))))
    shown = {Path(r["file"]).stem[-2:]: r["verdict"] for r in rows if r["id"] == "required.1"}
    assert shown == {f"{n:02}": "shown" if n < 5 else "not shown" for n in range(2, 10)}
    assert [row["id"] for row in rows if "not text" in row["message"]] == [""]
    content = json.loads(run(course, "gradescope", capsys))
    tests = [each for each in content["tests"] if each["name"].endswith("required.1")]
    assert [each["score"] for each in tests] == [1] * 3 + [0] * 5
    assert sum(each["max_score"] for each in content["tests"]) == 8
    assert content["output"] == "2 to be read by a person"
    run(course, "junit", capsys, "--html", str(course / "page"))
    page = (course / "page").read_text()
    cells = r'<td class="count">\d+ of \d+</td><td class="count">(\d of 1)</td>'
    shown_in = [found[1] for found in re.finditer(cells, page)]
    assert sorted(shown_in) == ["0 of 1"] * 5 + ["1 of 1"] * 3
