"""Displays, chains and conditions in the many ways they are laid out."""

import pytest

from tests.reader.meaning import lines, problems

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


@pytest.mark.parametrize(
    "display",
    [
        "$$z = s \\\\ s = a$$",
        "$$\\begin{align} z &= s \\\\ s &= a \\end{align}$$",
        "$$z = s \\\\ a$$",
        "$$z = s \\qquad (4)$$",
        "$$z = s \\quad a = b$$",
        "$$z = s \\quad a$$",
        "$$z = s, s = a$$",
        "$$z = s; s = a$$",
        "$$y_w = 0, \\quad w \\ne o$$",
    ],
)
def test_what_could_be_a_second_equality_is_never_a_factor_or_prose(display: str) -> None:
    given = "```given\nscalar z, s, a, b\nsize N >= 1\nindex w, o in Vocab = 1..N\n"
    (problem,) = problems(f"{given}define y_w = 1_{{w = o}}\n```\n\n{display}\n")
    assert problem.advice
