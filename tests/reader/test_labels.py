"""A label names the line it stands behind; the paragraph above a chain is kept with its lines."""

import pytest

from derivations.claim import Verdict
from derivations.language.tree import Term
from derivations.reader.derivation import derivation
from derivations.reader.line import Line
from derivations.reader.unparser import both_sides
from tests.reader.meaning import lines, problems

NAMED = (
    ("$$z = s \\label{shift}$$", ["line.shift"]),
    ("$$z = s \\quad \\label{eq:shift_2}$$", ["line.eq:shift_2"]),
    ("$$\\begin{equation} \\label{shift}\nz = s \\end{equation}$$", ["line.shift"]),
    ("$$z = s \\label{first} = a = b \\label{last}$$", ["line.first", "line.2", "line.last"]),
    ("$$\\begin{align} z &= s \\\\ &= a \\label{two} \\end{align}$$", ["line.1", "line.two"]),
    ("$$z = s$$\n$$= a \\label{two}$$", ["line.1", "line.two"]),
    ("$$z = s \\label{one}$$\n\n$$a = b$$", ["line.one", "line.2"]),
)


def printed(line: Line) -> tuple[str, str]:
    equality = line.equality
    assert isinstance(equality.left, Term)
    assert isinstance(equality.right, Term)
    return both_sides(equality.left, equality.right, equality.scope)


def ids(display: str) -> list[str]:
    return [line.id for line in lines(display)]


@pytest.mark.parametrize(("display", "expected"), NAMED)
def test_a_label_names_the_line_it_stands_behind(display: str, expected: list[str]) -> None:
    assert ids(display) == expected


def test_a_label_is_no_part_of_the_formula() -> None:
    (bare,), (named,) = lines("$$z = s$$"), lines("$$z = s \\label{shift}$$")
    assert (named.left, named.right) == (bare.left, bare.right)
    assert printed(named) == printed(bare)


@pytest.mark.parametrize("label", ["two words", "2", "a/b", "1.md", ""])
def test_a_label_that_no_id_can_be_made_of_names_nothing(label: str) -> None:
    assert ids(f"$$z = s \\label{{{label}}}$$") == ["line.1"]


def test_a_remark_calls_a_line_by_its_label() -> None:
    display = "$$z = s \\label{eq:shift} = a$$\n- line.eq:shift refuted, should be $z$\n"
    first, second = lines(display)
    assert (first.expected, second.expected) == (Verdict.REFUTED, None)
    assert first.correction is not None
    assert "above are line.shift" in _refused("$$z = s \\label{shift}$$\n- line.1 refuted\n")


def test_two_labels_of_one_line_and_two_lines_of_one_label_are_refused() -> None:
    twice = "$$z = s \\label{one} \\label{two}$$"
    again = "$$z = s \\label{one}$$\n\n$$a = b \\label{one}$$"
    assert "a second label of one line" in _refused(twice)
    assert "a line of this name is there already" in _refused(again)


def test_lines_of_two_parts_may_have_the_same_label() -> None:
    found = _read("## (a)\n$$z = s \\label{one}$$\n## (b)\n$$z = s \\label{one}$$\n")
    assert [line.id for line in found] == ["a.one", "b.one"]


DECLARED = "```given\nscalar z, s, a, b\n```\n"


def _read(text: str) -> tuple[Line, ...]:
    return derivation(DECLARED + text, "own.md").lines


def _refused(text: str) -> str:
    (problem,) = problems(DECLARED + text)
    return str(problem)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a sign lost\n\n$$z = s$$", ["a sign lost"]),
        ("a sign lost\n$$z = s$$", ["a sign lost"]),
        ("before\n\na sign\nlost\n\n$$z = s = a$$", ["a sign lost", "a sign lost"]),
        ("$$z = s$$", [""]),
        ("a sign lost\n\n$$z = s$$\n\n$$a = b$$", ["a sign lost", ""]),
        ("a sign lost\n\n## (b) Title\n\n$$z = s$$", [""]),
        ("a sign lost\n\n```given\nscalar t\n```\n\n$$z = s$$", [""]),
        ("a sign lost\n\n$$z = s$$\n\n- line.1 refuted\n\n$$a = b$$", ["a sign lost", ""]),
        ("a sign lost\n\n$$z = s$$\n\nthat is\n\n$$= a$$", ["a sign lost", "a sign lost"]),
    ],
)
def test_the_words_of_a_line_are_the_paragraph_right_above_its_chain(
    text: str, words: list[str]
) -> None:
    assert [line.words for line in _read(text)] == words
