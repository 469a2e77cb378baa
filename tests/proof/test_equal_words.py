"""Words that a condition makes equal: one word to every argument, or a filter on instances."""

from dataclasses import replace

import pytest
from sympy import Derivative, Expr, Integer, KroneckerDelta

from derivations.claim import Claim, Equal, NotAmong, Unequal, Verdict
from derivations.indices import total
from derivations.language.index_nodes import define
from derivations.language.tree import Array
from derivations.proof.reductions import merged
from derivations.report.statement import statement
from derivations.word2vec.losses import (
    P,
    U,
    V,
    c,
    draw,
    i,
    j,
    k,
    naive_softmax,
    near,
    o,
    other_draw,
    pair_loss,
    w,
    window,
    x,
)
from tests.proof.by_hand import equality, judged

PROVED, REFUTED, UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
CENTER = Integer(0)
ROW = Derivative(naive_softmax(c, o), U[w, i], evaluate=False)
AS_OUTSIDE = (P(o, c) - 1) * V[c, i]


def test_the_row_of_the_outside_word_is_proved_where_the_words_are_equal() -> None:
    judgement = judged(equality(ROW, AS_OUTSIDE, Equal(w, o)))
    assert judgement.verdict is PROVED
    assert {proof.name for proof in judgement.proofs} >= {"normal form", "size bound"}


def test_without_the_condition_the_row_is_refuted() -> None:
    assert judged(equality(ROW, AS_OUTSIDE)).verdict is REFUTED


def test_with_the_condition_the_row_of_another_word_is_refuted() -> None:
    judgement = judged(equality(ROW, P(o, c) * V[c, i], Equal(o, w)))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert judgement.witness.words["w"] == judgement.witness.words["o"]


def test_a_judgement_belongs_to_the_claim_as_it_was_stated() -> None:
    claim = equality(ROW, AS_OUTSIDE, Equal(w, o))
    assert judged(claim).claim == claim != merged(claim)[0]
    assert statement(claim).endswith("(w = o)")


def test_equal_words_are_equal_in_the_other_conditions_too() -> None:
    """x is not drawn and o is x: then no draw adds to the row of o."""
    drawn = total(KroneckerDelta(draw[k], o) * U[draw[k], i], k)
    absent = NotAmong(x, draw)
    assert judged(equality(drawn, 0, absent, Equal(x, o))).verdict is PROVED
    assert judged(equality(drawn, 0, absent)).verdict is REFUTED


def test_equalities_chain() -> None:
    claim = equality(U[w, i] + U[x, i], 2 * U[o, i], Equal(w, x), Equal(x, o))
    assert judged(claim).verdict is PROVED
    unchained = equality(U[w, i] + U[x, i], 2 * U[o, i], Equal(w, x))
    assert judged(unchained).verdict is REFUTED


@pytest.mark.parametrize(
    ("left", "right", "condition", "twin"),
    [
        (U[w, i], U[draw[k], i], Equal(w, draw[k]), Equal(x, draw[k])),
        (U[draw[k], i], U[draw[other_draw], i], Equal(k, other_draw), Unequal(k, other_draw)),
        (KroneckerDelta(j, 0) * V[c, i], V[c, i], Equal(j, CENTER), Unequal(j, CENTER)),
    ],
    ids=["an entry of a list", "places of a list", "the center of a window"],
)
def test_what_an_index_can_be_made_equal_to(
    left: Expr, right: Expr, condition: Equal, twin: Equal | Unequal
) -> None:
    assert judged(equality(left, right, condition)).verdict is PROVED
    assert judged(equality(left, right, twin)).verdict is REFUTED


# What is not written as one word stays a condition


def test_a_window_that_counts_its_center_is_refuted_where_the_center_is_the_word() -> None:
    whole = total(Derivative(pair_loss(c, near[j]), V[c, i], evaluate=False), j)
    gradient = Derivative(window(c), V[c, i], evaluate=False)
    judgement = judged(equality(gradient, whole, Equal(near[0], c)))
    assert judgement.verdict is REFUTED
    assert judgement.witness is not None
    assert judgement.witness.words["near[0]"] == judgement.witness.words["c"]


def test_an_equality_of_list_entries_is_met_by_every_instance() -> None:
    """True of all words that meet it, but only the small sizes see that: not proved."""
    claim = equality(U[draw[k], i], U[near[j], i], Equal(draw[k], near[j]))
    assert judged(claim).verdict is UNDECIDED
    assert judged(equality(U[draw[k], i], U[o, i], Equal(draw[k], near[j]))).verdict is REFUTED


def test_an_index_inside_a_definition_stays() -> None:
    row = define("row", "row({i})", (i,), U[w, i])
    claim, put = merged(equality(row(i), U[o, i], Equal(w, o)))
    assert put == ((o, w),)
    assert judged(claim).verdict is PROVED
    assert judged(equality(row(i), U[o, i])).verdict is REFUTED


def test_an_axis_is_another_letter_than_one_of_a_condition() -> None:
    """A vector is equal entry by entry, at whatever word a condition calls by the axis' letter."""
    rows = Array(U[w, i], (w, None))
    for condition in (Equal(w, o), Equal(o, w)):
        same = Claim("a", "", "", "", rows, Array(U[x, i], (x, None)), (condition,))
        assert judged(same).verdict is PROVED
        one = Claim("a", "", "", "", rows, Array(U[o, i], (x, None)), (condition,))
        assert judged(one).verdict is REFUTED


def test_a_word_put_under_an_axis_of_its_letter_is_not_captured() -> None:
    products = Array(U[w, i] * U[o, i], (w, None))
    claim = Claim("a", "", "", "", products, Array(U[x, i] ** 2, (x, None)), (Equal(o, w),))
    assert merged(claim)[1] == ((o, w),)
    assert judged(claim).verdict is REFUTED
    right = Array(U[w, i] * U[x, i], (x, None))
    assert judged(replace(claim, right=right)).verdict is PROVED


def test_a_draw_that_need_not_exist_is_put_for_no_index() -> None:
    """With k = 1 there is a first draw; 1 put for k would be read where there is none."""
    claim = equality(U[draw[k], i], U[draw[Integer(1)], i], Equal(k, Integer(1)))
    assert merged(claim)[1] == ()
    assert judged(claim).verdict is UNDECIDED


def test_a_word_equal_to_itself_is_no_condition() -> None:
    assert judged(equality(U[o, i], U[o, i], Equal(o, o))).verdict is PROVED
    assert judged(equality(U[o, i], U[x, i], Equal(o, o))).verdict is REFUTED


def test_equal_and_unequal_words_prove_nothing() -> None:
    claim = equality(U[x, i], U[o, i], Equal(x, o), Unequal(x, o))
    judgement = judged(claim)
    assert judgement.verdict is UNDECIDED
    assert judgement.reason == "no small instance meets the conditions"
