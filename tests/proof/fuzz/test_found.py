"""What random expressions have found wrong with the normal form, each in its smallest form."""

from __future__ import annotations

import pytest
from sympy import Expr, Integer, KroneckerDelta, Mul, Sum, Symbol, exp

from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import normal_form
from derivations.word2vec.symbols import DRAWS, OFFSETS, WORDS, K, N, U, m
from tests.proof.fuzz.vocabulary import DRAWN, POOL

o, c, x, w = POOL[WORDS]
k, l = POOL[DRAWS]  # noqa: E741  # the names of the draws
j, _ = POOL[OFFSETS]
z, M = Symbol("z", real=True), Symbol("M", real=True)
E, F = exp(z), exp(M)


@pytest.mark.parametrize(
    "false_identity",
    [
        Sum(w, (w, 1, N)) - N * w,
        Sum(Sum(z, (k, 1, j)), (j, -m, m)) - (2 * m + 1) * Sum(z, (k, 1, j)),
        Sum(z, (Symbol("t"), 1, N)) - N * z,
    ],
    ids=["an index is no parameter", "bounds may not move", "a sum needs an index set"],
)
def test_what_cannot_be_read_soundly_leaves_the_fragment(false_identity: Expr) -> None:
    with pytest.raises(OutsideFragment):
        normal_form(false_identity)


@pytest.mark.parametrize(
    "expression",
    [
        Sum(1 / K, (k, 1, K)) - 1,
        Sum(exp(U[DRAWN[l], 1]) / Sum(exp(U[DRAWN[k], 1]), (k, 1, K)), (l, 1, K)) - 1,
        1 / Sum(exp(U[w, 1]), (w, 2, N)),
        1 / KroneckerDelta(o, c),
    ],
)
def test_division_by_what_is_zero_at_some_sizes_or_words_leaves_the_fragment(
    expression: Expr,
) -> None:
    with pytest.raises(OutsideFragment, match="zero at some sizes"):
        normal_form(expression)


def test_a_delta_never_gets_below_the_bar_by_itself() -> None:
    form = normal_form(1 / (E * (KroneckerDelta(o, c) + E)))
    ((_, factors), _), *others = form
    assert not others
    assert sorted(atom[0] for atom, _ in factors) == ["e", "p"]


@pytest.mark.parametrize(
    "expression",
    [
        1 / (E * (E + F)) - 1 / (F * (E + F)),
        (E / (1 / (F + 3) + 2)) / (E + 1 / (F + 3)),
    ],
    ids=["two exponentials below the bar", "one denominator inside another"],
)
def test_division_comes_to_an_end(expression: Expr) -> None:
    assert normal_form(expression)


def test_a_product_of_many_sums_is_given_up_at_once() -> None:
    sums = [Sum(exp(U[w, 1] * U[x, n]), (w, 1, N)) for n in range(1, 9)]
    with pytest.raises(OutsideFragment, match="too many orders"):
        normal_form(Mul(*sums, Integer(1)))


def test_deep_nesting_is_given_up_without_a_crash() -> None:
    deep = z
    for _ in range(600):
        deep = exp(deep, evaluate=False)
    with pytest.raises(OutsideFragment, match="too deeply"):
        normal_form(deep)
