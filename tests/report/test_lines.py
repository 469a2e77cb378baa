"""Lines, tables and sentences of a report, lines that are not read among them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from rich.console import RenderableType

from derivations.claim import Verdict
from derivations.report import as_json, stdio
from derivations.report.findings import listing, table
from derivations.report.page import notebook_table, pieces, said
from derivations.report.statement import readings
from derivations.report.style import rendered
from derivations.report.subject import BadSubject, of_file
from derivations.verify import main
from tests.report.test_screen import (
    CLAIM,
    OTHER,
    SHAPELESS,
    SLIP,
    SUBJECT,
    at_a_loss,
    every_claim_judged,
    gullible,
    results,
)

# A derivation file is judged line by line, and each line tells what was found.


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


# The table says everything at every width, in marks before colours.


WIDTHS = (60, 80, 120, 160)


def _at(width: int, content: RenderableType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    return rendered(content).splitlines()


def _row(lines: list[str], name: str) -> str:
    return next(line for line in lines if line.split()[:1] == [name])


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_page_and_none_ends_in_blanks(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = _at(width, table(every_claim_judged(), width), monkeypatch)
    assert all(len(line) <= width and line == line.rstrip() for line in lines)


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_every_word_of_every_statement_is_on_the_page(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = every_claim_judged()
    page = set(" ".join(_at(width, table(judged, width), monkeypatch)).split())
    for judgement in judged.claims:
        words = {word for line in readings(judgement.claim) for word in line.split()}
        assert words <= page


def test_rows_stand_under_their_part_with_verdict_arguments_and_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = _at(140, table(results(), 140), monkeypatch)
    assert lines.index(" part e") < lines.index(_row(lines, CLAIM.id))
    assert re.search(r"1 − σ\(z\) = σ\(−z\) +✓ +✓ 34 +✓ proved +1 ms$", _row(lines, CLAIM.id))
    assert re.search(r"N=2, d=1: 0.268 ≠ 0.731 +✓ refuted +2 ms$", _row(lines, SLIP.id))
    assert "does not fit (N, 1)" in _row(lines, SHAPELESS.id)


def test_an_argument_that_was_not_made_is_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = results()
    first, second = judged.claims
    partly = replace(judged, claims=(first, replace(second, proofs=first.proofs[1:])))
    assert re.search(
        r"- +✓ 34 +✓ proved", _row(_at(140, table(partly, 140), monkeypatch), OTHER.id)
    )


def test_the_last_line_sums_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _at(140, table(results(), 140), monkeypatch)[-1] == (
        "✓ 2 of 2 claims proved · 2 of 2 false claims fell (1 refuted, 1 ill-typed)"
        " · 68 instances decided · 1.2 s"
    )


def test_a_claim_not_proved_is_marked_and_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = _at(140, table(results(at_a_loss), 140), monkeypatch)
    assert "✗ undecided" in _row(lines, CLAIM.id)
    assert any("Max is outside the fragment" in line for line in lines)
    assert "  e.complement is undecided" in lines
    assert lines[-1].endswith("--explain e.complement")


def test_a_false_claim_that_stands_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _at(140, table(results(gullible), 140), monkeypatch)
    assert "✗ proved" in _row(lines, SLIP.id)
    assert "  e.exp is proved" in lines
    assert any(line.startswith("✗ 2 of 2 claims proved · 0 of 2 false claims") for line in lines)


def test_a_verdict_is_never_left_to_colour() -> None:
    assert {verdict.value for verdict in Verdict} == {
        "proved",
        "refuted",
        "ill-typed",
        "undecided",
        "not read",
    }
    assert "✓ proved" in rendered(table(results(), 140))


def test_without_a_terminal_there_is_no_escape_code() -> None:
    assert "\x1b" not in rendered(table(results(), 140))


def test_colours_are_used_unless_they_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[32m✓ proved" in rendered(table(results(), 140))
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in rendered(table(results(), 140))


def test_the_listing_shows_titles_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _at(140, listing(SUBJECT, 140), monkeypatch)
    assert "another claim" in _row(lines, OTHER.id)
    assert _row(lines, SLIP.id).endswith("(e)")


# Formulas in what is said of a line are found where they begin and end, and typeset.


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"2 times \frac{1}{2} \log(\sigma), on the right", [r"\frac{1}{2} \log(\sigma)"]),
        (r"the term -\frac{1}{2} \log(2 \pi) dropped", [r"-\frac{1}{2} \log(2 \pi)"]),
        (r"y_1 \log z_1 + ... + y_n is a sum", [r"y_1 \log z_1 + ... + y_n"]),
        (r"\sum_{k \ne i} runs over k; i is fixed", [r"\sum_{k \ne i}"]),
        (r"ends with X^T X w - X^T y + \lambda w; a.1 fails", [r"X^T X w - X^T y + \lambda w"]),
        (r"is l_{\phi}(x) a product, or l_{\phi} at x?", [r"l_{\phi}(x)", r"l_{\phi}"]),
        (r"the term \lambda I dropped", [r"\lambda I"]),
        (r"given at e.md:9:1 as define J(w) = \lambda; leave it out", [r"J(w) = \lambda"]),
        (r"X^T Xw - y: (d, 1) does not fit (1, d)", ["X^T Xw - y"]),
        ("the sides differ by (λ − 1) w[i]", []),
        ("see line_1 of some_file.md, I am a line - no formula", []),
        ("braces that are never closed: x_{1", []),
        ("at w = [1]: left 0, right 1", []),
    ],
)
def test_the_formulas_of_a_sentence(text: str, formulas: list[str]) -> None:
    found = list(pieces(text))
    assert [each.text for each in found if each.is_formula] == formulas
    assert "".join(each.text for each in found) == text


@pytest.mark.parametrize("text", ["(x_1 ", "'a ", "{a", "{a} ", "{{x_{1}} ", "x_1 + "])
def test_long_texts_take_no_longer_than_others(text: str) -> None:
    start = process_time()
    for length in (1990, 100_000):
        list(pieces((text * length)[:length]))
    assert process_time() - start < 2


def test_what_is_quoted_from_the_file_stays_as_it_stands() -> None:
    made = said("p", r"3:1: at '\foo_1': nothing has this name; did you mean \phi?")
    assert [each.tag for each in made] == ["code", "math"]
    assert made[0].text == r"\foo_1"
    assert (made[1].get("title"), made[1].tail) == (r"\phi", "?")


def test_indices_stand_below() -> None:
    made = said("p", "the sides differ by Σ_s Σ_{i≠k} X[s,i] y[s] − [h = i] at w = [1]; X = [[0]]")
    assert [each.text for each in made] == ["s", "i≠k", "s,i", "s"]
    assert "".join(made.itertext()).endswith("Xs,i ys − [h = i] at w = [1]; X = [[0]]")


def test_a_notebook_shows_formulas_and_no_markup_of_a_stranger() -> None:
    rows = [("a.1", r"\frac{x}{y} = <b>", "refuted", r"it ends with \lambda w <i>")]
    table = notebook_table(rows)
    assert "<mfrac>" in table
    assert table.count("<math") == 2
    assert "<b>" not in table
    assert "<i>" not in table


def test_without_the_converter_formulas_stand_between_dollars(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "latex2mathml.converter", None)
    table = notebook_table([("a.1", r"x = \lambda", "refuted", r"it ends with \lambda w")])
    assert r"$x = \lambda$" in table
    assert r"it ends with $\lambda w$" in table


NOT_READ_GIVEN = """\
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
    file.write_text(NOT_READ_GIVEN + text, encoding="utf-8")
    page.code = main([str(file), *options])  # type: ignore[attr-defined]
    return capsys.readouterr().out


def found(file: Path, text: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    content = json.loads(page(file, text, capsys, "--format", "json", "--repairs", "none"))
    assert isinstance(content, dict)
    return content


def code(file: Path, text: str, *options: str) -> int:
    file.write_text(NOT_READ_GIVEN + text, encoding="utf-8")
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
    for each in ("line 10, column 9", "\\foo", "an unknown command", "What would settle it"):
        assert each in told
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
    file.write_bytes((NOT_READ_GIVEN + text).encode())
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
