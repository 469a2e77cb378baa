"""Words that a condition makes equal, in claims of terms: every node and every definition."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Expr, Integer

from derivations.claim import Claim, Condition, Equal, Unequal, Verdict
from derivations.indices import WordArray
from derivations.language.index_form import letter
from derivations.language.tree import (
    Call,
    Comparison,
    Definition,
    Entry,
    IndexNumber,
    IndexVariable,
    Indicator,
    ListEntry,
    Mapped,
    Number,
    Numbered,
    Offset,
    Power,
    Reference,
    Sum,
    Term,
    Times,
    Variable,
)
from derivations.proof.reductions import merged
from tests.language.agreement import DRAWN, LETTERS, VARIABLES, WORDS
from tests.proof.by_hand import judged

PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED
CALLED = {variable.name: Reference(variable) for variable in VARIABLES}
t, x = CALLED["t"], CALLED["x"]
_, o, c, q, place = LETTERS
drawn = WordArray(DRAWN.name, DRAWN.values)[letter(q)]
own = IndexVariable(WORDS, "w")
number = Variable((), "z")
ONE_HOT = Definition("y", (own,), Indicator((Comparison(own, o),)), ("y_{", 0, "}"))
SHIFTED = Definition("f", (number,), Times(Reference(number), Entry(t, (o,))), ("f(", 0, ")"))
OVER = Definition("F", (number,), Call(SHIFTED, (Reference(number),)), ("F(", 0, ")"))


def claim(left: Term, right: Term, *conditions: Condition) -> Claim:
    return Claim("made.up", "", "", "", left, right, conditions)


def at(member: IndexVariable | ListEntry) -> Term:
    return Entry(t, (member,))


CASES: dict[str, tuple[Term, Term, Expr, Expr]] = {
    "an index": (at(o), at(c), letter(o), letter(c)),
    "an entry of a list": (at(o), at(ListEntry(DRAWN, q)), letter(o), drawn),
    "an index in a comparison": (
        Indicator((Comparison(o, c),)),
        Number(Fraction(1)),
        letter(o),
        letter(c),
    ),
    "an index in a definition": (Call(ONE_HOT, (c,)), Number(Fraction(1)), letter(o), letter(c)),
    "an index in a definition at each entry": (
        Mapped(SHIFTED, x),
        Times(at(c), x),
        letter(o),
        letter(c),
    ),
    "an index in a definition within one": (
        Call(OVER, (at(c),)),
        Power(at(c), 2),
        letter(o),
        letter(c),
    ),
    "the center of a window": (
        IndexNumber(Offset(place, Number(Fraction(1)))),
        Number(Fraction(1)),
        letter(place),
        Integer(0),
    ),
}


@pytest.mark.parametrize(("left", "right", "one", "other"), CASES.values(), ids=CASES)
def test_equal_words_are_one_word_in_terms(left: Term, right: Term, one: Expr, other: Expr) -> None:
    for condition in (Equal(one, other), Equal(other, one)):
        found, put = merged(claim(left, right, condition))
        assert len(put) == 1
        assert found.conditions == ()
        assert judged(claim(left, right, condition)).verdict is PROVED
    assert judged(claim(left, right)).verdict is not PROVED
    assert judged(claim(left, right, Unequal(one, other))).verdict is not PROVED


def test_a_definition_that_does_not_mention_the_word_stays_itself() -> None:
    plain = claim(Call(ONE_HOT, (c,)), at(o), Equal(letter(c), letter(own)))
    found, _ = merged(plain)
    assert isinstance(found.left, Call)
    assert found.left.definition is ONE_HOT


def test_a_definition_that_does_is_one_on_both_sides() -> None:
    found, _ = merged(claim(Call(ONE_HOT, (c,)), Call(ONE_HOT, (c,)), Equal(letter(o), letter(c))))
    assert isinstance(found.left, Call)
    assert isinstance(found.right, Call)
    assert found.left.definition is found.right.definition is not ONE_HOT


def test_a_bound_letter_is_no_word_of_a_condition() -> None:
    bound = IndexVariable(WORDS, "o")
    summed = Sum(bound, at(bound))
    assert judged(claim(summed, summed, Equal(letter(o), letter(c)))).verdict is PROVED
    beside = Sum(bound, Times(at(bound), at(o)))
    right = Times(at(c), summed)
    assert judged(claim(beside, right, Equal(letter(o), letter(c)))).verdict is PROVED
    assert judged(claim(beside, right)).verdict is REFUTED


def test_a_list_that_the_sides_do_not_name_keeps_its_condition() -> None:
    other = WordArray("v", WORDS)[letter(q)]
    found, put = merged(claim(at(o), at(c), Equal(letter(o), other)))
    assert put == ()
    assert found.conditions == (Equal(letter(o), other),)


def test_a_draw_that_need_not_exist_is_put_for_no_index() -> None:
    equal = claim(at(ListEntry(DRAWN, q)), at(ListEntry(DRAWN, Numbered(1))))
    assert merged(replace(equal, conditions=(Equal(letter(q), Integer(1)),)))[1] == ()
