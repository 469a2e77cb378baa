"""Displays, the equalities in them, recurrences, and networks written layer by layer."""

from __future__ import annotations

import json

import pytest

from derivations.claim import Verdict
from derivations.proof.judge import judge
from derivations.reader.derivation import Derivation, UnreadableFile, reading
from derivations.reader.equation import Line, NotRead
from derivations.report.results import results_of
from derivations.report.subject import Subject
from tests.reader.alpha_equivalence import lines, problems

# Markdown and notebooks: quotations, lists, code and comments are what Markdown says they are.


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


# Displays, chains and conditions in the many ways they are laid out.


ONE_LINE = (
    "$$z = s$$",
    "$$ z = s, $$",
    "$$z = s.$$",
    "$$z = s;$$",
    "$$\\displaystyle z = s$$",
    "$$\nz = s\n$$",
    "$$\nz\n= s\n$$",
    "$$z$$\n\n$$= s$$",
    "$$\\begin{equation} z = s \\end{equation}$$",
    "$$\\begin{equation*} z = s \\end{equation*}$$",
    "$$\\begin{aligned} z &= s \\end{aligned}$$",
    "$$\\begin{align*}\nz &= s \\label{eq} \\\\\n\\end{align*}$$",
    "$$\\begin{gather} z = s \\nonumber \\end{gather}$$",
    "$$(1) \\quad z = s$$",
    "$$(i) \\qquad z = s$$",
    "$$z = s \\tag{4}$$",
    "$$z = s \\quad \\text{as claimed}$$",
    "text before $$z = s$$ text behind",
    "$$z \\equiv s$$",
    "$$z = s % a comment\n$$",
    "\\[ z = s \\]",
    "\\[\nz\n= s\n\\]",
    "text before \\[ z = s \\] text behind",
    "\\begin{align}\nz &= s\n\\end{align}",
    "\\begin{equation*}\nz = s\n\\end{equation*}",
    "\\begin{alignat}{2}\nz &= s\n\\end{alignat}",
    "```math\nz = s\n```",
    "~~~ {math}\nz = s\n~~~",
    "- in a list\n\n  $$\n  z = s\n  $$",
    "1. in a list\n   \\[ z = s \\]\n2. and on",
    "> quoted\n> $$\n> z\n> = s\n> $$",
    "$$\nz\n\n= s\n$$",
    "<div>\n$$z = s$$\n</div>",
    "    indented = code\n\n$$z = s$$",
)


@pytest.mark.parametrize("display", ONE_LINE)
def test_a_display_prints_one_equality(display: str) -> None:
    (line,) = lines(display)
    assert (str(line.claim.sides.left), str(line.claim.sides.right)) == ("z", "s")


THREE_LINES = (
    "$$z = s = a = b$$",
    "$$z = s$$\n$$= a$$\n\nWhy:\n\n$$= b$$",
    "$$\\begin{split} z &= s \\\\ &= a \\\\ &= b \\end{split}$$",
    "$$\\begin{align*}\nz &= s, \\\\\n  &= a, \\\\\n  &= b.\n\\end{align*}$$",
    "$$z = s \\\\ = a \\\\ = b$$",
    "$$z = s \\\\[4pt] = a \\\\ = b$$",
)


@pytest.mark.parametrize("display", THREE_LINES)
def test_a_chain_is_as_many_equalities_as_it_has_signs(display: str) -> None:
    found = [(str(x.claim.sides.left), str(x.claim.sides.right)) for x in lines(display)]
    assert found == [("z", "s"), ("s", "a"), ("a", "b")]


CONDITIONS = (
    r"$$y_w = 0 \quad (w \ne o)$$",
    r"$$y_w = 0 \qquad (w \neq o).$$",
    r"$$y_w = 0 \; (w ≠ o)$$",
    r"$$y_w = 0 \text{ if } w \ne o$$",
    r"$$y_w = 0 \quad \text{if } w \ne o$$",
    r"$$y_w = 0, \quad \text{if } w \ne o.$$",
    r"$$y_w = 0 \text{ for } w \ne o$$",
    r"$$y_w = 0 \quad \text{for all } w \ne o$$",
    r"$$y_w = 0 \quad \text{where } w \ne o,$$",
    r"$$y_w = 0 \quad \mbox{when } w \ne o$$",
    "$$y_w = 0$$\n\n- if $w \\ne o$",
    "$$y_w = 0$$\n\n* if $w \\neq o$.",
    r"$$y_w \quad (w \ne o) = 0$$",
)


