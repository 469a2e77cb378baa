"""Letters that are bound in one place and free in another: nothing is captured."""

import pytest
from sympy import Derivative, Expr, KroneckerDelta, Sum, exp

from derivations.claim import Verdict
from derivations.indices import Index, total
from derivations.language.differentiation import differentiated
from derivations.language.index_nodes import define, substitute, unfold
from derivations.word2vec.losses import (
    DRAWS,
    WORDS,
    P,
    U,
    V,
    c,
    draw,
    h,
    i,
    k,
    naive_softmax,
    o,
    score,
    w,
    x,
    y,
    yhat,
)
from tests.proof.judged import equality, judged


def D(function: Expr, by: Expr) -> Expr:
    return Derivative(function, by, evaluate=False)


SUM_OF_EXP = total(exp(U[w, i]), w)
PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED


@pytest.mark.parametrize(
    ("right", "verdict"),
    [
        (exp(U[w, i]), PROVED),  # one term depends on the free w
        (SUM_OF_EXP, REFUTED),  # what SymPy answers when both are called w
        (0, REFUTED),
    ],
)
def test_a_sum_differentiated_by_the_letter_it_binds(right: Expr, verdict: Verdict) -> None:
    assert judged(equality(D(SUM_OF_EXP, U[w, i]), right)).verdict is verdict


def test_sympy_alone_does_capture() -> None:
    """The reason for renaming; the day this fails, renaming may go."""
    assert SUM_OF_EXP.diff(U[w, i]).doit() == SUM_OF_EXP
    assert differentiated(D(SUM_OF_EXP, U[w, i])).has(KroneckerDelta)


def test_a_row_of_the_gradient_called_by_the_bound_letter() -> None:
    """∂/∂u_w of −log P, where P sums over w."""
    gradient = D(naive_softmax(c, o), U[w, i])
    assert judged(equality(gradient, (yhat(c, w) - y(o, w)) * V[c, i])).verdict is PROVED
    captured = total(yhat(c, w) * V[c, i], w) - y(o, w) * V[c, i]
    assert judged(equality(gradient, captured)).verdict is REFUTED


def test_a_letter_bound_on_one_side_and_free_on_the_other() -> None:
    assert judged(equality(total(U[w, i], w), total(U[x, i], x))).verdict is PROVED
    assert judged(equality(total(U[w, i], w), U[w, i])).verdict is REFUTED


def test_a_letter_bound_and_free_in_one_term() -> None:
    both = U[w, i] * total(U[w, i], w)
    assert judged(equality(both, total(U[w, i] * U[x, i], x))).verdict is PROVED
    assert judged(equality(both, total(U[w, i] ** 2, w))).verdict is REFUTED


def test_the_innermost_of_two_sums_over_one_letter_binds() -> None:
    nested = total(V[w, i] * total(U[w, i], w), w)
    assert judged(equality(nested, total(V[w, i], w) * total(U[x, i], x))).verdict is PROVED
    assert judged(equality(nested, total(V[w, i] * U[w, i], w))).verdict is REFUTED


def test_a_sum_over_one_letter_twice() -> None:
    """Σ_w Σ_w u_w: the outer sum repeats the inner one N times."""
    repeated = total(total(U[w, i], w), w)
    assert judged(equality(repeated, WORDS.upper * total(U[x, i], x))).verdict is PROVED
    assert judged(equality(repeated, total(U[w, i], w))).verdict is REFUTED


def test_a_square_of_a_sum_is_a_sum_over_pairs() -> None:
    square = total(U[w, i], w) ** 2
    assert judged(equality(square, total(total(U[w, i] * U[x, i], w), x))).verdict is PROVED
    assert judged(equality(square, total(U[w, i] ** 2, w))).verdict is REFUTED


def test_a_sum_below_a_sum_below_the_same_letter() -> None:
    """A bound name met again inside an inverse is another one."""
    share = U[w, i] / total(exp(V[w, i]), w)
    claim = equality(total(share, w), total(U[x, i], x) / total(exp(V[o, i]), o))
    assert judged(claim).verdict is PROVED
    wrong = total(U[w, i] / exp(V[w, i]), w)
    assert judged(equality(total(share, w), wrong)).verdict is REFUTED


def test_a_nested_inverse_keeps_its_own_index() -> None:
    inner = 1 / total(exp(U[w, i]), w)
    outer = 1 / total(exp(V[w, i]) + inner, w)
    same = 1 / (total(exp(V[x, i]), x) + WORDS.upper / total(exp(U[o, i]), o))
    assert judged(equality(outer, same)).verdict is PROVED
    captured = 1 / total(exp(V[w, i]) + 1 / exp(U[w, i]), w)
    assert judged(equality(outer, captured)).verdict is REFUTED


