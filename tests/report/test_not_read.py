"""Lines that are not read, and what else of a file is not, are told on every page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from derivations.report import stdio
from derivations.verify import main

GIVEN = """\
```given
size n >= 1
index i, j in 1..n
scalar a, b
vector x in R^n
```

"""
GOOD = "$$a + b = b + a$$\n\n"
BAD = "$$2 a = \\foo = a + a$$\n\n"
PROBLEM = {"within", "line", "column", "seen", "what", "advice"}
ELSEWHERE = {"within", "line", "column", "kind", "latex", "count"}


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own.md"


def page(file: Path, text: str, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    file.write_text(GIVEN + text, encoding="utf-8")
    page.code = main([str(file), *options])  # type: ignore[attr-defined]
    return capsys.readouterr().out


def found(file: Path, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    content = json.loads(page(file, text, capsys, "--format", "json", "--repairs", "none"))
    assert isinstance(content, dict)
    return content


def code(file: Path, text: str, *options: str) -> int:
    file.write_text(GIVEN + text, encoding="utf-8")
    return main([str(file), "--repairs", "none", *options])


def test_a_line_that_is_not_read_gives_1_and_all_others_are_judged(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code(file, GOOD + BAD + GOOD) == 1
    told = capsys.readouterr().out
    assert "4 steps · 2 proved · 2 to look at" in told
    assert f"{file}:10:9  line.2  not read" in told
    assert "    2 a = \\foo\n          ^^^^\n" in told
    assert "at '\\foo': an unknown command" in told
    assert "the chain's end does follow from its start" in told
    assert "start with line.2; everything before it is proved" in told


def test_a_line_that_is_not_read_has_the_keys_of_every_line(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = found(file, GOOD + BAD, capsys)
    good, first, second = content["lines"]
    assert set(good) == set(first)
    assert (first["verdict"], first["id"], first["line"]) == ("not read", "line.2", 10)
    assert first["latex"] == "2 a = \\foo"
    assert set(first["problem"]) == PROBLEM
    assert first["problem"]["seen"] == "\\foo"
    assert (first["problem"]["line"], first["problem"]["column"]) == (10, 9)
    assert first["problem"]["advice"]
    assert good["problem"] is None
    assert first["chain_end_verdict"] is None
    assert second["chain_end_verdict"] == "proved"
    assert content["summary"]["lines_not_read"] == 2
    assert content["summary"]["failures"] == ["line.2", "line.3"]
    assert content["summary"]["passed"] is False


def test_a_line_that_is_not_read_is_explained(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert code(file, GOOD + BAD, "--explain", "line.3") == 1
    told = capsys.readouterr().out
    assert told.startswith("line.3  ✗ not read")
    for said in ("line 10, column 9", "\\foo", "an unknown command", "What would settle it"):
        assert said in told
    assert "From the start of the chain to here\n  ✓ proved" in told


def test_a_line_that_is_not_read_is_listed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code(file, GOOD + BAD, "--list") == 0
    assert "not read: 10:9" in capsys.readouterr().out
    assert code(file, GOOD + BAD, "--list", "--format", "json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [line["id"] for line in listed["lines"]] == ["line.1", "line.2", "line.3"]


def test_a_line_that_says_it_will_not_be_read_gives_0(file: Path) -> None:
    assert code(file, GOOD + "$$a = \\foo$$\n- line.2 not read\n") == 0
    assert code(file, GOOD + "- line.1 not read\n") == 1


def test_all_lines_may_be_unread(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert code(file, "$$a = \\foo$$\n") == 1
    assert "1 step · 0 proved · 1 to look at" in capsys.readouterr().out


def test_one_line_can_be_picked_beside_others_that_are_not_read(file: Path) -> None:
    text = "```given\nscalar q^{-1}\n```\n\n" + GOOD + BAD
    assert code(file, text, "line.1") == 0
    assert code(file, text, "line.2") == 1
    assert code(file, text) == 1


def test_a_declaration_that_is_not_read_gives_1_and_is_told_with_all_others(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "```given\nscalar q^{-1}\nscalars r\n```\n\n" + GOOD + "$$q = 2$$\n\n$$r = r$$\n"
    content = found(file, text, capsys)
    assert [line["verdict"] for line in content["lines"]] == ["proved", "not read", "not read"]
    assert [line["problem"]["advice"] for line in content["lines"][1:]] == ["see 9:1", "see 10:1"]
    assert [set(problem) for problem in content["problems"]] == [PROBLEM] * 2
    assert [problem["line"] for problem in content["problems"]] == [9, 10]
    told = page(file, text, capsys, "--repairs", "none")
    assert "9:8: at 'q^{-1}': a name is expected here" in told
    assert "10:1: at 'scalars': no keyword of a declaration" in told
    assert code(file, "```given\nscalar q^{-1}\n```\n\n" + GOOD) == 1


def test_a_false_line_is_not_refuted_where_its_condition_could_not_be_read(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for doubt in ("- if $i < j$", "- whenever i and j are the same"):
        content = found(file, f"$$x_i = x_j$$\n{doubt}\n\n$$x_i = x_i$$\n{doubt}\n", capsys)
        first, second = content["lines"]
        assert (first["verdict"], second["verdict"]) == ("undecided", "proved")
        assert "false as it stands (n=2: " in first["reason"]
        assert "may be a condition: 9:" in first["reason"]
    block = "```given\nif i < j\n```\n\n"
    (line,) = found(file, f"{block}$$x_i = x_j$$\n", capsys)["lines"]
    assert line["verdict"] == "undecided"


def test_the_end_of_a_chain_is_not_refuted_where_a_condition_of_it_could_not_be_read(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "$$x_i = \\foo \\quad (i = j) = x_j$$\n\n$$a = \\foo = b$$\n"
    _, first, _, second = found(file, text, capsys)["lines"]
    assert first["chain_end_verdict"] == "undecided"
    assert second["chain_end_verdict"] == "refuted"


TEXT = """\
Let $a = b$.