@pytest.mark.parametrize("display", CONDITIONS)
def test_a_condition_is_read_wherever_it_stands(display: str) -> None:
    (line,) = lines(display)
    assert [str(each) for each in line.claim.conditions] == ["w ≠ o"]
    assert str(line.claim.sides.right) == "0"


def test_a_row_that_goes_on_is_one_side() -> None:
    (line,) = lines("$$\\begin{aligned} z &= s \\\\ &\\quad + a \\end{aligned}$$")
    assert str(line.claim.sides.right) == "a + s"


SEVERAL = (
    "$$z = s \\\\ s = a$$",
    "$$\\begin{align} z &= s \\\\ s &= a \\end{align}$$",
    "$$\\begin{align} z &= s & s &= a \\end{align}$$",
    "$$\\begin{array}{rcl} z & = & s \\\\ s & = & a \\end{array}$$",
    "$$\\begin{array}{l} {z} = {s} \\\\ {s = a} \\end{array}$$",
    "$$\\left\\{ \\begin{array}{l} z = s \\\\ s = a \\end{array} \\right.$$",
    "$$\\begin{cases} z = s \\\\ s = a \\end{cases}$$",
    "$$z = s, s = a$$",
    "$$z = s; s = a$$",
    "$$z = s \\quad s = a$$",
    "$$z = s, \\qquad s = a.$$",
    "$$z = s \\hspace{1cm} s = a$$",
    "$$z = s \\newline s = a$$",
    "$$z = s \\quad \\text{and} \\quad s = a$$",
    "$$z = s, \\text{ and } s = a$$",
    "$$\\because z = s \\\\ \\therefore s = a$$",
    "$$z = s \\therefore s = a$$",
    "$$\\boxed{z = s}, \\quad \\boxed{s = a}$$",
    "$$z = s, \\quad \\text{so we get} \\quad s = a$$",
    "$$z = s \\intertext{and by symmetry} s = a$$",
)


@pytest.mark.parametrize("display", SEVERAL)
def test_each_equality_of_a_display_is_a_chain_of_its_own(display: str) -> None:
    found = lines(display)
    sides = [(str(x.claim.sides.left), str(x.claim.sides.right)) for x in found]
    assert sides == [("z", "s"), ("s", "a")]
    assert [line.from_start for line in found] == [None, None]
    assert [line.ends_chain for line in found] == [True, True]


def test_a_display_that_begins_with_a_sign_goes_on_with_the_last_equality_before() -> None:
    *_, last = lines("$$z = s \\\\ a = b$$\n$$= s$$")
    assert last.from_start is not None
    assert (last.left, last.right) == ("b", "s")
    assert str(last.from_start.sides.left) == "a"


IMPLICATIONS = ("Rightarrow", "implies", "iff", "Longleftrightarrow", "leftrightarrow")


@pytest.mark.parametrize("sign", [*(f"\\{each} " for each in IMPLICATIONS), "=>", "⟹"])
def test_an_implication_is_not_judged_but_each_equality_is(sign: str) -> None:
    first, second = lines(f"$$z + z = 2 z {sign} z = 2 z$$")
    assert judge(first.claim).verdict.value == "proved"
    assert any("implication" in note for note in second.notes)
    # z = 2 z may follow from something: it is not called wrong
    assert second.doubt is not None or judge(second.claim).verdict.value == "undecided"


