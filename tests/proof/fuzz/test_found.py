"""What random expressions have found wrong with the normal form, each in its smallest form."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from sympy import Expr, Integer, KroneckerDelta, Mul, Sum, Symbol, exp, log

from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.terms import (
    DividedSum,
    Exponential,
)
from derivations.word2vec.losses import DRAWS, OFFSETS, WORDS, K, N, U, m
from tests.proof.fuzz.vocabulary import DRAWN, POOL

o, c, x, w = POOL[WORDS]
k, l = POOL[DRAWS]  # noqa: E741  # the names of the draws
j, _ = POOL[OFFSETS]
z, M = Symbol("z", real=True), Symbol("M", real=True)
E, F = exp(z), exp(M)


@pytest.mark.parametrize(
    "false_identity",
    [
        Sum(DRAWN[k], (k, 1, K)) - K * DRAWN[k],
        Sum(z, (Symbol("t"), 1, N)) - N * z,
    ],
    ids=["a word is no number", "a sum needs an index set"],
)
def test_what_cannot_be_read_soundly_leaves_the_fragment(false_identity: Expr) -> None:
    with pytest.raises(OutsideFragment):
        normal_form(false_identity)


def test_a_bound_that_moves_is_not_taken_out_of_the_sum_it_moves_with() -> None:
    inner = Sum(z, (k, 1, j))
    assert difference(Sum(inner, (j, -m, m)), (2 * m + 1) * inner) != ()


def test_an_index_is_the_number_it_is_and_no_parameter() -> None:
    assert difference(Sum(w, (w, 1, N)), N * w) != ()
    assert difference(Sum(w, (w, 1, N)), N * (N + 1) / 2) == ()


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
    ((term, _), *others) = form
    assert not others
    assert {type(atom) for atom, _ in term.factors} == {Exponential, DividedSum}


@pytest.mark.parametrize("function", [exp, log, lambda inside: 1 / inside])
def test_a_function_of_a_delta_is_one_of_two_values(function: Callable[[Expr], Expr]) -> None:
    same = KroneckerDelta(DRAWN[k], o)
    left = function(E + same * exp(U[DRAWN[k], 1]))
    right = same * function(E + exp(U[o, 1])) + (1 - same) * function(E)
    assert difference(left, right) == ()
    assert difference(left, right - same) != ()
    assert difference(left, same * function(E + exp(U[o, 1]))) != ()


def test_a_case_is_taken_only_where_the_other_one_cannot_vanish() -> None:
    """Or what is divided by where o is not c would be zero where it is."""
    same, gap = KroneckerDelta(o, c), U[o, 1] - U[c, 1]
    assert difference(gap / (same + gap), Integer(1)) != ()
    assert difference(gap / (same + gap), 1 - same) == ()


def test_too_many_cases_are_no_loss_where_none_is_needed() -> None:
    same = [KroneckerDelta(*pair) for pair in combinations((o, c, x, w), 2)]
    inside = E + sum(s * exp(U[o, n]) for n, s in enumerate(same, start=1))
    assert difference(1 / inside + z, z + 1 / inside) == ()
    assert difference(1 / inside + z, 1 / inside) != ()


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
    for _ in range(1500):
        deep = exp(deep, evaluate=False)
    with pytest.raises(OutsideFragment, match="too deeply"):
        normal_form(deep)
