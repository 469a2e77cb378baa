"""Each output format has everything that is said."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import tostring

import pytest
from jsonschema import Draft202012Validator

from derivations.report import as_json as page
from derivations.report.as_json import as_json, list_as_json
from derivations.report.page import ELEMENTS, said, typeset
from derivations.report.statement import statement
from derivations.report.verify_options import OUTPUTS
from derivations.verify import main
from tests.report.test_screen import CLAIM, SUBJECT, WITNESS, at_a_loss, gullible, results

# Every format for other programs says the same of the same lines, and is what it is called.


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


# The page needs nothing else, holds every step, and no stranger's text becomes markup.


GIVEN = """\
```given
size n >= 1
index i in 1..n
vector w, x in R^n
scalar \\lambda, a
```
"""
CHAIN = "## (a) One\n$$\\lambda w^T x = \\lambda \\sum_i w_i x_i$$\n$$= \\sum_i w_i x_i$$\n"
HOSTILE = "$$a = \\text{<script>alert(1)</script>}$$\n\n$<img src=x onerror=alert(1)> = a$\n"


@pytest.fixture(name="page")
def page_of_web(tmp_path: Path) -> str:
    for name in ("one", "other"):
        text = GIVEN + CHAIN + (HOSTILE if name == "other" else "")
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    files = [str(tmp_path / f"{name}.md") for name in ("one", "other")]
    assert main([*files, "--repairs", "none", "--html", str(tmp_path / "page.html")]) == 1
    return (tmp_path / "page.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_from_anywhere(page: str) -> None:
    assert not re.search(r"""(src|href)\s*=\s*["'](?!#)|url\(|@import|//[a-z]""", page)
    assert "default-src 'none'" in page


def test_every_step_of_every_file_is_there_with_its_verdict(page: str) -> None:
    for anchor in ("f0-a.1", "f0-a.2", "f1-a.1", "f1-a.2", "f1-a.3"):
        assert page.count(f'id="{anchor}"') == 1
    assert page.count('<span class="badge">✗ refuted</span>') == 2
    assert page.count('<span class="badge">✓ proved</span>') == 2


def test_every_link_leads_somewhere(page: str) -> None:
    links = set(re.findall(r'href="#([^"]+)"', page))
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert links
    assert links <= anchors


def test_a_wrong_step_is_open_and_a_right_one_is_not(page: str) -> None:
    assert re.search(r'<details id="f0-a.2" class="line refuted" open="open">', page)
    assert re.search(r'<details id="f0-a.1" class="line proved">', page)


def test_a_wrong_step_says_why_and_how_it_was_read(page: str) -> None:
    step = page.partition('id="f0-a.2"')[2].partition("</section>")[0]
    assert "the sides differ by (λ − 1) Σ" in step
    assert "left 0, right 1" in step
    assert "<dt>Normal form of the difference</dt>" in step


def test_a_chain_goes_on_without_its_left_side(page: str) -> None:
    step = page.partition('id="f0-a.2"')[2].partition("</summary>")[0]
    assert step.partition('<span class="chain">')[2].startswith('<span class="sign">=</span>')


def test_the_same_mistake_is_told_once_with_who_made_it(page: str) -> None:
    told = page.partition("The same mistake")[2].partition("</ul>")[0]
    assert told.count("<li>") == 1
    assert 'href="#f0-a.2"' in told
    assert 'href="#f1-a.2"' in told


def test_text_of_a_stranger_never_becomes_markup(page: str) -> None:
    assert page.count("<script>") == 1
    assert "<img" not in page
    assert "&lt;img" in page


@pytest.mark.parametrize(
    "latex",
    [
        "\\href{javascript:alert(1)}{x}",
        "a & b <i>",
        "\\style{color:red}{x}",
        "\\foo{x}",
        "{" * 500,
        "\\frac",
        "x" * 5000,
        "\\begin{cases} a & b \\\\ c",
        "\\unicode{x41}<b>",
    ],
)
def test_whatever_is_typeset_is_mathml_or_plain_latex(latex: str) -> None:
    made = typeset(latex)
    assert {each.tag for each in made.iter()} <= {*ELEMENTS, "code"}
    text = tostring(made, encoding="unicode", method="html")
    assert "href" not in text.replace("\\href", "")
    assert "<b>" not in text
    if made.tag == "code":
        assert made.text == latex


