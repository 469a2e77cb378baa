"""What a file requires and declares, proposed where it does not."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from io import StringIO
from pathlib import Path
from subprocess import run

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.report.judging import judge_all
from derivations.report.results import Results, results_of
from derivations.report.subject import HowToRead, Subject, of_file
from derivations.verify import main

# A required equality is shown by proved steps of the solution, and by nothing else.


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
def test_what_does_not_lead_to_what_is_required_does_not_show_it(
    solution: str, why: str, tmp_path: Path
) -> None:
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


def run_of_required(
    course: Path, output: str, capsys: pytest.CaptureFixture[str], *more: str
) -> str:
    files = ["--strict", "--given", str(course / "exercise.md"), str(course / "solutions")]
    code = main([*files, "--repairs", "none", "--format", output, *more])
    assert code == 2
    return capsys.readouterr().out


def test_a_course_of_sixty_is_judged_in_one_run(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(run_of_required(course, "json", capsys))
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
    rows = list(csv.DictReader(StringIO(run_of_required(course, "csv", capsys))))
    shown = {Path(r["file"]).stem[-2:]: r["verdict"] for r in rows if r["id"] == "required.1"}
    assert shown == {f"{n:02}": "shown" if n < 5 else "not shown" for n in range(2, 10)}
    assert [row["id"] for row in rows if "not text" in row["message"]] == [""]
    content = json.loads(run_of_required(course, "gradescope", capsys))
    tests = [each for each in content["tests"] if each["name"].endswith("required.1")]
    assert [each["score"] for each in tests] == [1] * 3 + [0] * 5
    assert sum(each["max_score"] for each in content["tests"]) == 8
    assert content["output"] == "2 to be read by a person"
    run_of_required(course, "junit", capsys, "--html", str(course / "page"))
    page = (course / "page").read_text()
    cells = r'<td class="count">\d+ of \d+</td><td class="count">(\d of 1)</td>'
    shown_in = [found[1] for found in re.finditer(cells, page)]
    assert sorted(shown_in) == ["0 of 1"] * 5 + ["1 of 1"] * 3


# What an exercise gives holds: a solution that declares it otherwise is told, where and what.


EXERCISE_OF_GIVEN_ANEW = r"""
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
    (tmp_path / "exercise.md").write_text(EXERCISE_OF_GIVEN_ANEW)
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
    EXERCISE_OF_GIVEN_ANEW.strip().removeprefix("```given\n").removesuffix("\n```"),
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


# The command proposes declarations: where it is asked to, and where a file has none.


TEXT = "# Note\n\n$$J(x) = x^T x$$\n\n$$\\nabla_x J(x) = 2 x$$\n"
BLOCK = [
    "```given",
    "size d >= 1",
    "vector x in R^d",
    "# ? J: introduced at 3:3",
    "define J(x) = x^T x",
    "```",
]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text(TEXT)
    return path


def test_new_shows_a_block_to_paste_and_changes_nothing(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--new", str(note)]) == 0
    assert capsys.readouterr().out.splitlines() == BLOCK
    assert note.read_text() == TEXT


def test_a_file_without_declarations_is_not_judged_and_a_block_is_proposed(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(note)]) == 2
    found = capsys.readouterr()
    assert found.out.splitlines() == BLOCK
    assert "declares nothing, so that nothing is judged" in found.err
    assert note.read_text() == TEXT


def test_write_puts_the_block_in_front_and_the_file_is_judged_then(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--new", "--write", str(note)]) == 0
    assert "1 block of declarations put in; 1 question to look at" in capsys.readouterr().out
    assert note.read_text() == "\n".join([*BLOCK, "", TEXT])
    assert main([str(note)]) == 0


def test_write_leaves_a_file_that_has_declarations(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"```given\nscalar a\n```\n\n{TEXT}"
    note.write_text(text)
    assert main(["--new", "--write", str(note)]) == 2
    assert "has declarations already, and is left as it is" in capsys.readouterr().err
    assert note.read_text() == text


def test_write_keeps_the_line_breaks_of_the_file(note: Path) -> None:
    note.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert main(["--new", "--write", str(note)]) == 0
    assert b"\n" not in note.read_bytes().replace(b"\r\n", b"")


def test_displays_that_contradict_each_other_are_shown_and_the_exit_code_says_so(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note.write_text(f"{TEXT}\n$$x = x^T x$$\n")
    assert main(["--new", str(note)]) == 1
    assert "# ! x: " in capsys.readouterr().out


def test_a_file_that_needs_no_declarations_is_judged(note: Path) -> None:
    note.write_text("$$1 + 1 = 2$$\n")
    assert main([str(note)]) == 0
    assert main(["--new", str(note)]) == 0


def test_parts_have_blocks_of_their_own_where_a_letter_changes(
    note: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note.write_text(
        "## (a)\n\n$$\\sum_{x=1}^n y_x = \\sum_{x=1}^n y_x$$\n\n## (b)\n\n$$\\exp(x) = \\exp(x)$$\n"
    )
    assert main(["--new", str(note)]) == 0
    out = capsys.readouterr().out
    assert "index x in 1..n" in out
    assert "before line 7:" in out
    assert main(["--new", "--write", str(note)]) == 0
    assert main([str(note)]) == 0


@pytest.mark.parametrize("arguments", [["--new"], ["--write", "{}"], ["--new", "{}", "b.2"]])
def test_wrong_usage_is_refused(note: Path, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([each.format(note) for each in arguments])
    assert stopped.value.code == 2


def test_a_proposal_is_the_same_on_every_run(tmp_path: Path) -> None:
    file = tmp_path / "note.md"
    file.write_text(
        "$$\\sum_{w \\in V} \\exp(u_w^T v_c) = \\sum_{w \\in V} \\exp(v_c^T u_w) + u_o^T v_o$$\n\n"
        "$$L = f(p) + g(q) + h(r)$$\n\n$$\\frac{\\partial M}{\\partial x} = a + N + K$$\n"
    )
    command = [sys.executable, "-m", "derivations.verify", "--new", str(file)]
    seeds = [{**os.environ, "PYTHONHASHSEED": seed} for seed in ("1", "2")]
    one, other = (run(command, env=seed, capture_output=True, check=True) for seed in seeds)
    assert one.stdout == other.stdout


def test_each_of_several_files_without_declarations_gets_its_own_proposal(
    note: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = tmp_path / "declared.md"
    declared.write_text("```given\nscalar a\n```\n\n$$a + a = 2 a$$\n")
    assert main([str(note), str(declared)]) == 2
    out = capsys.readouterr().out
    assert "declares nothing" in " ".join(out.split())
    assert "define J(x) = x^T x" in out
    assert "1 of 2 files as they should be" in out
    assert main(["--format", "json", str(note), str(declared)]) == 2
    first, second = json.loads(capsys.readouterr().out)["files"]
    assert (first["code"], second["code"]) == (2, 0)
    assert first["proposal"].splitlines() == BLOCK


def test_blocks_for_latex_are_comments_and_are_put_into_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "note.tex"
    head = "\\documentclass{article}\n\\begin{document}\n"
    file.write_text(head + "\\[ J(x) = x^T x \\]\n\\[ \\nabla_x J(x) = 2 x \\]\n\\end{document}\n")
    assert main([str(file)]) == 2
    assert "% vector x in R^d" in capsys.readouterr().out
    assert main(["--new", "--write", str(file)]) == 0
    assert file.read_text().startswith(f"{head}% given\n% size d >= 1\n")
    assert main([str(file)]) == 0
