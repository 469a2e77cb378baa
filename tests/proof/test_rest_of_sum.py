"""A sum of what is above zero less some of its members, as ``sum_{a != i} exp(x_a)``."""

from __future__ import annotations

import pytest
from sympy import Expr, IndexedBase, Integer, Symbol, exp, log

from derivations.claim import Condition, Unequal
from derivations.indices import Index, IndexSet, total
from derivations.language.data_conditions import AtLeast
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form

N = Symbol("n", integer=True, positive=True)
ROWS = IndexSet("rows", Integer(1), N)
a, i, j = (Index(name, ROWS) for name in "aij")
X = IndexedBase("x")
OTHERS = total(exp(X[a]), a) - exp(X[i])
BUT_TWO = OTHERS - exp(X[j])


def at_least(value: int) -> Condition:
    return AtLeast(N, Integer(value))


def test_the_logarithm_of_a_quotient_by_the_others_is_split() -> None:
    left, right = log(exp(X[i]) / OTHERS), X[i] - log(OTHERS)
    assert not difference(left, right, (at_least(2),))
    assert difference(left, right + 1, (at_least(2),))


@pytest.mark.parametrize(
    ("divisor", "conditions"),
    [
        (OTHERS, ()),
        (BUT_TWO, (at_least(3),)),
        (BUT_TWO, (at_least(2), Unequal(i, j))),
        (total(X[a], a) - X[i], (at_least(1),)),
        (total(exp(X[a]), a) - 2 * exp(X[i]), (at_least(1),)),
    ],
)
def test_where_members_may_be_too_few_it_is_not(
    divisor: Expr, conditions: tuple[Condition, ...]
) -> None:
    with pytest.raises(OutsideFragment, match="zero at some sizes"):
        normal_form(1 / divisor, conditions)


def test_two_members_are_left_out_where_they_differ() -> None:
    assert normal_form(1 / BUT_TWO, (at_least(3), Unequal(i, j)))
