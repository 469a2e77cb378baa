"""Markdown and notebooks: quotations, lists, code and comments are what Markdown says they are."""

from __future__ import annotations

import json

import pytest

from derivations.claim import Verdict
from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.line import Derivation, Line, NotRead

GIVEN = "```given\nscalar a, b\n```\n\n"


def read(text: str, given: str = GIVEN) -> Derivation:
    return reading(given + text, "own.md")


def printed(found: Derivation) -> list[tuple[str, str]]:
    return [(each.latex.replace(" ", ""), str(each.place)) for each in found.entries]


PLACES = {
    "> $$\n> a\n> = b\n> $$": [("a=b", "7:5")],
    ">> quoted twice $$a = b$$": [("a=b", "5:23")],
    "- item\n\n  $$\n  a\n  = b\n  $$": [("a=b", "9:5")],
    "1. $$a = b$$ and $$a = 2$$": [("a=b", "5:10"), ("a=2", "5:24")],
    "text $$\na\n\n= b$$ text": [("a=b", "8:3")],
    "# Title $$a = b$$": [("a=b", "5:15")],
    "$$a = b$$\n---\n$$a = 2$$": [("a=b", "5:7"), ("a=2", "7:7")],
    "| $$a = b$$ | x |\n|---|---|": [("a=b", "5:9")],
    "[x]: $$a = b$$": [("a=b", "5:12")],
    "<div>\n$$a = b$$\n</div>": [("a=b", "6:7")],
    "> " * 90 + "$$a = b$$": [("a=b", "5:187")],
    "- " * 90 + "$$a = b$$": [("a=b", "5:187")],
    "$$\n- a\n= b\n$$": [("-a=b", "7:3")],
    "`$$a = b$$` $$a = a$$": [("a=a", "5:19")],
    "    $$a = b$$\n\n$$a = a$$": [("a=a", "7:7")],
    "```latex\n$$a = b$$\n```\n$$a = a$$": [("a=a", "8:7")],
    "<!-- $$a = b$$\n\n$$a = b$$ --> $$a = a$$": [("a=a", "7:21")],
    "<pre>\n$$a = b$$\n</pre>\n\n$$a = a$$": [("a=a", "9:7")],
}


@pytest.mark.parametrize("text", PLACES, ids=lambda text: text[:20])
def test_a_display_is_found_where_it_stands(text: str) -> None:
    assert printed(read(text)) == PLACES[text]


GIVENS = (
    "```given\nscalar a\n```\n",
    "```Given\nscalar a\n```\n",
    "```{given}\nscalar a\n```\n",
    "``` given\nscalar a\n```\n",
    "~~~given\nscalar a\n~~~\n",
    "<!-- given\nscalar a\n-->\n",
    "> ```given\n> scalar a\n> ```\n\n",
)


@pytest.mark.parametrize("given", GIVENS)
def test_declarations_are_spelt_in_several_ways(given: str) -> None:
    (line,) = read("$$a = a$$", given).entries
    assert isinstance(line, Line)
    assert line.notes == ()


@pytest.mark.parametrize("given", GIVENS)
def test_declarations_below_the_first_use_hold_there_with_a_note(given: str) -> None:
    (line,) = read(f"$$a = a$$\n\n{given}", "").entries
    assert isinstance(line, Line)
    assert "read with the declarations below it" in line.notes[0]


def test_declarations_below_hold_only_where_there_are_none_above() -> None:
    found = read("$$c = a$$\n\n```given\nscalar c\n```\n")
    (line,) = found.entries
    assert isinstance(line, NotRead)


IDS = {
    "## (b) T\n$$a = a$$\n## (c)\n$$a = a$$": ["b.1", "c.1"],
    "## Exercise 2\n$$a = a$$\n### (a)\n$$a = a$$\n**(b)**\n\n$$a = a$$": ["2.1", "2a.1", "2b.1"],
    "## Problem 3b: more\n$$a = a$$": ["3b.1"],
    "## 1. T\n$$a = a$$\n## 2.1 T\n$$a = a$$": ["1.1", "2-1.1"],
    "**2.** T\n\n$$a = a$$\n\n**3 things**\n\n$$a = a$$": ["2.1", "2.2"],
    "(a)\n\n$$a = a$$\n\n(a) and (b)\n\n$$a = a$$": ["a.1", "a.2"],
    "# Least squares\n$$a = a$$\n# Answer a question\n$$a = a$$": ["line.1", "line.2"],
    "# Question 1\n$$a = a$$\n# Question 1, again\n$$a = a$$": ["1.1", "1.2"],
    "Exercise 4\n==\n$$a = a$$": ["4.1"],
}


@pytest.mark.parametrize("text", IDS)
def test_headings_with_a_number_or_a_letter_divide_parts(text: str) -> None:
    found = read(text)
    assert [each.id for each in found.entries] == IDS[text]
    assert found.problems == ()


def test_what_is_declared_under_a_heading_holds_below_it_and_not_beside_it() -> None:
    given = "```given\nscalar c\n```\n\n"
    text = f"## Exercise 1\n$$a = a$$\n{given}### (a)\n$$c = c$$\n## Exercise 2\n$$c = c$$"
    kinds = [type(each) for each in read(text).entries]
    assert kinds == [Line, Line, NotRead]