def test_what_follows_from_a_condition_is_claimed_under_it() -> None:
    (line,) = lines(r"$$w = o \Rightarrow y_w = 1$$")
    assert [str(each) for each in line.claim.conditions] == ["w = o"]
    assert line.doubt is None
    assert judge(line.claim).verdict.value == "proved"
    (two,) = lines(r"$$w = o, k \ne i \Rightarrow y_w = 1$$")
    assert [str(each) for each in two.claim.conditions] == ["w = o", "k ≠ i"]
    (false,) = lines(r"$$w = o \Rightarrow y_w = 0$$")
    assert judge(false.claim).verdict.value == "refuted"


DECORATED = (
    r"$$\boxed{z = s}$$",
    r"$$\boxed{z} = s$$",
    r"$$z = \boxed{s}$$",
    r"$$z = \boxed{= s}$$",
    r"$$z = \underbrace{s}_{\text{a number}}$$",
    r"$$\overbrace{z}^{a = b} = s$$",
    r"$$z = \cancel{s}$$",
    r"$$z = \color{red} s$$",
    r"$$z = \textcolor{red}{s}$$",
    r"$$z = s \phantom{= a}$$",
    r"$$z = s \qquad (8)$$",
    r"$$z = s \quad (*)$$",
    r"$$z = s \tag{3.1} \label{loss}$$",
    r"$$z = s \quad \blacksquare$$",
    r"$$z = s \; \square$$",
    r"$$\therefore z = s$$",
    r"$$z \overset{(1)}{=} s$$",
    r"$$z \stackrel{def}{=} s$$",
    r"$$z := s$$",
    r"$$z \triangleq s$$",
    r"$$z \equiv s$$",
    r"$$\begin{align} z &= s && \text{by definition} \end{align}$$",
    r"$$z = s \quad (\text{chain rule})$$",
    r"$$\begin{alignat}{2} z &= s \end{alignat}$$",
    r"$$z = \left. s \right.$$",
    r"$$z \in \mathbb{R} = s$$",
)[:-2]


@pytest.mark.parametrize("display", DECORATED)
def test_decoration_changes_nothing(display: str) -> None:
    (line,) = lines(display)
    assert (str(line.claim.sides.left), str(line.claim.sides.right)) == ("z", "s")


@pytest.mark.parametrize(
    ("display", "note"),
    [
        (r"$$z := s$$", ":= is read as an equality"),
        (r"$$z \triangleq s$$", ":= is read as an equality"),
        (r"$$z \overset{!}{=} s$$", "the '!' at the sign is not read"),
        (r"$$\underbrace{z}_{x = y} = s$$", r"the label 'x = y' of \underbrace is not read"),
        (r"$$z = s \quad (8)$$", "the number behind it is read as the formula's"),
        (r"$$z = s \in \mathbb{R}$$", r"what stands behind \in is not read: \mathbb{R}"),
        (r"$$z = \\ = s$$", "= = is read as one sign"),
    ],
)
def test_what_is_left_out_leaves_a_note(display: str, note: str) -> None:
    (line,) = lines(display)
    assert note in line.notes


FRAMES = (
    r"$$z = s \boxed{a + b}$$",
    r"$$z = \boxed{a + b} s$$",
    r"$$z = s - \underbrace{a + b}_{c}$$",
    r"$$z = \cancel{a + b} \cdot s$$",
    r"$$z = \boxed{a + b}^2$$",
)


@pytest.mark.parametrize("display", FRAMES)
def test_a_frame_around_a_sum_is_no_bracket(display: str) -> None:
    (problem,) = problems(f"```given\nscalar z, s, a, b, c\n```\n\n{display}\n")
    assert "does the frame hold a sum together" in problem.what


ELSEWHERE = (
    r"$$y_w = 0, \quad w \ne o$$",
    r"$$y_w = 0, w \ne o$$",
    r"$$\begin{align} y_w &= 0 & w &\ne o \end{align}$$",
    r"$$\text{if } w \ne o, \quad y_w = 0$$",
    r"$$\text{for } w \ne o: y_w = 0$$",
    r"$$y_w = 0 \text{ if $w \ne o$}$$",
    r"$$y_w = 0 \quad if \ w \ne o$$",
    r"$$w \ne o \Rightarrow y_w = 0$$",
    r"$$y_w = 0 \quad \forall w \ne o$$",
)


