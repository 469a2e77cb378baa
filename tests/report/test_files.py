"""Files of every kind, folders, patterns and standard input are judged as they are."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from derivations.verify import main

GIVEN = "```given\nscalar a, b\n```\n\n"
TRUE, FALSE = "$$a + b = b + a$$\n", "$$a b = a + b$$\n"


def judged(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code = main([*map(str, arguments), "--format", "json", "--repairs", "none"])
    return code, json.loads(capsys.readouterr().out)


def verdicts(content: dict[str, Any]) -> list[str]:
    return [line["verdict"] for line in content["lines"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "true.md").write_text(GIVEN + TRUE)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "false.md").write_text(GIVEN + FALSE)
    (tmp_path / "deep" / "notes.txt").write_text("nothing")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "copy.md").write_text(GIVEN + FALSE)
    return tmp_path


def test_each_file_of_a_folder_has_its_own_result_and_the_worst_code_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none.md").write_text("prose")
    code, content = judged(capsys, folder)
    assert code == 2
    names = [Path(each["file"]).name for each in content["files"]]
    assert names == ["false.md", "none.md", "true.md"]
    assert [each["code"] for each in content["files"]] == [1, 2, 0]
    assert "no line to judge" in content["files"][1]["error"]
    assert verdicts(content["files"][0]) == ["refuted"]
    assert verdicts(content["files"][2]) == ["proved"]
    assert content["summary"] == {"passed": False, "files": 3, "files_passed": 1, "code": 2}


def test_a_file_that_another_one_takes_in_is_judged_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    given = "% given\n% scalar a, b\n\n"
    (tmp_path / "main.tex").write_text(given + TRUE + "\\input{part}\n% \\input{other}\n")
    (tmp_path / "part.tex").write_text(FALSE)
    (tmp_path / "other.tex").write_text(given + FALSE)
    code, content = judged(capsys, tmp_path)
    assert code == 1
    found = {Path(each["file"]).name: each for each in content["files"]}
    assert verdicts(found["main.tex"]) == ["proved", "refuted"]
    assert verdicts(found["other.tex"]) == ["refuted"]
    assert found["part.tex"]["code"] == 0
    assert found["part.tex"]["taken_in_by"] == found["main.tex"]["file"]
    assert "lines" not in found["part.tex"]
    main([str(tmp_path), "--repairs", "none", "-v"])
    assert "main.tex, which takes it in" in " ".join(capsys.readouterr().out.split())
    code, content = judged(capsys, tmp_path / "part.tex", tmp_path / "main.tex")
    assert [each["taken_in_by"] for each in content["files"]] == [None, None]


def test_files_that_take_each_other_in_are_judged_in_one_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for one, other in (("one", "other"), ("other", "one")):
        text = f"% given\n% scalar a, b\n\n{TRUE}\\input{{{other}}}\n"
        (tmp_path / f"{one}.tex").write_text(text)
    _, content = judged(capsys, tmp_path)
    assert sum(each["taken_in_by"] is not None for each in content["files"]) == 1


def test_many_files_and_patterns_are_one_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, content = judged(capsys, folder / "true.md", folder / "**" / "*.md", folder / "true.md")
    assert code == 1
    assert [Path(each["file"]).name for each in content["files"]] == ["true.md", "false.md"]


def test_many_files_are_counted_and_those_to_look_at_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    assert main([str(folder), "--repairs", "none"]) == 1
    page = capsys.readouterr().out
    assert "true.md" not in page
    assert "✗ 1 of 2 files as they should be · 2 steps · 1 proved" in page
    assert "false.md: 1 step · 0 proved · 1 to look at" in page
    assert main([str(folder), "--repairs", "none", "-v"]) == 1
    assert "true.md: 1 step · 1 proved" in capsys.readouterr().out


def test_a_folder_without_files_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "a folder without derivation files" in capsys.readouterr().err


def test_one_file_is_told_as_before(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, content = judged(capsys, folder / "true.md")
    assert code == 0
    assert "files" not in content
    assert verdicts(content) == ["proved"]


def test_any_existing_path_is_a_file(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "README").write_text(GIVEN + TRUE)
    assert judged(capsys, "README")[0] == 0


class _Stream:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)

    def close(self) -> None:
        self.buffer.close()


@pytest.mark.parametrize(
    "text",
    [
        GIVEN + TRUE,
        "\\documentclass{article}\n% given\n% scalar a, b\n\\begin{document}\n\\[a + b = b + a\\]",
        json.dumps({"cells": [{"cell_type": "markdown", "source": GIVEN + TRUE}]}),
    ],
    ids=["markdown", "latex", "notebook"],
)
def test_standard_input_is_a_file_of_any_kind(
    text: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", _Stream(text.encode()))
    code, content = judged(capsys, "-")
    assert code == 0
    assert verdicts(content) == ["proved"]


def test_declarations_of_a_file_of_their_own_win(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "```given\nscalar a, b, c\ndefine f = a\n```\n\n$$f = a$$\n\n$$f = b$$\n\n$$c = c$$\n"
    (folder / "own.md").write_text(text)
    assert verdicts(judged(capsys, folder / "own.md")[1]) == ["proved", "refuted", "proved"]
    for given in (
        "scalar a, b\ndefine f = b\n",
        "# ours\n\n```given\nscalar a, b\ndefine f = b\n```\n",
    ):
        (folder / "given.md").write_text(given)
        code, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
        assert code == 1
        assert verdicts(content) == ["refuted", "proved", "proved"]


def test_what_the_text_declares_wrongly_costs_nothing_where_it_is_declared_elsewhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "own.md").write_text("```given\nscalar a, b\ndefine f = \\foo\n```\n\n$$f = a$$\n")
    (folder / "given.md").write_text("scalar a, b\ndefine f = a\n")
    assert judged(capsys, folder / "own.md")[0] == 1
    code, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert (code, content["problems"]) == (0, [])


def test_declarations_of_their_own_may_use_what_the_text_declares(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (
        "```given\nsize n >= 1\nvector x in R^n\ndefine g = 2 f\n```\n\n"
        "$$g = 2 x^T x$$\n\n$$f = g$$\n"
    )
    (folder / "own.md").write_text(own)
    (folder / "given.md").write_text("define f = x^T x\nsize m >= 1\n")
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert verdicts(content) == ["not read", "not read"]
    (folder / "own.md").write_text(
        own.replace("define g = 2 f\n```\n", "```\n```given\ndefine g = 2 f\n```\n")
    )
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert (verdicts(content), content["problems"]) == (["proved", "refuted"], [])


def test_declarations_of_their_own_under_a_heading_are_of_the_part_of_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = (
        "```given\nscalar a\n```\n\n## (a)\n$$f = a$$\n"
        "## (b)\n```given\ndefine f = 2 a\n```\n$$f = 2 a$$\n"
    )
    (folder / "own.md").write_text(own)
    (folder / "given.md").write_text("## (a)\n```given\ndefine f = a\n```\n")
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert verdicts(content) == ["proved", "proved"]
    (folder / "given.md").write_text("```given\ndefine f = a\n```\n")
    _, content = judged(capsys, folder / "own.md", "--given", folder / "given.md")
    assert verdicts(content) == ["proved", "refuted"]


def test_what_is_wrong_in_the_declarations_says_in_which_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "given.md").write_text("scalar a, b\nscalr c\n")
    _, content = judged(capsys, folder / "true.md", "--given", folder / "given.md")
    (problem,) = content["problems"]
    assert (problem["within"], problem["line"]) == ("given.md", 2)


def test_formulas_in_the_text_are_judged_on_demand_and_assumptions_are_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "Clearly $a + b = b + a$, and \\(a b = a\\).\n\n"
        "If $a = b$ then $a = 2$. So $2 a = a + a$. $$a = a$$\n"
    )
    (folder / "own.md").write_text(GIVEN + text)
    _, content = judged(capsys, folder / "own.md")
    assert [line["id"] for line in content["lines"]] == ["line.1"]
    _, content = judged(capsys, folder / "own.md", "--inline")
    assert {line["id"]: line["verdict"] for line in content["lines"]} == {
        "line.inline1": "proved",
        "line.inline2": "refuted",
        "line.inline3": "proved",
        "line.1": "proved",
    }
    assert sum(each["count"] for each in content["elsewhere"]) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_are_told_by_how_a_file_begins(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (GIVEN + "Übung\n\n" + TRUE).replace("\n", "\r\n")
    (tmp_path / "own.md").write_bytes(text.encode(encoding))
    code, content = judged(capsys, tmp_path / "own.md")
    assert code == 0
    assert content["lines"][0]["line"] == 7


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((GIVEN + "Übung\n" + TRUE).encode("latin-1"), "may be Latin-1 or Windows-1252"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff", "not text in UTF-8"),
        (b"\xff\xfe$\0$", "not text in UTF-16"),
    ],
)
def test_what_is_in_another_encoding_is_refused_by_name(
    data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.md").write_bytes(data)
    assert main([str(tmp_path / "own.md")]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["a.md", "b.md", "line.1"], ["a.md", "b.md", "--explain", "line.1"], ["--inline"]],
)
def test_ids_are_of_one_file_and_some_options_of_files(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_what_is_about_a_folder_is_passed_over_where_no_equality_stands_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.md").write_text("```given\nscalar a\n```\n$$a + a = 2 a$$\n")
    about = tmp_path / "README.md"
    about.write_text("Notes of a course.\n")
    assert main([str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "1 of 1 file as they should be" in told.out
    assert "README.md is passed over: no equality stands in it" in told.err
    assert main([str(tmp_path / "a.md"), str(about)]) == 2
    about.write_text("Here $a = b$.\n")
    assert main([str(tmp_path)]) == 2
