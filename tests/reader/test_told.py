"""What the text says that undeclared names are, beside the displays, is taken for it."""

from __future__ import annotations

import pytest

from tests.reader.test_introduced import verdicts


@pytest.mark.parametrize(
    ("prose", "displays", "wanted"),
    [
        ("Let $L = a^2$.\n", [r"\frac{dL}{da} = 2 a", r"\frac{dL}{da} = a"], ["proved", "refuted"]),
        (
            "Let $L = M^2$ where $M = a b$.\n",
            [r"\frac{dL}{da} = 2 a b^2", r"\frac{dL}{da} = 2 a b"],
            ["proved", "refuted"],
        ),
        ("The loss is $L = a^2$.\n", ["L = a a", "L = a"], ["proved", "undecided"]),
        (
            "Define $z_i = a x_i$ and $r = z^T z$.\n",
            ["r = a^2 x^T x", "2 r = a x^T x"],
            ["proved", "refuted"],
        ),
        ("With $f(t) = t^3$ we have\n", ["f'(a) = 3 a^2", "f'(a) = a^2"], ["proved", "refuted"]),
    ],
)
def test_what_follows_is_judged_by_it(prose: str, displays: list[str], wanted: list[str]) -> None:
    assert verdicts(*displays, prose=prose) == wanted


@pytest.mark.parametrize(
    "prose",
    [
        "If $a = 1$, then $L = a^2$.\n",
        "We want to show that $L = a^2$.\n",
        "Let $L = a^2$. Later, let $L = a^3$.\n",
        "Let $L = a$.\n",
        "Let $L = 2$.\n",
        "Let $L = a^2 + q$.\n",
        "Here $L = a_1, \\dots, a_n$.\n",
    ],
)
def test_what_could_be_anything_else_is_not_taken(prose: str) -> None:
    assert verdicts("L = a a", "L = a", prose=prose).count("not read") == 2


def test_a_display_that_says_otherwise_leaves_both_open() -> None:
    lines = ("L = a^3", r"\frac{dL}{da} = 2 a", r"\frac{dL}{da} = 3 a^2")
    assert set(verdicts(*lines, prose="Let $L = a^2$.\n")) == {"undecided"}


def test_text_behind_a_display_says_what_its_names_are() -> None:
    assert verdicts("L + b = a^2 + b\n$$\nwhere $L = a^2$.\n$$ a = a") == ["proved", "proved"]
    assert verdicts("L + b = a^2\n$$\nwhere $L = a^2$.\n$$ a = a") == ["refuted", "proved"]


def test_a_family_and_its_sum_have_one_letter() -> None:
    family = ["L_i = a x_i^2", r"L = \sum_i L_i"]
    right = [r"\frac{\partial L}{\partial x} = 2 a x", "L = a x^T x"]
    wrong = [r"\frac{\partial L}{\partial x} = a x", "2 L = a"]
    assert verdicts(*family, *right) == ["defined", "defined", "proved", "proved"]
    assert verdicts(*family, *wrong) == ["defined", "defined", "refuted", "refuted"]


def test_a_sum_that_nothing_defines_is_not_the_vector_of_its_terms() -> None:
    lines = ("L_i = a x_i^2", r"\frac{\partial L}{\partial x_i} = 2 a x_i", r"2 L = a")
    assert verdicts(*lines) == ["defined", "undecided", "undecided"]
    assert verdicts("z_i = a x_i", "z^T z = a^2 x^T x", "z^T z = a x^T x")[1:] == [
        "proved",
        "refuted",
    ]


def test_members_may_have_the_letter_of_a_number() -> None:
    lines = ("b_i = b x_i", r"\sum_i b_i = b \sum_i x_i", r"\sum_i b_i = b")
    assert verdicts(*lines) == ["defined", "proved", "refuted"]