def test_ordinary_formulas_are_typeset() -> None:
    for latex in ("\\frac{\\partial J}{\\partial w} ", "X^\\top (Xw - y)", "\\sum_{i=1}^n x_i"):
        assert typeset(latex).tag == "math"


def drawn(latex: str) -> str:
    made = typeset(latex)
    assert made.tag == "math", latex
    return "".join(made.itertext())


def test_indices_of_a_difference_stand_below_powers_or_not() -> None:
    text = tostring(said("p", "they differ by x[i]^2 + a^{[1]} y[i,j]"), encoding="unicode")
    assert "<msubsup><mi>x</mi><mrow><mi>i</mi></mrow><mn>2</mn></msubsup>" in text
    assert "y<sub>i,j</sub>" in text
    assert '<mo stretchy="false">[</mo><mn>1</mn>' in text


def test_matrices_and_cases_are_typeset_and_alignment_outside_of_them_is_left_out() -> None:
    assert drawn(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix} x") == "(abcd)x"
    assert drawn(r"\begin{cases} a & k = l \\ b & k \ne l \end{cases}") == "{ak=lbk≠l"
    assert drawn(r"& a \& b") == "a&b"


def test_letters_in_bold_and_double_struck_are_characters_of_their_own() -> None:
    assert drawn(r"\mathbf{1} \mathbf x \boldsymbol{\theta}") == "\U0001d7cf\U0001d431\U0001d73d"
    assert drawn(r"\mathbb{1} \mathbb R \mathbb{E}") == "\U0001d7d9\u211d\U0001d53c"
    assert drawn(r"\mathfrak{R} \mathcal{L}") == "\u211c\u2112"


def test_a_function_stands_apart_from_letters_and_not_from_brackets() -> None:
    words = [
        each for each in typeset(r"d \log z + \exp(x) \max_i y").iter("mo") if each.get("rspace")
    ]
    spaces = [(each.text, each.get("lspace"), each.get("rspace")) for each in words]
    thin = "0.1667em"
    assert spaces == [("log", thin, thin), ("exp", "0", "0"), ("max", "0", thin)]


@pytest.mark.parametrize(
    ("latex", "grow"),
    [
        (r"\lVert \frac{a}{b} \rVert^2", {"false"}),
        (r"\left\lVert \frac{a}{b} \right\rVert^2", {"true"}),
    ],
)
def test_both_brackets_are_of_one_size(latex: str, grow: set[str]) -> None:
    signs = list(typeset(latex).iter("mo"))
    assert len(signs) == 2
    assert {each.get("stretchy", "") for each in signs} == grow


def test_a_page_that_cannot_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.md").write_text(GIVEN + "$$a = a$$\n", encoding="utf-8")
    main([str(tmp_path / "own.md"), "--html", str(tmp_path / "no" / "page.html")])
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 800, 1200])
def test_a_browser_draws_it_without_complaint(
    page: str, tmp_path: Path, scheme: str, width: int
) -> None:
    """Labels, contrast and keys by axe-core; formulas have a height; nothing overflows."""
    browser = shutil.which("chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install '.[browser]'")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    if browser is None:
        pytest.skip("chromium is not installed")
    said: list[str] = []
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        tab = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        tab.on("console", lambda message: said.append(message.text))
        tab.on("pageerror", lambda error: said.append(str(error)))
        tab.goto((tmp_path / "page.html").as_uri())
        found = axe.Axe().run(tab)
        assert [each["id"] for each in found.response["violations"]] == []
        assert not tab.evaluate("document.documentElement.scrollWidth > innerWidth")
        heights = "[...document.querySelectorAll('summary math')].map(m => m.clientHeight)"
        assert min(tab.evaluate(heights)) > 5
        tab.get_by_role("checkbox", name="refuted").uncheck()
        assert not tab.locator("#f0-a\\.2").is_visible()
        assert tab.locator("#f0-a\\.1").is_visible()
        tab.locator("#f0-a\\.1 > summary").focus()
        tab.keyboard.press("Enter")
        assert tab.locator("#f0-a\\.1").get_attribute("open") is not None
        chromium.close()
    assert said == []


