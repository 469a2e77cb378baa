"""The page needs nothing else, holds every step, and no stranger's text becomes markup."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest

from derivations.report.web.typeset import ELEMENTS, said, typeset
from derivations.verify import main

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


@pytest.fixture
def page(tmp_path: Path) -> str:
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
