"""A slip that is read around leaves a note on the lines it stands in, and on no others."""

import pytest

from derivations.language.tree import Misfit
from derivations.reader.derivation import derivation
from tests.reader.meaning import written_lines

NOTED = {
    "is read as a bar": {"eq.2", "b.3", "b.4", "c.3", "c.4", "c.6", "c.7"},
    "a comma is lost in": {"h.1", "h.2", "h.3", "h.4", "h.5", "h.6"},
    "is read as a product": {"g.8"},
    "\\exp without parentheses": {"eq.1"},
    "excludes nothing: 0 is not a member of 1..K": {"f.5", "f.6"},
    "of the sum is read as a condition": {"h.5", "h.6"},
    "w is free, and bound in a sum": {"c.1", "c.2", "c.5", "c.6"},
    "is not read": {"g.6", "g.7"},
    "is read entry by entry": {"a.3"},
    "is read in every entry": {"c.4"},
}


@pytest.mark.parametrize("text", NOTED)
def test_a_slip_is_noted_where_it_stands(text: str) -> None:
    found = {name for name, line in written_lines().items() if any(text in n for n in line.notes)}
    assert found == NOTED[text]


def test_nothing_else_is_noted() -> None:
    unknown = [
        n for line in written_lines().values() for n in line.notes if not any(t in n for t in NOTED)
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("name", "which", "misfit"),
    [
        ("a.1", "right", ("\\hat{y}_0", "0", "a member of Vocab = 1..N")),
        ("a.3", "right", ("y_0", "0", "a member of Vocab = 1..N")),
        ("a.4", "left", ("y_0", "0", "a member of Vocab = 1..N")),
    ],
)
def test_a_zero_where_a_word_belongs_has_no_meaning(
    name: str, which: str, misfit: tuple[str, str, str]
) -> None:
    assert getattr(written_lines()[name].claim, which) == Misfit(*misfit)


def test_the_slips_of_punctuation_mean_what_was_meant() -> None:
    """The remark of each line is that it holds; these are the readings it holds in."""
    for name in ("c.7", "g.8"):
        sides = written_lines()[name].claim.sides
        assert sides.left == sides.right


def test_a_letter_that_a_sum_binds_around_a_derivative_is_not_noted_as_free() -> None:
    text = (
        "```given\nsize N, d >= 1\nindex w in Vocab = 1..N\nvectors u_w in R^d, columns of U\n"
        "vector v in R^d\ndefine E = \\sum_w u_w^T v\n```\n"
        "$$\\sum_w \\frac{\\partial E}{\\partial u_w} = N v$$\n"
    )
    (line,) = derivation(text, "own.md").lines
    assert line.notes == ()