BULLETS = {
    "- so it goes": (None, 0),
    "- [ ] look at this": (None, 0),
    "- line.1 refuted": (Verdict.REFUTED, 0),
    "* line.1 refuted": (Verdict.REFUTED, 0),
    "- so it goes\n- line.1 refuted": (Verdict.REFUTED, 0),
    "- line.1 refutd": (None, 1),
    "- assuming $a > b$": (None, 1),
    "then\n- line.1 refuted": (None, 0),
}


@pytest.mark.parametrize("bullets", BULLETS)
def test_bullets_under_a_display_are_prose_unless_they_say_something_of_its_lines(
    bullets: str,
) -> None:
    found = read(f"$$a = b$$\n{bullets}\n")
    assert (found.entries[0].expected, len(found.problems)) == BULLETS[bullets]


def test_a_bullet_that_may_be_a_condition_leaves_a_doubt_also_in_the_list_of_its_display() -> None:
    (line,) = read("- so\n\n  $$a = b$$\n- assuming $a \\sim b$\n").entries
    assert line.doubt is not None


MACROS = (
    "$$\\newcommand{\\x}{a}$$\n\n$$\\x + b = b + \\x$$",
    "\\newcommand{\\x}{a}\n\n$$\\x + b = b + \\x$$",
    "$\\def\\x{a}$ $$\\x + b = b + \\x$$",
    "> $$\\DeclareMathOperator{\\x}{exp}\n> \\x(a) = \\exp(a)$$",
)


@pytest.mark.parametrize("text", MACROS)
def test_macros_are_written_out(text: str) -> None:
    (line,) = read(text).entries
    assert isinstance(line, Line)


OPENINGS = "\\newcommand{\\be}{\\begin{equation}}\n\\newcommand{\\ee}{\\end{equation}}\n"


@pytest.mark.parametrize(
    "defined",
    [OPENINGS, f"$${OPENINGS}$$\n", "\\def\\be#1{\\begin{align}}\\def\\ee{\\end{align}}\n"],
)
def test_a_macro_may_begin_a_display(defined: str) -> None:
    be = "\\be{}" if "#1" in defined else "\\be"
    text = f"{defined}\n{be}\na = b\n\\ee\n\n- $${be} b = a \\ee$$\n\n`{be} a = 2 \\ee`\n"
    found = read(text)
    above = defined.count("\n") + 4
    assert [(each.latex.strip(), str(each.place)) for each in found.entries] == [
        ("a = b", f"{above + 3}:5"),
        ("b = a", f"{above + 6}:{10 + len(be)}"),
    ]
    assert {each.kind: each.count for each in found.elsewhere} == {"code": 1}


def test_an_environment_of_ones_own_may_be_a_display() -> None:
    text = (
        "\\newenvironment{q}[1]{\\begin{align} #1 &=}{\\end{align}}\n\n\\begin{q}{a} b \\end{q}\n"
    )
    assert [each.latex.replace(" ", "") for each in read(text).entries] == ["a=b"]


def test_a_macro_bomb_costs_its_display() -> None:
    first, second = read("$$\\def\\x{\\x\\x}\\x = a$$\n\n$$a = a$$").entries
    assert isinstance(first, NotRead)
    assert first.latex == "\\x = a"
    assert "a macro that calls itself" in first.problem.what
    assert isinstance(second, Line)


def notebook(*cells: str, code: str = "x = 3") -> str:
    told = [{"cell_type": "markdown", "source": cell.splitlines(keepends=True)} for cell in cells]
    told.insert(1, {"cell_type": "code", "source": code})
    return json.dumps({"cells": told, "nbformat": 4})


def test_the_markdown_cells_of_a_notebook_are_one_text_with_places_in_their_cells() -> None:
    text = notebook(GIVEN, "## (a)\n\n$$a = b$$", "text\n$$b = \\foo$$\n- a.2 not read")
    found = reading(text, "own.ipynb")
    first, second = found.entries
    assert (first.id, str(first.place), first.place.row) == ("a.1", "cell 3:3:7", "cell 3, line 3")
    assert isinstance(second, NotRead)
    assert (second.id, str(second.problem.place)) == ("a.2", "cell 4:2:7")
    assert found.elsewhere == ()


def test_macros_that_begin_displays_hold_in_later_cells_and_raw_cells_are_not_read() -> None:
    told = json.loads(notebook(GIVEN + OPENINGS, "\\be a = b \\ee"))
    told["cells"].append({"cell_type": "raw", "source": "$$a = b$$"})
    output = {"output_type": "display_data", "data": {"text/latex": "$$a = b$$"}}
    told["cells"].append({"cell_type": "code", "source": "", "outputs": [output]})
    found = reading(json.dumps(told), "own.ipynb")
    assert [str(each.place) for each in found.entries] == ["cell 3:1:9"]
    assert [(each.kind, str(each.place)) for each in found.elsewhere] == [
        ("raw cell", "cell 4:1:3")
    ]


@pytest.mark.parametrize("name", ["own.qmd", "own.Rmd", "own.markdown"])
def test_notes_of_quarto_and_r_are_markdown(name: str) -> None:
    text = GIVEN + "```{r}\na = b\n```\n\n::: {.proof}\n$$a = b$$ {#eq-x}\n:::\n"
    assert [each.latex for each in reading(text, name).entries] == ["a = b"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', '{"cells": [3]}', "[" * 100_000])
def test_what_is_no_notebook_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="no notebook"):
        reading(text, "own.ipynb")
