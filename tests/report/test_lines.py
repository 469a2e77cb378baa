"""A derivation file is judged line by line, and each line tells what was found."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from derivations.report import as_json
from derivations.report.subject import BadSubject, of_file
from derivations.verify import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "homework.md"
GIVEN = """\
```given
size n >= 1
index s in 1..n
vector x in R^n
scalar a
define E = \\sum_s (a - x_s)^2
```
"""
TRUE = (
    GIVEN + "$$\\frac{\\partial E}{\\partial a} = \\sum_s 2 (a - x_s) = 2 n a - 2 \\sum_s x_s$$\n"
)
MIDDLE = """
$$\\frac{\\partial E}{\\partial a} = \\sum_s (a - x_s)$$
$$= 2 \\sum_s (a - x_s)$$
"""
LINE = {
    "id",
    "part",
    "within",
    "line",
    "column",
    "latex",
    "verdict",
    "expected",
    "reason",
    "defines",
    "role",
    "as_expected",
    "witness",
    "difference",
    "notes",
    "correction",
    "correction_verdict",
    "chain_end_verdict",
    "chain_recovers",
    "suggestions",
    "unsearched",
    "problem",
    "seconds",
}


def _file(folder: Path, text: str) -> str:
    path = folder / "own.md"
    path.write_text(text, encoding="utf-8")
    return str(path)


def _lines(name: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    main([name, "--format", "json", "--repairs", "none"])
    lines = json.loads(capsys.readouterr().out)["lines"]
    assert isinstance(lines, list)
    return lines


def test_a_file_whose_lines_are_all_proved_gives_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([_file(tmp_path, TRUE)]) == 0
    assert "2 steps · 2 proved · " in capsys.readouterr().out


def test_a_wrong_line_gives_1_and_is_told_in_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = _file(tmp_path, GIVEN + "$$\\frac{\\partial E}{\\partial a} = \\sum_s (a - x_s)$$")
    assert main([name, "--repairs", "none"]) == 1
    page = capsys.readouterr().out
    assert re.search(rf"{re.escape(name)}:\d+:\d+  line.1  refuted\n", page)
    assert "the sides differ by " in page
    assert re.search(r"at n = 1; a = .*: left −?\d\S*, right −?\d", page)
    assert f"{name} --explain line.1" in page


def test_a_line_that_says_it_is_wrong_and_what_it_should_be_gives_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GIVEN + MIDDLE + "- line.1 refuted, should be $\\sum_s 2 (a - x_s)$\n- line.2 refuted\n"
    assert main([_file(tmp_path, text)]) == 0
    assert "1 of 1 correction proved" in capsys.readouterr().out


def test_a_wrong_correction_gives_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = GIVEN + MIDDLE + "- line.1 refuted, should be $3 \\sum_s (a - x_s)$\n- line.2 refuted\n"
    assert main([_file(tmp_path, text)]) == 1
    assert "should be: " in capsys.readouterr().out


def test_a_line_that_wrongly_says_it_is_wrong_gives_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([_file(tmp_path, TRUE + "- line.2 refuted\n")]) == 1
    assert "expected: refuted" in capsys.readouterr().out


def test_a_wrong_middle_with_a_right_end_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = _lines(_file(tmp_path, GIVEN + MIDDLE), capsys)
    assert (first["verdict"], second["verdict"]) == ("refuted", "refuted")
    assert (first["chain_end_verdict"], second["chain_end_verdict"]) == ("refuted", "proved")
    assert first["chain_recovers"]
    assert second["chain_recovers"]
    main([_file(tmp_path, GIVEN + MIDDLE), "--repairs", "none"])
    assert "the chain's end does follow from its start" in capsys.readouterr().out


def test_a_chain_that_goes_wrong_at_its_end_does_not_recover(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = TRUE.replace("2 n a - 2", "n a - 2")
    first, second = _lines(_file(tmp_path, text), capsys)
    assert (first["verdict"], second["verdict"]) == ("proved", "refuted")
    assert second["chain_end_verdict"] == "refuted"
    assert not second["chain_recovers"]


def test_every_line_has_exactly_the_documented_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in _lines(_file(tmp_path, GIVEN + MIDDLE), capsys):
        assert set(line) == LINE
    assert as_json.__doc__ is not None
    assert all(f"``{key}``" in as_json.__doc__ for key in LINE)


def test_what_cannot_be_read_gives_1_with_every_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = _file(tmp_path, GIVEN + "$$a = b$$\n\n$$a = \\sum_q a$$\n")
    assert main([name]) == 1
    written = capsys.readouterr()
    assert written.err == ""
    assert f"{name}:8:7  line.1  not read" in written.out
    assert "at 'b': nothing has this name" in written.out
    assert f"{name}:10:12  line.2  not read" in written.out
    assert "at 'q'" in written.out


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"\xff\xff", "not text in UTF-8"), (b"prose", "no line to judge")],
)
def test_a_file_that_is_none_gives_2(
    content: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.md"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path)]) == 2
    assert said in capsys.readouterr().err


def test_a_file_without_an_end_is_given_up() -> None:
    with pytest.raises(BadSubject, match="more than 1,000,000 characters"):
        of_file("/dev/zero")


def test_one_line_of_a_file_can_be_picked_and_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = _file(tmp_path, TRUE)
    assert main([name, "line.2"]) == 0
    assert "1 step · 1 proved · " in capsys.readouterr().out
    assert main([name, "--explain", "line.2"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("line.2  ✓ proved")
    assert "From the start of the chain to here\n  ✓ proved" in page
    assert "Read as\n  \\sum_{s=1}^n [" in page


def test_the_lines_of_a_file_are_listed_and_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([_file(tmp_path, GIVEN + MIDDLE), "--list"]) == 0
    page = capsys.readouterr().out
    assert "line.1" in page
    assert "refuted" not in page


def test_the_mistakes_of_the_example_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = {line["id"]: line["verdict"] for line in _lines(str(EXAMPLE), capsys)}
    assert verdicts == {
        "a.1": "proved",
        "a.2": "refuted",
        "b.1": "proved",
        "b.2": "refuted",
        "b.3": "ill-typed",
    }


def test_a_wrong_line_is_told_with_a_small_edit_that_makes_it_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = _file(tmp_path, GIVEN + "$$\\frac{\\partial E}{\\partial a} = -\\sum_s 2 (a - x_s)$$")
    assert main([name, "--format", "json"]) == 1
    (line,) = json.loads(capsys.readouterr().out)["lines"]
    first = line["suggestions"][0]
    assert first["latex"].startswith(r"\frac{\partial E}{\partial a} = ")
    assert "-" not in first["latex"].split("=")[1].split("(")[0]
    assert main([name]) == 1
    assert "perhaps " in capsys.readouterr().out


def test_repairs_of_expected_mistakes_are_sought_on_demand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "$$\\frac{\\partial E}{\\partial a} = -\\sum_s 2 (a - x_s)$$\n- line.1 refuted\n"
    name = _file(tmp_path, GIVEN + text)
    for arguments, sought in (([], False), (["--repairs", "all"], True)):
        assert main([name, "-v", *arguments]) == 0
        assert ("perhaps " in capsys.readouterr().out) is sought
