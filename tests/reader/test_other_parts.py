"""What one part of a text introduces is meant in later ones, unless they say otherwise."""

from __future__ import annotations

from tests.reader.test_introduced import verdicts

NEXT = "\n$$\n\n## 2.\n\n$$"


def test_a_later_part_uses_it_and_can_only_be_proved() -> None:
    again = [f"L = a^2 {NEXT} 2 L = 2 a a", "2 L = a"]
    assert verdicts(*again, prose="## 1.\n") == ["defined", "proved", "undecided"]
    wrong = [f"L = a^2 {NEXT} 2 L = x", "L = x"]
    assert verdicts(*wrong, prose="## 1.\n") == ["defined", "undecided", "undecided"]


def test_what_it_is_made_of_comes_with_it() -> None:
    lines = [r"M = a b \\ L = M^2 " + NEXT + r"\frac{\partial L}{\partial M} = 2 M"]
    assert verdicts(*lines, prose="## 1.\n") == ["defined", "defined", "proved"]


def test_a_part_may_say_it_anew() -> None:
    lines = [f"L = a^2 {NEXT} L = a^3", "2 L = 2 a^3", "2 L = 2 a^2"]
    wanted = ["defined", "defined", "proved", "refuted"]
    assert verdicts(*lines, prose="## 1.\n") == wanted


def test_of_two_that_differ_none_is_taken() -> None:
    lines = [f"L = a^2 {NEXT} L = a^3 \n$$\n\n## 3.\n\n$$ 2 L = 2 a^3"]
    assert verdicts(*lines, prose="## 1.\n") == ["defined", "defined", "not read"]


def test_a_probability_is_one_of_the_same_variables_alone() -> None:
    lines = ["p(x) = \\exp(-x^T x) " + NEXT + r"\log p(x) = -x^T x", r"\log p(y) = -y^T y"]
    assert verdicts(*lines, prose="## 1.\n") == ["defined", "proved", "proved"]
    wrong = [lines[0], r"\log p(y) = y^T y"]
    assert verdicts(*wrong, prose="## 1.\n") == ["defined", "proved", "undecided"]