def test_a_definition_sees_its_parameters_and_not_the_place_it_is_used_in() -> None:
    """score(c, w) sums over h; so does the sum around it."""
    around = total(score(c, w) * U[w, h], h)
    product = score(c, w) * total(U[w, i], i)
    assert judged(equality(around, product)).verdict is PROVED


def test_an_argument_of_a_definition_may_use_the_letter_it_binds() -> None:
    """P(w|c) summed over w, where the body of P sums over w too."""
    assert judged(equality(total(P(w, c), w), 1)).verdict is PROVED
    captured = total(exp(score(c, w)) / exp(score(c, w)), w)
    assert judged(equality(total(P(w, c), w), captured)).verdict is REFUTED


def test_a_parameter_called_like_a_free_index_is_another_one() -> None:
    first = define("first", "first({x})", (x,), U[x, i])
    assert (
        judged(equality(total(first(w), w) * V[x, i], total(U[o, i], o) * V[x, i])).verdict
        is PROVED
    )
    assert judged(equality(first(w), U[x, i])).verdict is REFUTED


def test_substitution_renames_what_would_capture() -> None:
    replaced = substitute(total(U[w, i] * V[x, i], w), {x: w})
    ((bound, *_),) = replaced.limits
    assert bound != w
    assert w in replaced.free_symbols
    assert judged(equality(replaced, V[w, i] * total(U[o, i], o))).verdict is PROVED


PRIMED = Index("w'", WORDS)


def test_substitution_renames_away_from_every_name_there_is() -> None:
    """The name that w would get is free beside it, or comes in with another value."""
    beside = total(U[w, i] * V[x, i] * U[PRIMED, i], w)
    replaced = substitute(beside, {x: w})
    assert judged(equality(replaced, V[w, i] * U[PRIMED, i] * total(U[o, i], o))).verdict is PROVED
    assert judged(equality(replaced, V[w, i] * total(U[o, i] ** 2, o))).verdict is REFUTED
    both = substitute(total(U[w, i] * V[x, i] * V[o, i], w), {x: w, o: PRIMED})
    assert {w, PRIMED} <= both.free_symbols


def test_substitution_renames_within_one_another_to_different_names() -> None:
    nested = total(total(U[w, i] * U[PRIMED, i] * V[x, i], PRIMED), w)
    replaced = substitute(nested, {x: w})
    names = [limit[0] for node in replaced.atoms(Sum) for limit in node.limits]
    assert len({*names, w}) == 3
    assert judged(equality(replaced, V[w, i] * total(U[o, i], o) ** 2)).verdict is PROVED


def test_a_name_taken_by_another_set_is_not_given_again() -> None:
    """Two letters that are printed alike would be told apart by nobody."""
    word_k = Index("k", WORDS)
    replaced = substitute(total(U[draw[k], i] * V[x, i], k), {x: word_k})
    ((bound, *_),) = replaced.limits
    assert bound.name != "k"


def test_unfolding_renames_away_from_every_name_there_is() -> None:
    """A letter that looks like a new name, free in the line or in the body of a definition."""
    numbered = Index("w₁", WORDS)
    row = define("row", "row({x})", (x,), U[x, i] * V[Index("w₂", WORDS), i])
    whole = unfold(U[numbered, i] * total(row(w), w))
    bound = {limit[0].name for node in whole.atoms(Sum) for limit in node.limits}
    assert bound.isdisjoint({"w₁", "w₂"})
    product = U[numbered, i] * total(U[w, i] * V[x, i], w)
    assert judged(equality(product, V[x, i] * U[numbered, i] * total(U[o, i], o))).verdict is PROVED
    captured = V[x, i] * total(U[o, i] ** 2, o)
    assert judged(equality(product, captured)).verdict is REFUTED


def test_unfolding_makes_all_bound_names_distinct() -> None:
    whole = unfold(total(P(w, c), w) * total(P(w, c), w))
    names = [limit[0].name for node in whole.atoms(Sum) for limit in node.limits]
    assert len(names) == len(set(names))


def test_a_letter_means_the_index_set_it_ranges_over() -> None:
    """A k over draws and a k over words are two indices."""
    word_k = Index("k", WORDS)
    assert Index("k", DRAWS) == k != word_k
    both = total(total(U[draw[k], i] * V[word_k, i], k), word_k)
    split = total(U[draw[k], i], k) * total(V[w, i], w)
    assert judged(equality(both, split)).verdict is PROVED
