"""Signs that cannot be at once: by linear arithmetic, in the field and in normal form."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from sympy import IndexedBase, Integer, Symbol

from derivations.indices import Index, IndexSet, total
from derivations.language.data_conditions import Signed, possible
from derivations.language.functions import Above, AbsoluteValue, SignOf
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import normal_form
from derivations.proof.reductions import by_signs, cases_by_sign

ROWS = IndexSet("rows", Integer(1), Symbol("n", integer=True, positive=True))
i, h = Index("i", ROWS), Index("h", ROWS)
X = IndexedBase("x")
x, y = (Symbol(name, real=True) for name in "xy")
GRID = [Fraction(n, 2) for n in range(-8, 9)]


def form(a: int, b: int, c: int, sign: int) -> Signed:
    return Signed({"x": Fraction(a), "y": Fraction(b)}, Fraction(c), sign)


def test_one_of_two_thresholds_decides_the_other() -> None:
    assert possible([form(1, 0, 0, 1), form(1, 0, -1, -1)])
    assert not possible([form(1, 0, 0, -1), form(1, 0, -1, 1)])
    assert not possible([form(1, 0, 0, 0), form(1, 0, -1, 0)])
    assert possible([Signed({"x": Fraction(1)}, Fraction(0), 1, or_zero=True), form(1, 0, 0, 0)])
    assert not possible([form(1, 0, 0, 1), form(1, 0, 0, 0)])


def test_what_holds_at_some_numbers_is_never_called_impossible() -> None:
    rng = Random(7)
    impossible = 0
    for _ in range(200):
        forms = [[rng.randint(-2, 2) for _ in range(3)] for _ in range(4)]
        signs = [rng.choice((-1, 0, 1)) for _ in forms]
        if possible(form(a, b, c, sign) for (a, b, c), sign in zip(forms, signs, strict=True)):
            continue
        impossible += 1
        for u, v in product(GRID, repeat=2):
            values = [a * u + b * v + c for a, b, c in forms]
            assert [(value > 0) - (value < 0) for value in values] != signs
    assert impossible > 20


def test_a_split_leaves_out_what_cannot_be() -> None:
    found = cases_by_sign(AbsoluteValue(x) + AbsoluteValue(x + 1), Integer(0))
    assert len(found) == 3
    assert len(cases_by_sign(AbsoluteValue(x) + AbsoluteValue(x + y), Integer(0))) == 4


def test_a_branch_within_a_branch_is_taken_after_it() -> None:
    found = cases_by_sign(Above(AbsoluteValue(x) - 1), Integer(0))
    assert sorted(case.left for case in found) == [0, 0, 1, 1]


def test_products_of_thresholds_under_a_sum_are_one_threshold() -> None:
    entry = X[h]
    twice = total(Above(entry) * Above(entry - 1), h)
    once = total(Above(entry - 1), h)
    assert not normal_form(by_signs(twice) - by_signs(once))
    assert normal_form(by_signs(twice) - by_signs(total(Above(entry), h)))
    assert normal_form(by_signs(total(Above(entry) * Above(-entry - 1), h))) == ()


def test_a_sign_that_is_zero_at_some_members_is_refused() -> None:
    with pytest.raises(OutsideFragment, match="zero at some"):
        normal_form(total(SignOf(X[h] - X[i]), h))
    with pytest.raises(OutsideFragment, match="sign of zero"):
        normal_form(SignOf(Integer(0)))
