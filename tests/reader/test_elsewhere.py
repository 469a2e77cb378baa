"""Every equality of a file is accounted for: what is not displayed as a line is counted."""

from __future__ import annotations

from contextlib import suppress

import pytest

from derivations.reader.derivation import UnreadableFile, reading
from derivations.reader.line import Line
from derivations.reader.prose import equality_signs
from tests.reader.soon import within

GIVEN = "```given\nscalar a, b\n```\n\n$$a = a$$\n\n"


def counted(text: str) -> list[tuple[str, int, str]]:
    """What stands elsewhere: its kind, how many equalities it has, and where, after the line."""
    found = reading(GIVEN + text, "own.md").elsewhere
    return [(e.kind, e.count, f"{e.place.line - 6}:{e.place.column}") for e in found]


INSIDE = {
    "Let $a = b$ be.": [("inline", 1, "1:6")],
    "Let $a = b = c$ and $d=e$.": [("inline", 2, "1:6"), ("inline", 1, "1:22")],
    "Let $a\n= b$ be.": [("inline", 1, "1:6")],
    "## (b) Where $a = b$": [("inline", 1, "1:15")],
    "It costs $5 and $6 = $11.": [("plain text", 1, "1:20")],
    "It costs \\$5, so $a = 5$.": [("inline", 1, "1:19")],
    "Here a = b, or a=b.": [("plain text", 1, "1:8")],
    "We have \\(a = b\\).": [(r"\( \)", 1, "1:11")],
    "\\begin{proof} Let $a = b$. \\end{proof}": [("inline", 1, "1:20")],
    "```python\nx = 3\nf(y=4)\n```": [("code", 1, "2:3")],
    "~~~\n$$a = b$$\n~~~": [("code", 1, "2:3")],
    "The code `a = b` here": [("code", 1, "1:11")],
    "<!-- $$a = b$$ -->": [("comment", 1, "1:8")],
    "<!-- in $a = b$\n\nand \\[c = d\\] -->": [("comment", 1, "1:10"), ("comment", 1, "3:7")],
    "<!-- truth=TTF -->": [],
    "$$a = a % = b = c\n$$": [("comment", 2, "1:11")],
    "$$b = b$$ because $a = b$": [("inline", 1, "1:20")],
    "so $a = b$ $$b = b$$": [("inline", 1, "1:5")],
    "$\\sum_{i=1}^n a$, $f(x=2)$, $a \\ne b$, $a <= b$": [],
    "Title\n=====\n\ntext": [],
    "| a | b |\n|---|---|": [],
}


@pytest.mark.parametrize("text", INSIDE)
def test_what_is_not_displayed_is_counted_where_it_stands(text: str) -> None:
    assert counted(text) == INSIDE[text]


def test_remarks_declarations_and_lines_are_not_counted() -> None:
    text = GIVEN + "- if $a = b$\n- line.1 refuted, should be $a = b$\n"
    assert reading(text, "own.md").elsewhere == ()


def test_a_comment_among_declarations_is_counted() -> None:
    text = "```given\nscalar a  \n# where $a = 2$\n```\n\n$$a = a$$\n"
    (found,) = reading(text, "own.md").elsewhere
    assert (found.kind, str(found.place)) == ("comment", "3:10")


def test_a_display_in_a_comment_is_no_line() -> None:
    found = reading(GIVEN + "<!--\n$$a = b$$\n-->\n\n$$b = b$$\n", "own.md")
    assert [entry.latex for entry in found.entries] == ["a = a", "b = b"]
    assert [each.count for each in found.elsewhere] == [1]


def test_a_remark_may_stand_behind_a_comment() -> None:
    text = "```given\nscalar a, b\n```\n\n$$a = b$$\n<!-- this is wrong -->\n- line.1 refuted\n"
    (line,) = reading(text, "own.md").entries
    assert isinstance(line, Line)
    assert line.expected is not None


def test_a_file_with_no_display_says_what_there_is() -> None:
    with pytest.raises(UnreadableFile, match=r"no line to judge \(but 2 equalities outside"):
        reading("Let $a = b$, \\(b = c\\).\n", "own.md")


SIGNS = {
    "a = b = c": 2,
    "a &= b \\\\ &= c": 2,
    "a \\equiv b": 1,
    "\\sum_{i=1}^n x_i = (y = z)": 1,
    "a = (b = c": 2,
    "a = b) = c": 2,
    "f(x) = \\{ w = o \\}": 1,
    "\\text{if a = b}": 0,
    "a := b": 1,
    "a <= b >= c != d == e": 0,
    "\\begin{aligned} a &= b \\end{aligned}": 1,
    "": 0,
}


@pytest.mark.parametrize("formula", SIGNS)
def test_equalities_are_counted_roughly_where_they_cannot_be_read(formula: str) -> None:
    assert len(equality_signs(formula)) == SIGNS[formula]


HOSTILE = {
    "openings": "\\[ " * 200_000,
    "dollars": "$a " * 300_000,
    "dollars that do not close": "$a $" * 80_000,
    "ticks": "`" * 400_000 + "a",
    "ticks of every length": " ".join("`" * n for n in range(1200)),
    "comments": "<!-- a --> " * 40_000,
    "comments that do not close": "<!-- a\n" * 16_000,
    "displays and comments": "$$a=a$$ <!-- b -->\n" * 1000,
    "fences that do not close": "```given\n\n" * 24_000,
    "fences of every length": "\n".join("`" * n + " given\n" for n in range(1300, 3, -1)),
    "environments": "\\begin{align}" * 70_000,
    "other environments": "\\begin{proof}" * 70_000,
    "brackets": "\\[" + "(" * 400_000 + "=" * 3 + " = " + ")" * 400_000,
    "signs": " = " * 80_000,
    "a display that does not close": "$$ a\n\n" * 999 + "$$ " * 1001,
    "percent signs": "$$" + "% = \n" * 16_000 + "$$",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long_to_be_looked_through(name: str) -> None:
    with within(10), suppress(UnreadableFile):  # with more than 2,000 lines
        reading(GIVEN + HOSTILE[name][: 1_000_000 - 100], "own.md")