@pytest.mark.parametrize("display", [*ELSEWHERE[:7], ELSEWHERE[8]])
def test_a_condition_may_stand_without_brackets(display: str) -> None:
    (line,) = lines(display)
    assert [str(each) for each in line.claim.conditions] == ["w ≠ o"]
    assert judge(line.claim).verdict.value == "proved"


def test_an_equality_of_two_indices_behind_a_wide_space_is_a_condition() -> None:
    (line,) = lines(r"$$y_w = 1, \quad w = o$$")
    assert [str(each) for each in line.claim.conditions] == ["w = o"]
    (false,) = lines(r"$$y_w = 0, \quad w = o$$")
    assert judge(false.claim).verdict.value == "refuted"
    of_numbers = lines(r"$$z = s, \quad a = b$$")
    assert len(of_numbers) == 2


def test_a_condition_at_the_end_of_a_row_is_one_of_the_whole_row() -> None:
    found = lines(r"$$y_w = 2 y_w = 0 \quad (w \ne o)$$")
    assert [str(c) for line in found for c in line.claim.conditions] == ["w ≠ o"] * 2


def test_premises_behind_because_and_what_follows_are_not_called_wrong() -> None:
    found = lines("$$\\because z = s \\\\ \\therefore z^2 = s^2$$\n\n$$\\therefore z = s$$")
    assert [line.doubt is not None for line in found] == [True, True, False]
    assert all("premises" in line.doubt.what for line in found if line.doubt)


def test_a_condition_of_one_row_leaves_a_doubt_at_the_others() -> None:
    first, second = lines(r"$$y_w = 0 \quad (w \ne o) \\ = 2 y_w + 0$$")
    assert (first.doubt, second.doubt) == (None, None)
    before, behind = lines(r"$$y_w + 0 = 0 \\ = 2 y_w \quad (w \ne o)$$")
    assert before.doubt is not None  # false as it stands, and true under the condition
    assert behind.doubt is None


RANGES = (
    r"\quad \forall k",
    r", \forall k \in \{1, \dots, K\}",
    r", \quad \forall k \in [1, K]",
    r"\quad \text{for all } k = 1, \ldots, K",
    r", \quad for\ k = 1, 2, \ldots, K",
    r", \quad 1 \le k \le K",
    r"\quad (k = 1, \dots, K)",
    r"\quad \text{for each } k",
)[:6]


@pytest.mark.parametrize("words", RANGES)
def test_a_range_that_a_letter_was_declared_with_says_nothing(words: str) -> None:
    (line,) = lines(f"$$u_{{w_k}} = u_{{w_k}} {words}$$")
    assert line.claim.conditions == ()
    assert line.doubt is None


def test_another_range_leaves_a_doubt() -> None:
    (line,) = lines(r"$$k = 2 k, \quad \text{for } k = 1, \ldots, K - 1$$")
    assert line.doubt is not None
    assert "range" in line.doubt.what


WORDS = (
    (r"$$z = s \text{ otherwise}$$", "a condition in words"),
    (r"$$z = s \quad \text{if the sun shines}$$", "a condition in words"),
    (r"$$z = s \quad \text{or} \quad z = a$$", "one or the other is claimed"),
    (r"$$\text{Suppose } z = s, \text{ then } a = b$$", "an assumption"),
    (r"$$z = s, \quad \text{where } s = a + b$$", "is this assumed"),
)


@pytest.mark.parametrize(("display", "what"), WORDS)
def test_words_that_may_be_a_condition_leave_a_doubt(display: str, what: str) -> None:
    given = "```given\nscalar z, s, a, b\n```\n\n"
    entries = reading(f"{given}{display}\n", "a file").entries
    doubts = [entry.doubt.what for entry in entries if entry.doubt is not None]
    assert any(what in doubt for doubt in doubts)


