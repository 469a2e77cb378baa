"""Every format for other programs says the same of the same lines, and is what it is called."""

from __future__ import annotations

import csv
import json
from importlib import import_module
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from derivations.report.verify_options import OUTPUTS
from derivations.verify import main

TEXT = """\
```given
scalar a, b
```
$$a + b = b + a$$

$$- a = b, \\quad a = \\foo$$
"""
WRONG = {"line.2": "refuted", "line.3": "not read"}


def written(folder: Path, output: str, capsys: pytest.CaptureFixture[str]) -> str:
    (folder / "own.md").write_text(TEXT, encoding="utf-8")
    (folder / "none.md").write_text("no formula", encoding="utf-8")
    code = main([str(folder), "--repairs", "none", "--format", output])
    assert code == 2
    return capsys.readouterr().out


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_format_names_each_wrong_line_and_each_file_that_is_none(
    output: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = written(tmp_path, output, capsys)
    for name, verdict in WRONG.items():
        assert name in page
        assert verdict in page
    assert "none.md" in page
    assert "no line to judge" in page


@pytest.mark.parametrize("output", OUTPUTS)
def test_every_format_says_first_what_it_is(output: str) -> None:
    about = import_module(f"derivations.report.outputs.{output}").__doc__
    assert about is not None
    assert len(about.splitlines()[0]) > len(output) + 20


def test_csv_has_a_row_a_line_and_no_cell_that_a_spreadsheet_computes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = list(csv.DictReader(StringIO(written(tmp_path, "csv", capsys))))
    assert [row["id"] for row in rows] == ["", "line.1", "line.2", "line.3"]
    assert [row["verdict"] for row in rows] == ["not read", "proved", "refuted", "not read"]
    assert rows[2]["difference"] == "−(a + b)"
    assert rows[2]["latex"] == "'- a = b"
    assert (rows[2]["line"], rows[3]["column"]) == ("6", "22")


def test_junit_counts_cases_failures_and_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ElementTree.fromstring(written(tmp_path, "junit", capsys))
    counts = [(s.get("tests"), s.get("failures"), s.get("errors")) for s in root]
    assert counts == [("1", "0", "1"), ("3", "2", "0")]
    failed = {case.get("name"): case.find("failure") for case in root[1]}
    assert failed["line.1"] is None
    failure = failed["line.2"]
    assert failure is not None
    assert failure.get("type") == "refuted"


def test_sarif_has_a_place_for_each_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = json.loads(written(tmp_path, "sarif", capsys))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    places = []
    for result in run["results"]:
        assert result["ruleId"] in rules
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        places.append((region["startLine"], region["startColumn"], result["level"]))
    assert places == [(6, 9, "error"), (6, 22, "warning")]
    assert run["invocations"][0]["executionSuccessful"] is False


def test_github_takes_an_annotation_from_each_line_of_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    *lines, last = written(tmp_path, "github", capsys).splitlines()
    assert last == "✗ 0 of 2 files as they should be · 3 steps · 1 proved"
    assert [line.split(" ")[0] for line in lines] == ["::error", "::error", "::warning"]
    assert "line=6,col=9,title=line.2 is refuted::refuted: the sides differ by" in lines[1]


def test_an_errata_sheet_has_the_line_that_should_stand_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.md"
    path.write_text(f"{TEXT}- line.3 not read\n\n$$a = 2 a$$\n- line.4 refuted, should be $a$\n")
    main([str(path), "--repairs", "none", "--format", "errata"])
    page = capsys.readouterr().out
    assert "## line.4, line 9: refuted\n\n```math\na = 2 a\n```" in page
    assert "Should be, proved:\n\n```math\na = a\n```" in page


TAKES_IN = (
    "% given\n% scalar a, b\n\\begin{document}\n\\[a = a\\]\n\\input{part}\n\\end{document}\n"
)


def noted(folder: Path, output: str, capsys: pytest.CaptureFixture[str]) -> str:
    """A file that takes in a wrong line, a notebook with one, a declaration that is not read."""
    (folder / "main.tex").write_text(TAKES_IN)
    (folder / "part.tex").write_text("\\[a = b\\]\n")
    text = "```given\nscalar a, b\n```\n$$a = b$$"
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text}]
    (folder / "n.ipynb").write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))
    (folder / "z.md").write_text("```given\nscalar a\nvektor x\n```\n$$a = a$$\n")
    assert main([str(folder), "--repairs", "none", "--format", output]) == 1
    return capsys.readouterr().out.replace(str(folder), "F")


def test_an_annotation_stands_in_the_file_that_has_the_line_and_in_no_line_of_a_notebook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third, last = noted(tmp_path, "github", capsys).splitlines()
    assert first.startswith("::error file=F/part.tex,line=1,col=7,title=line.2 is refuted::")
    assert second.startswith("::error file=F/n.ipynb,title=line.1 is refuted::")
    assert third.startswith("::warning file=F/z.md,line=3,col=1::no keyword of a declaration")
    assert last == "✗ 1 of 4 files as they should be · 4 steps · 2 proved"


def test_sarif_has_each_place_and_what_is_not_read_of_the_declarations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (run,) = json.loads(noted(tmp_path, "sarif", capsys))["runs"]
    places = [each["locations"][0]["physicalLocation"] for each in run["results"]]
    found = [(each["artifactLocation"]["uri"], "region" in each) for each in places]
    assert found == [("F/part.tex", True), ("F/n.ipynb", False), ("F/z.md", True)]
    assert "vektor" in run["results"][2]["message"]["text"]


def test_junit_has_a_case_for_a_declaration_that_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = ElementTree.fromstring(noted(tmp_path, "junit", capsys))
    failed = [case for case in root.iter("testcase") if case.find("failure") is not None]
    assert [(case.get("file"), case.get("name")) for case in failed] == [
        ("F/part.tex", "line.2"),
        ("F/n.ipynb", "line.1"),
        ("F/z.md", "not read: 3:1"),
    ]
