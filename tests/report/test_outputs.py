"""Each output format has everything that is said; a LaTeX article is marked."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from hashlib import md5
from importlib import import_module
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import tostring

import pytest
from jsonschema import Draft202012Validator

from derivations import report
from derivations.report import as_json as page
from derivations.report.as_json import as_json, list_as_json
from derivations.report.outputs.article import braces_balance
from derivations.report.page import ELEMENTS, said, typeset
from derivations.report.statement import statement
from derivations.report.verify_options import OUTPUTS
from derivations.verify import main
from tests.reader.missing_declarations import FORGOTTEN
from tests.reader.test_forms import cases
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
def test_a_browser_draws_the_page_without_complaint(
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


# Marks in the article itself: every ``=`` that was judged, and nothing where nothing is asked.


STYLE = Path(report.__file__).with_name("tex") / "derivations.sty"
ARTICLE = r"""\documentclass{article}
\usepackage{amsmath}
OPTIONS
% given
% scalar a, b
\begin{document}
\section{Squares} % a = b
For all numbers
\begin{align}
  (a + b)^2 &= a^2 + 2 a b + b^2 \\
   &\overset{\text{why?}}{=} % really?
      a^2 + b^2.  % = 0
\end{align}
So \[ 2 a = a + a = \foo \] with $\sum_{i=1}^{2} 1 = 2$
\input{part}
\begin{verbatim}
\input{part}
\end{verbatim}
\include{more/last}
\end{document}
"""
PART = "\\[a = b\\] % \\input{part}\n\\input more/within"
WITHIN = "\t\\[a \\equiv a\\]\n"
LAST = "\\[a a = a^2\\]\n"
MARK = re.compile(
    r"\\derivationsmark\{([\w.]+)\}\{([\w-]+)\}\{((?:[^{}]|\{(?:[^{}]|\{.*?\})*\})*)\}"
)


def made(folder: Path, capsys: pytest.CaptureFixture[str], package: str) -> str:
    """The side file of an article in a folder."""
    shutil.copy(STYLE, folder)
    (folder / "more").mkdir(exist_ok=True)
    (folder / "part.tex").write_text(PART)
    (folder / "more" / "within.tex").write_text(WITHIN)
    (folder / "more" / "last.tex").write_text(LAST)
    (folder / "article.tex").write_text(ARTICLE.replace("OPTIONS", package))
    main([str(folder / "article.tex"), "--format", "article", "--repairs", "none"])
    side = capsys.readouterr().out
    (folder / "article.derivations").write_text(side)
    return side


def compiled(folder: Path, *options: str, engine: str = "pdflatex") -> tuple[int, str]:
    """The exit code of TeX, and what it says, its lines put together again."""
    if shutil.which(engine) is None:
        pytest.skip(f"{engine} is not installed")
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", *options, "article.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    log = (folder / "article.log").read_text("utf-8", "replace")
    return done.returncode, log.replace("\n", "")


def sections(side: str) -> list[str]:
    """The sections of a side file, without the lines they begin and end with."""
    first, *found = re.split(r"%derivations:\d\n", side)
    assert first == "\\derivationsgo\n"
    return [each.removesuffix("\n\\endinput\n") for each in found]


def test_each_sign_that_was_judged_is_marked_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, body, *_ = sections(made(tmp_path, capsys, r"\usepackage[status]{derivations}"))
    assert MARK.findall(body) == [
        ("1.1", "proved", "="),
        ("1.2", "refuted", r"\overset{\text{why?}}{=}"),
        ("1.3", "proved", "="),
        ("1.4", "not-read", "="),
    ]
    unmarked = MARK.sub(r"\3", body)
    unmarked = unmarked.replace(r"\derivationsinput{2}", r"\input{part}", 1)
    unmarked = unmarked.replace(r"\derivationsinclude{3}{more/last}", r"\include{more/last}")
    assert unmarked == ARTICLE.partition("\\begin{document}")[2].partition("\\end{document}")[0]


def test_files_that_are_taken_in_have_their_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, _, *taken = sections(made(tmp_path, capsys, r"\usepackage[status]{derivations}"))
    assert taken == [
        "\\[a \\derivationsmark{1.5}{refuted}{=} b\\] % \\input{part}\n\\derivationsinput{4}",
        "\\[a a \\derivationsmark{1.7}{proved}{=} a^2\\]\n",
        "\t\\[a \\derivationsmark{1.6}{proved}{\\equiv} a\\]\n",
    ]


def test_an_article_and_what_it_takes_in_are_known_by_their_digests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = sections(made(tmp_path, capsys, r"\usepackage[status]{derivations}"))[0]
    listed = dict(re.findall(r"derivationssource\{(.*?)\}\{(.*?)\}", head))
    assert set(listed) == {"article.tex", "part.tex", "more/within.tex", "more/last.tex"}
    digest = md5((tmp_path / "part.tex").read_bytes(), usedforsecurity=False).hexdigest()
    assert listed["part.tex"] == digest.upper()


def test_each_wrong_line_is_a_warning_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    side = made(tmp_path, capsys, r"\usepackage[status]{derivations}")
    warned = re.findall(r"derivationswarning\{(\d*)\}\{\\detokenize\{(.*?)\}\}", side)
    assert [(line, re.sub(r".*/", "", said).partition(" is ")[0]) for line, said in warned] == [
        ("12", "article.tex:12: 1.2"),
        ("14", "article.tex:14: 1.4"),
        ("", "part.tex:1: 1.5"),
    ]


def test_a_warning_never_breaks_the_side_file() -> None:
    for text in (r"\frac{a", r"a}", r"} {", "a\\"):
        assert not braces_balance(text)
    assert braces_balance(r"\{ \frac{a}{b}")


def test_of_two_articles_one_is_marked_and_the_other_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one.tex", "other.tex"):
        article = "% given\n% scalar a\n\\begin{document}\n\\[a = 2 a\\]\n\\end{document}\n"
        (tmp_path / name).write_text(article)
    main([str(tmp_path / "one.tex"), str(tmp_path / "other.tex"), "--format", "article"])
    side = capsys.readouterr().out
    assert side.startswith("\\derivationsgo\n")
    assert side.count("derivationsmark") == 1
    assert "other.tex: marks are made for one article at a time" in side


def test_what_is_no_article_has_comments_instead(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.md").write_text("```given\nscalar a\n```\n$$a = 2 a$$\n")
    main([str(tmp_path / "own.md"), "--format", "article"])
    first, second = capsys.readouterr().out.splitlines()
    assert "a LaTeX article is expected" in first
    assert "line.1 is refuted" in second
    assert {first[0], second[0]} == {"%"}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex", "xelatex"])
@pytest.mark.parametrize("options", ["status", "status,margin"])
def test_tex_sets_the_marks_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: str, engine: str
) -> None:
    package = rf"\usepackage[{options}]{{derivations}}\newcommand{{\foo}}{{3}}"
    made(tmp_path, capsys, package)
    compiled(tmp_path, engine=engine)
    code, log = compiled(tmp_path, engine=engine)
    assert code == 0
    assert log.count("Package derivations Warning") == 3
    assert "article.tex:12: 1.2 is refuted" in log
    assert "on input line 12." in log
    positions = (tmp_path / "article.aux").read_text().count("\\derivationsposition{1.")
    positions += (tmp_path / "more" / "last.aux").read_text().count("\\derivationsposition{1.")
    assert positions == (7 if "margin" in options else 0)


@pytest.mark.slow
@pytest.mark.parametrize("options", ["status", "margin"])
def test_a_mark_moves_nothing(tmp_path: Path, options: str) -> None:
    shutil.copy(STYLE, tmp_path)
    (tmp_path / "article.tex").write_text(
        rf"""\documentclass{{article}}