# The JSON has the keys it documents, and holds what was found.


ENTRY = {
    "id",
    "part",
    "place",
    "title",
    "statement",
    "verdict",
    "reason",
    "proofs",
    "instances",
    "witness",
    "seconds",
}
PROOF = {"name", "holds", "detail", "instances"}
COUNTEREXAMPLE = {"sizes", "words", "values", "left", "right"}


def _read(text: str) -> dict[str, Any]:
    content = json.loads(text)
    assert isinstance(content, dict)
    return content


def test_every_entry_has_exactly_the_documented_keys() -> None:
    content = _read(as_json(results()))
    top = {"version", "file", "claims", "slips", "lines", "problems", "elsewhere"}
    top |= {"required", "summary"}
    assert set(content) == top
    for entry in content["claims"] + content["slips"]:
        assert set(entry) == ENTRY
        assert all(set(proof) == PROOF for proof in entry["proofs"])
    assert set(content["slips"][0]["witness"]) == COUNTEREXAMPLE


def test_every_key_is_documented() -> None:
    assert page.__doc__ is not None
    summary = set(_read(as_json(results()))["summary"])
    for key in ENTRY | PROOF | COUNTEREXAMPLE | summary:
        assert f"``{key}``" in page.__doc__


def test_an_entry_holds_what_was_found() -> None:
    content = _read(as_json(results()))
    proved, refuted = content["claims"][0], content["slips"][0]
    assert proved["id"] == CLAIM.id
    assert proved["statement"] == statement(CLAIM)
    assert (proved["verdict"], proved["instances"], proved["witness"]) == ("proved", 34, None)
    assert refuted["witness"]["values"] == WITNESS.values
    assert refuted["witness"]["left"] == list(WITNESS.left)


def test_the_summary_counts_and_names_what_failed() -> None:
    assert _read(as_json(results()))["summary"] == {
        "passed": True,
        "claims": 2,
        "proved": 2,
        "slips": 2,
        "fallen": 2,
        "lines": 0,
        "lines_proved": 0,
        "lines_not_read": 0,
        "lines_as_expected": 0,
        "failures": [],
        "disagreements": [],
        "required": 0,
        "required_shown": 0,
        "instances": 68,
        "seconds": 1.25,
    }
    stands = _read(as_json(results(gullible)))["summary"]
    assert (stands["passed"], stands["failures"]) == (False, ["e.exp", "b.transposed"])
    assert _read(as_json(results(at_a_loss)))["summary"]["proved"] == 0


def test_a_listing_has_no_verdicts() -> None:
    content = _read(list_as_json(SUBJECT))
    assert [entry["id"] for entry in content["claims"]] == ["e.complement", "c.other"]
    assert set(content["slips"][0]) == {"id", "part", "place", "title", "statement"}


def test_the_text_is_the_same_for_the_same_results() -> None:
    assert as_json(results()) == as_json(replace(results()))


@pytest.fixture
def valid() -> Callable[[str], bool]:
    schema = json.loads(files("derivations.report").joinpath("results.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    return lambda text: bool(validator.is_valid(json.loads(text)))


def test_what_is_written_is_valid_by_the_schema(
    valid: Callable[[str], bool], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert valid(as_json(results()))
    given = "```given\nscalar a, b\n```\n"
    (tmp_path / "own.md").write_text(f"{given}$$a = a$$\n\n$$a = b$$\n$$a = \\foo$$\n$a = b$\n")
    (tmp_path / "none.md").write_text("no formula")
    for name in ("own.md", ""):
        main([str(tmp_path / name), "--format", "json"])
        assert valid(capsys.readouterr().out)


def test_what_lacks_a_key_or_has_one_more_is_not_valid(valid: Callable[[str], bool]) -> None:
    content = _read(as_json(results()))
    assert not valid(json.dumps({**content, "more": 1}))
    del content["summary"]["passed"]
    assert not valid(json.dumps(content))