@pytest.mark.parametrize(
    "display",
    [
        "$$z = s \\\\ a$$",
        "$$z = s \\\\ - s = a$$",
        "$$z = s \\quad a$$",
        "$$z = s & a$$",
        "$$z = s, a$$",
        "$$z, s = a$$",
        "$$z = (s \\\\ a)$$",
    ],
)
def test_what_could_be_a_second_equality_is_never_a_factor_or_prose(display: str) -> None:
    given = "```given\nscalar z, s, a, b\nsize N >= 1\nindex w, o in Vocab = 1..N\n"
    (problem,) = problems(f"{given}define y_w = 1_{{w = o}}\n```\n\n{display}\n")
    assert problem.advice


def test_rows_in_brackets_go_on_where_a_sign_says_so() -> None:
    for display in (
        r"$$z = \left( s \right. \\ \left. + a \right)$$",
        r"$$z = ( s \\ + a )$$",
        r"$$z = \begin{split} ( s + \\ a ) \end{split}$$",
    ):
        (line,) = lines(display)
        assert str(line.claim.sides.right) == "a + s"


def test_a_row_that_begins_with_minus_is_told_apart_by_its_column() -> None:
    going_on = lines("$$\\begin{align} z &= s \\\\ &- s = a \\end{align}$$")
    assert [line.right for line in going_on] == ["s \\\\ &- s", "a"]
    own = lines("$$\\begin{align} z &= s \\\\ - s &= a \\end{align}$$")
    assert [str(line.claim.sides.left) for line in own] == ["z", "-s"]


# Recurrences: what is true of all members is proved, what is not falls at the first ones.


NETWORK = r"""
size T >= 2
index t, s in 1..T
scalar w, u, h_0
vector x, y in R^T
define a_t = w h_{t-1} + u x_t
define h_t = \tanh(a_t)
define \ell_t = (h_t - y_t)^2
define L = \sum_s (h_s - y_s)^2
"""
MOMENTUM = r"""
size T >= 1
index t, s in 1..T
scalar v_0, b > 0
vector g in R^T
define v_t = b v_{t-1} + (1 - b) g_t
"""
RETURNS = r"""
size T >= 1
index t in 1..T
scalar \gamma, G_{T+1}
vector r in R^T
define G_t = r_t + \gamma G_{t+1}
"""
GATES = r"""
size T, d >= 1
index t in 1..T
vector a, h_0, c_0 in R^d
layout numerator
use sigmoid
define f_t = \sigma(a \odot h_{t-1})
define c_t = f_t \odot c_{t-1}
define h_t = f_t \odot \tanh(c_t)
"""
RAISED = r"""
size T >= 1
index t in 1..T
scalar w, h^{(0)}
vector x in R^T
define h^{(t)} = w h^{(t-1)} + x^{(t)}
"""