Or \\( a = 2 b \\).

<!-- $a = b$ -->

"""


def test_equalities_that_are_not_judged_are_counted_and_told_on_demand(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = page(file, GOOD + TEXT, capsys)
    assert "1 step · 1 proved · " in told
    assert r"3 not judged (1 inline, 1 \( \), 1 comment; -v says which)" in told
    assert "10:6" not in told
    told = page(file, GOOD + TEXT, capsys, "-v")
    assert all(f"{place}: " in told for place in ("10:6", "12:7", "14:7"))
    content = found(file, GOOD + TEXT, capsys)
    assert [set(each) for each in content["elsewhere"]] == [ELSEWHERE] * 3
    assert [each["kind"] for each in content["elsewhere"]] == ["inline", r"\( \)", "comment"]


def test_formulas_that_are_not_displayed_cost_nothing(file: Path) -> None:
    assert code(file, GOOD + "Let $a = b$ and `a = b`.\n<!-- $a = b$ -->\n") == 0
    for display in ("\\[ a = b \\]", "```math\na = b\n```", "\\begin{align} a &= b \\end{align}"):
        assert code(file, GOOD + display + "\n") == 1


def test_two_bad_remarks_are_told_and_the_line_is_judged(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = found(file, "$$a = a$$\n- line.1 wrong\n- line.2 refuted\n", capsys)
    assert [line["verdict"] for line in content["lines"]] == ["proved"]
    assert [problem["line"] for problem in content["problems"]] == [9, 10]
    assert content["summary"]["passed"] is False


OPTIONS = [["-v"], ["--format", "json"], ["--list"], ["--explain", "line.1"]]
CONTROLS = [
    "\x1b[31m",
    "\x9b31m",
    "\x07",
    "\x08",
    "\r",
    "\x7f",
    "\x85",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u2028",
    "\ufeff",
    "\U000e0041",
]
PLACES = [
    "$$a = b{}a$$\n",
    "$$a = \\mathrm{{x{}y}}$$\n",
    "$$a = a % {} remark\n$$\n",
    "$$a = a \\text{{{} said}}$$\n",
    "$$a = a$$\n- {} what\n",
    "$$a = a$$\n- line.1 refuted, should be $b{}$\n",
    "```given\nscalar q{}\n```\n\n$$a = a$$\n",
    "```given\n{} q\n```\n\n$$a = a$$\n",
    "## (b) A {} title\n\n$$a = a$$\n",
    "$$a = a$$\n\nLet $a = {}b$.\n\n\\[ a = {}b \\]\n",
    "<!-- $a = {}b$ -->\n\n$$a = b$$\n",
]


@pytest.mark.parametrize("place", PLACES)
def test_characters_that_control_a_terminal_never_reach_it(
    place: str, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = "".join(place.format(*[control] * 2) + "\n" for control in CONTROLS)
    file.write_bytes((GIVEN + text).encode())
    for options in OPTIONS:
        main([str(file), "--repairs", "none", *options])
        written = capsys.readouterr()
        assert controlling(written.out + written.err) == set(), options
        if "json" in options:
            json.loads(written.out)


def test_controlling_characters_would_be_seen(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stdio, "_INVISIBLE", re.compile("(?!)"))
    monkeypatch.setenv("NO_COLOR", "1")
    for options in OPTIONS:
        told = page(file, "$$a = a \\text{\u202e}$$\n", capsys, "--repairs", "none", *options)
        assert controlling(told) == {"\u202e"}, options


def controlling(text: str) -> set[str]:
    """The characters that are neither to be seen nor the end of a line."""
    return {each for each in text if not (each == "\n" or each.isprintable())}


def test_what_json_escapes_is_what_was_there(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = found(file, "$$a = \u202e\U000e0041$$\n", capsys)
    assert content["lines"][0]["latex"] == "a = \u202e\U000e0041"


def test_a_name_of_a_file_controls_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "a\x1b[31m.md")]) == 2
    assert "\\x1b[31m.md: No such file" in capsys.readouterr().err
