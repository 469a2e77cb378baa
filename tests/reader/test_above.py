"""What the sentence around a display may say, a condition, keeps a line from being refuted."""

from __future__ import annotations

import pytest

from derivations.proof.judge import judge
from derivations.reader.derivation import reading
from derivations.reader.line import Line

GIVEN = """```given
size n >= 2
index i, j in 1..n
vector x in R^n
scalar a, b
```

"""
FALSE = "$$x_i = x_j$$"
RESTRICTING = (
    f"If $i = j$, then\n{FALSE}",
    f"If $i = j$, then\n\n{FALSE}",
    f"1. for $i = j$:\n   {FALSE}",
    f"Suppose that $a > 0$ and that $b = a$; then {FALSE}",
    f"all others, $i \\ne j$:\n\n{FALSE}",
    f"w.r.t. all others, when $i \\neq j$ we have {FALSE}",
    f"Otherwise,\n{FALSE}",
    f"First. Else {FALSE}",
    f"If $i = j$, $$a = a$$ and {FALSE}",
    f"Hence {FALSE} if $i = j$.",
    f"{FALSE}\n\n(only if $i = j$)",
    f"For $i = j$ there are two facts. First, {FALSE}",
    f"For $i = j$ there are two facts. First,\n\n$$a = a,$$\n\nand second,\n\n{FALSE}",
)


def read(text: str) -> list[Line]:
    entries = reading(GIVEN + text, "own.md").entries
    assert all(isinstance(each, Line) for each in entries)
    return [each for each in entries if isinstance(each, Line)]


@pytest.mark.parametrize("text", RESTRICTING)
def test_a_condition_in_the_sentence_around_it_leaves_a_doubt(text: str) -> None:
    line = read(text)[-1]
    assert judge(line.claim).verdict.value == "refuted"
    assert line.doubt is not None
    assert "may be a condition" in line.doubt.what
    assert "- if $...$" in line.doubt.advice


PLAIN = (
    f"If $i = j$, we are done.\n\n{FALSE}",
    f"If $i = j$, $$a = a.$$ In all\n{FALSE}",
    f"For $i = j$ there are two facts.\n\nIn all,\n{FALSE}",
    f"Let $a = b$. Then {FALSE}",
    f"With $a = b + 1$ we find {FALSE}",
    f"For $i = 1, \\dots, n$ we find {FALSE}",
    f"For all $i \\in \\{{1, ..., n\\}}$ we find {FALSE}",
    f"We differentiate $f = g$:\n{FALSE}",
    f"{FALSE} where $a = b$.",
    f"If $i = j$,\n{FALSE}\n- if $j = i$",
)


@pytest.mark.parametrize("text", PLAIN)
def test_other_words_leave_none(text: str) -> None:
    assert read(text)[-1].doubt is None


def test_what_is_true_is_proved_all_the_same() -> None:
    (line,) = read("If $i = j$, then $$x_i = 2 x_i - x_i$$")
    assert judge(line.claim).verdict.value == "proved"


def test_a_condition_in_the_display_itself_settles_it() -> None:
    (line,) = read("If $i = j$, then $$x_i = x_j + 1 \\quad (i = j)$$")
    assert line.doubt is None