def verdict(given: str, line: str) -> str:
    """What is said of one line."""
    read = reading(f"```given{given}```\n$${line}$$\n", "recurrence.md")
    assert not read.problems, read.problems
    subject = Subject((), (), read.entries)
    (judged,) = results_of(subject, [judge(each) for each in subject.everything], 0.0).lines
    return judged.verdict.value


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (NETWORK, r"h_t = \tanh(w h_{t-1} + u x_t)"),
        (NETWORK, r"h_1 = \tanh(w h_0 + u x_1)"),
        (NETWORK, r"h_2 = \tanh(w \tanh(w h_0 + u x_1) + u x_2)"),
        (NETWORK, r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t^2) w"),
        (NETWORK, r"\frac{\partial h_{t+1}}{\partial h_t} = (1 - h_{t+1}^2) w"),
        (
            NETWORK,
            r"\frac{\partial h_t}{\partial h_{t-2}} = (1 - h_t^2) (1 - h_{t-1}^2) w^2",
        ),
        (NETWORK, r"\frac{\partial h_t}{\partial a_t} = 1 - h_t^2"),
        (
            NETWORK,
            r"\frac{\partial h_t}{\partial w}"
            r" = (1 - h_t^2) (h_{t-1} + w \frac{\partial h_{t-1}}{\partial w})",
        ),
        (NETWORK, r"\frac{\partial \ell_t}{\partial h_{t-1}} = 2 (h_t - y_t) (1 - h_t^2) w"),
        (
            NETWORK,
            r"\frac{\partial L}{\partial w} = \sum_s 2 (h_s - y_s) \frac{\partial h_s}{\partial w}",
        ),
        (MOMENTUM, r"v_t - v_{t-1} = (1 - b) (g_t - v_{t-1})"),
        (MOMENTUM, r"v_t = b^t v_0 + (1 - b) \sum_{s=1}^{t} b^{t-s} g_s"),
        (RETURNS, r"G_t - r_t = \gamma G_{t+1}"),
        (RETURNS, r"\frac{\partial G_t}{\partial G_{t+1}} = \gamma"),
        (GATES, r"\frac{\partial c_t}{\partial c_{t-1}} = \operatorname{diag}(f_t)"),
        (RAISED, r"h^{(t)} - x^{(t)} = w h^{(t-1)}"),
    ],
)
def test_what_holds_at_every_member_is_proved(given: str, line: str) -> None:
    assert verdict(given, line) == "proved"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (NETWORK, r"h_t = \tanh(w h_{t-1} - u x_t)"),
        (NETWORK, r"h_2 = \tanh(w \tanh(w h_0 + u x_2) + u x_2)"),
        (NETWORK, r"\frac{\partial h_t}{\partial h_{t-1}} = (1 - h_t) w"),
        (NETWORK, r"\frac{\partial h_t}{\partial a_t} = 1 + h_t^2"),
        (NETWORK, r"\frac{\partial h_t}{\partial w} = 0"),
        (
            NETWORK,
            r"\frac{\partial h_t}{\partial w}"
            r" = (1 - h_t^2) (1 + w \frac{\partial h_{t-1}}{\partial w})",
        ),
        (NETWORK, r"\frac{\partial \ell_t}{\partial h_{t-1}} = 2 (h_t - y_t) (1 - h_t^2)"),
        (MOMENTUM, r"v_t - v_{t-1} = (1 - b) g_t"),
        (MOMENTUM, r"v_t = b^{t-1} v_0 + (1 - b) \sum_{s=1}^{t} b^{t-s} g_s"),
        (MOMENTUM, r"v_t = b^t v_0 + (1 - b) \sum_{s=1}^{t-1} b^{t-s} g_s"),
        (RETURNS, r"G_t = r_t + G_{t+1}"),
        (RAISED, r"h^{(t)} = h^{(t-1)} + x^{(t)}"),
    ],
)
def test_what_does_not_hold_falls_where_all_is_written_out(given: str, line: str) -> None:
    assert verdict(given, line) == "refuted"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        # the whole derivative, or with what was before held fixed?
        (NETWORK, r"\frac{\partial h_t}{\partial w} = (1 - h_t^2) h_{t-1}"),
        # true, as what was before does not depend on it: more than is known of any values
        (MOMENTUM, r"\frac{\partial v_t}{\partial g_t} = 1 - b"),
        (GATES, r"\frac{\partial c_t}{\partial c_{t-1}} = \operatorname{diag}(c_t)"),
    ],
)
def test_what_may_be_meant_otherwise_is_neither(given: str, line: str) -> None:
    assert verdict(given, line) == "undecided"


@pytest.mark.parametrize(
    "line",
    [
        r"\frac{\partial L}{\partial h_t} = 2 (h_t - y_t)",
        r"\frac{\partial L}{\partial h_t} = 0",
        r"\frac{\partial}{\partial h_t} \sum_s a_s = 0",
        r"\frac{\partial h_T}{\partial h_t} = 0",
        r"\frac{\partial}{\partial h_t} (h_t + \sum_s h_s) = 1",
        r"\frac{\partial}{\partial h_t} (h_t + \sum_s a_s) = 1",
    ],
)
def test_a_derivative_of_what_comes_later_in_ways_not_written_out_is_not_read(line: str) -> None:
    assert verdict(NETWORK, line) == "not read"


