"""Screening: sides that differ are told apart at some point, sides that are equal at none."""

from __future__ import annotations

import pytest

from derivations.language.tree import Term
from derivations.repair.screening import Screen, Sizes, apart, points
from tests.repair.reading import SCOPE, read, term

EQUAL = [
    (r"U y", r"u_o"),
    (r"\sigma(-z)", r"1 - \sigma(z)"),
    (r"\frac{\partial}{\partial z} \sigma(z)", r"\sigma(z) (1 - \sigma(z))"),
    (r"\sum_w \hat{y}_w", "1"),
]
DIFFERENT = [
    (r"U y", r"u_c"),
    (r"\sigma(-z)", r"\sigma(z)"),
    (r"\sum_{w : w \ne o} y_w", "1"),
    (r"\sum_k z", r"\sum_{k=2}^K z"),
    (r"\mathbb{1}_{w_k = w_i}", r"\mathbb{1}_{k = i}"),
]


def screen(conditions: str = "z = z", printed: Term | None = None) -> Screen:
    return Screen(SCOPE, read(conditions).equality.assumed, printed)


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal_sides_are_not_told_apart(left: str, right: str) -> None:
    assert screen().may_be_equal(term(left), term(right))


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_sides_are_told_apart(left: str, right: str) -> None:
    assert not screen().may_be_equal(term(left), term(right))


def test_conditions_hold_at_every_point() -> None:
    assert screen(r"z = z \quad (w = o)").may_be_equal(term("u_w"), term("u_o"))
    assert not screen().may_be_equal(term("u_w"), term("u_o"))
    sizes = Sizes(labels=(3, 3), windows=(1, 1), others=(2, 2))
    for conditions, differ in (((), True), (read(r"z = z \quad (w = o)").equality.assumed, False)):
        found = [next(points(SCOPE, conditions, sizes, seed)) for seed in range(30)]
        assert any(each.instance.indices["w"] != each.instance.indices["o"] for each in found) == (
            differ
        )


def test_a_side_without_a_value_is_not_equal_to_anything() -> None:
    nowhere = term(r"\log(-z z)")
    assert not screen().may_be_equal(nowhere, nowhere)


def test_zero_is_seen_to_vanish_and_nothing_else() -> None:
    assert screen().vanishes(term("U y - u_o"))
    assert not screen().vanishes(term("U y - u_c"))


def test_points_are_the_same_every_time() -> None:
    sizes = Sizes(labels=(4, 6), windows=(2, 3), others=(3, 4), few=True)
    first, second = (next(points(SCOPE, (), sizes, 7)) for _ in range(2))
    assert first == second
    one, other = first.values(term("u_o")), second.values(term("u_o"))
    assert one is not None
    assert other is not None
    assert not apart(one, other)