\usepackage{{amsmath}}\usepackage[{options}]{{derivations}}
\begin{{document}}
\newcommand\compare[1]{{%
  \setbox0\hbox{{$\displaystyle a#1b_{{c#1d}}$}}%
  \setbox2\hbox{{$\displaystyle a\derivationsmark{{1.1}}{{definition}}{{#1}}
    b_{{c\derivationsmark{{1.2}}{{ill-typed}}{{#1}}d}}$}}%
  \ifdim\wd0=\wd2\else\errmessage{{wider}}\fi
  \ifdim\ht0=\ht2\else\errmessage{{higher}}\fi
  \ifdim\dp0=\dp2\else\errmessage{{deeper}}\fi}}
\compare{{=}}\compare{{:=}}\compare{{\equiv}}\compare{{\overset{{!}}{{=}}}}
\end{{document}}
"""
    )
    code, log = compiled(tmp_path)
    assert code == 0, log[-2000:]


@pytest.mark.slow
def test_the_side_file_is_written_while_compiling_where_it_is_out_of_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, capsys, r"\usepackage[run]{derivations}\newcommand{\foo}{3}")
    (tmp_path / "article.derivations").rename(tmp_path / "written")
    command = tmp_path / "bin" / "derivations"
    command.parent.mkdir()
    command.write_text('#!/bin/sh\necho "$@" >> called\ncat written\nexit 1\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "The option run needs a shell: compile with -shell-escape" in log
    assert not (tmp_path / "called").exists()
    for _ in range(2):
        code, log = compiled(tmp_path, "-shell-escape")
        assert code == 0
        assert "article.tex:12: 1.2 is refuted" in log
    assert (tmp_path / "called").read_text() == "verify --format article article.tex\n"
    command.write_text("#!/bin/sh\necho could not be run >&2\nexit 127\n")
    (tmp_path / "part.tex").write_text("none")
    code, log = compiled(tmp_path, "-shell-escape")
    assert code == 0
    assert "article.derivations was not written by derivations verify --format article" in log


@pytest.mark.slow
def test_the_style_without_options_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path, capsys, r"\usepackage{derivations}\newcommand{\foo}{3}")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "article.derivations" not in log
    assert "Warning" not in log
    assert "derivations" not in (tmp_path / "article.aux").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("changed", ["article.tex", "part.tex", "more/within.tex"])
def test_an_article_changed_since_is_set_without_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: str
) -> None:
    made(tmp_path, capsys, r"\usepackage[status]{derivations}\newcommand{\foo}{3}")
    file = tmp_path / changed
    file.write_text(file.read_text() + "\n% more\n")
    code, log = compiled(tmp_path)
    assert code == 0
    assert f"{changed} has been changed since it was judged: nothing is marked" in log
    assert "is refuted" not in log


@pytest.mark.slow
def test_an_article_never_judged_is_set_without_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made(tmp_path, capsys, r"\usepackage[status]{derivations}\newcommand{\foo}{3}")
    side = tmp_path / "article.derivations"
    side.write_text("Something else. % derivationsgo")
    code, log = compiled(tmp_path)
    assert code == 0
    assert "article.derivations was not written by derivations verify" in log
    side.unlink()
    code, log = compiled(tmp_path)
    assert code == 0
    assert "There is no side file (article.derivations)" in log


# The document for pdflatex compiles whatever a file says, and says what the others say.


ODD = r"""
```given
size n >= 1
index i in 1..n
scalar \lambda, \mu, a
vector x, y in R^n
require \lambda \mu = ...
```

## (a) Träume & 50% of 中_#
$$\lambda \mu = \mu \lambda + 1 = \foo{2}$$

$$a = ŷ \bar{$$

$$\sum_i x_i y_i = x y^T$$

$$\lambda \mu + a = a$$
- a.5 refuted, should be $\lambda \mu + a$

$$\hat{\lambda} = 50\% \lambda & \mu$$

$$\lambda = \mu # _ ^ \end{document}$$
"""


@pytest.fixture
def document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    (tmp_path / "o_d#d.md").write_text(ODD, encoding="utf-8")
    (tmp_path / "none.md").write_text("50% & no formula_^", encoding="utf-8")
    main([str(tmp_path), "--repairs", "none", "--format", "pdflatex"])
    return capsys.readouterr().out


def test_each_line_is_set_as_it_was_read_and_what_was_not_read_letter_by_letter(
    document: str,
) -> None:
    assert document.startswith(r"\documentclass")
    assert document.count(r"\end{document}") == 1
    assert r"\lambda \mu = \mu \lambda + 1" in document
    assert r"\textbackslash{}foo\{2\}" in document
    assert re.search(r"a\.1, line \d+: refuted", document)
    assert "required.1: not shown" in document
    assert "Should be:" in document
    assert r"o\_d\#d.md" in document
    assert "no line to judge" in document


def test_what_is_no_letter_of_latex_is_declared(document: str) -> None:
    declared = re.findall(r"\\DeclareUnicodeCharacter\{(\w+)\}", document)
    body = document.partition(r"\begin{document}")[2]
    assert {chr(int(each, 16)) for each in declared} == {each for each in body if ord(each) > 127}


@pytest.mark.skipif(
    not shutil.which("pdflatex"), reason="apt-get install texlive-latex-recommended"
)
def test_latex_of_the_article_compiles(document: str, tmp_path: Path) -> None:
    (tmp_path / "page.tex").write_text(document, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-2000:]
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


# What is told is the same byte for byte, whatever order Python has sets in.


NAMES = "a, b, c, e, f, g"
SEEDED = """
import sys
from derivations.verify import main
main([sys.argv[1], "--repairs", "none", "--format", "json"])
main([f"{sys.argv[1]}/solution.md", "--given", sys.argv[2], "--format", "json"])
"""


def texts_of_many_kinds() -> dict[str, str]:
    """A solution that says otherwise what is given, some forms, and some declarations."""
    own = f"```given\nsize m >= 2\nvector {NAMES} in R^m\n```\n\n$$a = a$$\n"
    forms = {f"form_{n}": text for n, (*_, text) in enumerate(cases()[::12])}
    forgotten = {name.replace("/", "_"): f"{text}\n$$1 = 1$$\n" for name, text in FORGOTTEN.items()}
    return {"solution": own, **forms, **forgotten}


def told_with(seed: int, folder: Path, given: Path) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-c", SEEDED, str(folder), str(given)]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert ran.stdout.count('"version"') == 2, ran.stderr
    return re.sub(r'"seconds": [^,\n}]+', "", ran.stdout)


@pytest.mark.slow
def test_the_order_of_sets_reaches_nothing_that_is_told(tmp_path: Path) -> None:
    folder, given = tmp_path / "texts", tmp_path / "given.md"
    folder.mkdir()
    given.write_text(f"```given\nsize n >= 1\nvector {NAMES} in R^n\n```\n", encoding="utf-8")
    for name, text in texts_of_many_kinds().items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    first, second = (told_with(seed, folder, given) for seed in (1, 2))
    assert f"{NAMES} are given" in first
    assert first == second