def test_a_display_that_makes_an_array_of_itself_asks_to_be_declared() -> None:
    text = r"""```given
size T >= 2
index t in 1..T
vector h, x in R^T
scalar w
```
$$h_t = w h_{t-1} + x_t$$
$$\frac{\partial h_t}{\partial h_{t-1}} = w$$
"""
    read = reading(text, "recurrence.md")
    subject = Subject((), (), read.entries)
    lines = results_of(subject, [judge(each) for each in subject.everything], 0.0).lines
    assert [each.verdict.value for each in lines] == ["undecided", "undecided"]
    assert all("define h_t" in each.judgement.reason for each in lines if each.judgement)


def test_a_letter_runs_over_the_members_at_which_all_is_there() -> None:
    given = "\nsize n >= 1\nindex i in 1..n\nvector x in R^n\nscalar a\n"
    assert verdict(given, "x_{i+1} - x_i = -(x_i - x_{i+1})") == "proved"
    assert verdict(given, "x_{i+1} - x_i = a") == "refuted"
    assert verdict(given, "x_{i-1} x_i = x_i x_{i-1}") == "proved"
    assert verdict(given, "x_{i-1} x_i = x_{i-1}") == "refuted"


# Recurrences that displays introduce are read as those that are declared.


RECURRENCE_GIVEN = """```given
size T >= 1
index t in 1..T
vector x, y in R^T
scalar u, w, v
%s
```
"""
RNN = r"$$a_t = u x_t + w h_{t-1} \\ h_t = \tanh(a_t) \\ o_t = v h_t$$"


def verdicts(*displays: str, given: str = "scalar h_0") -> list[str]:
    """Their verdicts, without the three of the recurrence."""
    text = RECURRENCE_GIVEN % given + "\n".join((RNN, *(f"\n$${each}$$" for each in displays)))
    found = reading(text, "own.md")
    lines = results_of(
        Subject((), (), found.entries),
        [judge(each) for each in Subject((), (), found.entries).everything],
        0.0,
    ).lines
    for each in lines[:3]:
        assert not isinstance(each.line, Line) or each.line.defines
    return [each.verdict.value for each in lines[3:]]


def test_true_steps_are_proved_and_false_ones_fall() -> None:
    assert verdicts(
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 - h_t^2)",
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 + h_t^2)",
        r"\frac{\partial o_t}{\partial h_t} = v",
        r"\frac{\partial o_t}{\partial h_t} = 2 v",
        r"\frac{\partial h_t}{\partial u} = (1 - h_t^2) (x_t + w \frac{d h_{t-1}}{du})",
        r"h_1 = \tanh(u x_1 + w h_0)",
        r"h_1 = \tanh(u x_1 - w h_0)",
    ) == ["proved", "refuted", "proved", "refuted", "proved", "proved", "refuted"]


def test_a_recurrence_without_a_start_is_not_differentiated() -> None:
    assert verdicts(r"\frac{\partial o_t}{\partial h_t} = v", given="") == ["not read"]


def test_a_loss_is_the_sum_of_those_of_its_steps() -> None:
    assert verdicts(
        r"L_t = \frac{1}{2} (o_t - y_t)^2",
        r"\frac{\partial L_t}{\partial o_t} = o_t - y_t",
        r"L = \sum_t L_t",
        r"L = \frac{1}{2} \sum_t (v h_t - y_t)^2",
        r"2 L = \sum_t (v h_t - y_t)",
        r"\frac{\partial L_t}{\partial o_t} = 2 (o_t - y_t)",
    ) == ["undecided", "proved", "undecided", "proved", "undecided", "refuted"]


def test_states_may_have_the_letter_of_a_size() -> None:
    size = "size h >= 1\nscalar h_0"
    assert verdicts(
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 - h_t^2)",
        r"\frac{\partial h_t}{\partial h_{t-1}} = w (1 + h_t^2)",
        r"h h_1 = h \tanh(u x_1 + w h_0)",
        r"h h_1 = \tanh(u x_1 + w h_0)",
        given=size,
    ) == ["proved", "refuted", "proved", "refuted"]
