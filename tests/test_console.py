"""The checker by its console script and as a function: the same verdicts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest

import derivations
from derivations import Report, check, check_many
from derivations.console import main

TEXT = "```given\nscalar a, b\n```\n$$a + b = b + a$$\n\n$$a = b$$\n- line.2 refuted\n"


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "own.md"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_a_file_is_verified(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", own]) == 0
    assert "2 steps · 1 proved · 1 wrong, as the file says" in " ".join(
        capsys.readouterr().out.split()
    )


def test_with_strict_a_file_cannot_say_that_it_expects_to_be_wrong(
    own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", own, "--strict", "--repairs", "none"]) == 1
    assert "2 steps · 1 proved · 1 to look at" in " ".join(capsys.readouterr().out.split())


def test_declarations_are_proposed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.md").write_text("$$x^T y = y^T x$$\n")
    assert main(["new", str(tmp_path / "own.md")]) == 0
    assert "vector x" in capsys.readouterr().out


def test_help_and_version_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == main(["--help"]) == main(["--version"]) == 0
    told = capsys.readouterr().out
    assert told.count("usage: derivations") == 2
    assert "derivations 0" in told


def test_what_is_no_command_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verfy"]) == 2
    assert "'verfy' is no command" in capsys.readouterr().err


GIVEN = "```given\nscalar a, b\n```\n"
RIGHT, WRONG = f"{GIVEN}$$a + b = b + a$$\n", f"{GIVEN}$$a = a$$\n\n$$2 a = a$$\n"
ENDLESS = f"{GIVEN}$$\\log(999999999989^{{12}} + 1) + (a + b)^{{999}} = 0$$\n"


def test_a_text_has_a_verdict_a_line() -> None:
    report = check(WRONG)
    assert [(each.id, each.verdict) for each in report] == [
        ("line.1", "proved"),
        ("line.2", "refuted"),
    ]
    line = report["line.2"]
    assert (line.line, line.column, line.latex) == (6, 9, "2 a = a")
    assert line.difference == "a"
    assert line.witness is not None
    assert not report.passed
    assert not report.all_proved


def test_a_file_is_read_and_a_missing_one_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "own.md"
    path.write_text(RIGHT, encoding="utf-8")
    assert check(path) == check(str(path))
    assert check(path).passed
    with pytest.raises(FileNotFoundError):
        check(tmp_path / "none.md")


def test_declarations_may_be_given_beside_the_text() -> None:
    assert check("$$a + b = b + a$$", given="scalar a, b").all_proved
    assert check(f"{GIVEN}$$a^T a = a^2$$", given="vector a in R^3")["line.1"].verdict != "proved"


def test_a_text_without_declarations_gets_them_proposed() -> None:
    report = check("$$x^T y = y^T x$$")
    assert report.code == 2
    assert "declares nothing" in report.error
    assert "vector x" in report.proposal


def test_what_is_no_derivation_says_so() -> None:
    report = check("no formula")
    assert (report.code, len(report)) == (2, 0)
    assert "no line to judge" in report.error


def test_a_text_that_expects_to_be_wrong_passes_and_is_not_all_proved() -> None:
    report = check(f"{WRONG}- line.2 refuted\n")
    assert report.passed
    assert not report.all_proved


def test_suggestions_are_sought_on_demand() -> None:
    wrong = f"{GIVEN}$$a (a - b) = a^2 + a b$$\n"
    assert check(wrong)["line.1"].suggestions == ()
    assert "a (a - b) = a^2 - a b" in check(wrong, suggest=True)["line.1"].suggestions


@pytest.mark.parametrize(("name", "value"), [("seconds", 0), ("memory", 1)])
def test_limits_out_of_range_are_refused_by_name(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=name):
        check(RIGHT, **{name: value})  # type: ignore[arg-type]


def test_many_texts_come_in_their_order_and_none_costs_another() -> None:
    texts = [RIGHT, WRONG, ENDLESS, "no formula", RIGHT]
    found = list(check_many(texts, jobs=2, seconds=0.5))
    assert [each.code for each in found] == [0, 1, 1, 2, 0]
    with ThreadPoolExecutor(2) as executor:
        again = list(check_many(texts[:2], executor=executor))
    assert [verdicts(each) for each in again] == [verdicts(each) for each in found[:2]]


def verdicts(report: Report) -> list[str]:
    return [each.verdict for each in report]


def test_a_notebook_shows_it_as_a_table() -> None:
    report = check(f"{GIVEN}$$a < \\text{{<b>}}$$\n\n$$|a| = b$$\n")
    assert "&lt;" in report._repr_html_()
    assert "<b>" not in report._repr_html_()
    assert "| line.2 | $\\vert a\\vert  = b$ | refuted |" in report._repr_markdown_()


def test_its_names_are_listed_and_others_are_an_error() -> None:
    assert {"check", "check_many", "check_kernel", "Report"} <= set(dir(derivations))
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        _ = derivations.chekc


@pytest.mark.parametrize("package", ["derivations", "codegen", "generated"])
def test_a_package_says_that_it_is_typed(package: str) -> None:
    assert files(package).joinpath("py.typed").is_file()


def test_what_the_declarations_require_is_in_the_report() -> None:
    given = "scalar a, b\nrequire (a + b)^2 = a^2 + 2 a b + b^2"
    report = check("$$(a + b)^2 = a^2 + 2 a b + b^2$$", given=given)
    assert report.all_proved
    assert [(each.id, each.shown, each.by) for each in report.required] == [
        ("required.1", True, ("line.1",))
    ]
    report = check("$$0 = 0$$", given=given)
    assert not report.passed
    assert not report.all_proved
    assert "not shown" in report._repr_html_()
    assert "not shown" in report._repr_markdown_()


def test_a_daemonic_process_is_told_why_it_cannot_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derivations.python.current_process", lambda: SimpleNamespace(daemon=True))
    with pytest.raises(RuntimeError, match="process of its own"):
        check(RIGHT)


def test_a_function_of_numbers_at_vectors_may_be_another_one() -> None:
    """A text has many functions called p: what fits none that is declared is no error."""
    given = "size n >= 1\nvector x, m in R^n\nscalar s, t\ndefine p(s \\mid t) = e^{-(s - t)^2}"
    (line,) = check("$$\\log p(x \\mid m) = -(x - m)^T (x - m)$$", given=given)
    assert line.verdict == "undecided"
    assert "is this another p" in line.reason
