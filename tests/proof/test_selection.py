"""Small sizes that are tried, and equal words in claims of terms."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from sympy import Expr, Integer, Symbol

from derivations.claim import Claim, Condition, Equal, Judgement, Unequal, Verdict
from derivations.indices import IndexSet, WordArray
from derivations.language import tree
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
from derivations.proof.decide import SELECTIONS, selected
from derivations.proof.instances import distinguished, least_sizes, signature_of
from derivations.proof.judge import judge
from derivations.proof.reductions import merged
from tests.language.terms import DRAWN, LETTERS, VARIABLES, WORDS, whole
from tests.proof.by_hand import PROVED, REFUTED, judged


def space(name: str) -> IndexSet:
    size = Symbol(name, integer=True, positive=True)
    return IndexSet(f"1..{name}", Integer(1), size)


ROWS, COLUMNS = space("n"), space("m")
i, j = IndexVariable(ROWS, "i"), IndexVariable(ROWS, "j")
v = Variable((ROWS, None), "x")
V = tree.Reference(v)
NUMBERS = tuple(tree.Numbered(number) for number in range(4))


def selection_at(member: tree.Member) -> Term:
    return tree.Entry(V, (member,))


def selection_claim(left: Term, right: Term) -> Claim:
    return Claim("made.up", "", "", "", left, right)


def selection_judged(left: Term, right: Term) -> Judgement:
    return judge(selection_claim(left, right))


def product(spaces: list[IndexSet]) -> Term:
    """A chain of matrices over these sets."""
    result: Term = tree.Reference(Variable((spaces[0], spaces[1]), "A0"))
    for number, (row, column) in enumerate(pairwise(spaces[1:]), start=1):
        result = tree.MatrixProduct(result, tree.Reference(Variable((row, column), f"A{number}")))
    return result


@pytest.mark.parametrize("sets", [2, 3, 4, 6, 9])
def test_any_two_sizes_are_tried_with_different_values(sets: int) -> None:
    """A transposed axis, or one set in the place of another, has the wrong length there."""
    names = [f"n{number}" for number in range(sets)]
    chain = product([space(name) for name in names])
    shape = signature_of(selection_claim(chain, chain))
    tried = [instance.sizes for instance in selected(shape, SELECTIONS["default"])]
    for one, other in combinations(names, 2):
        assert any(sizes[one] > sizes[other] for sizes in tried)
        assert any(sizes[one] < sizes[other] for sizes in tried)


def test_entries_of_a_square_matrix_are_tried_at_different_members() -> None:
    square = tree.Reference(Variable((ROWS, ROWS), "A"))
    assert selection_judged(square, square).verdict is Verdict.PROVED
    judgement = selection_judged(square, square.T)
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.witness is not None
    assert judgement.witness.sizes == {"n": 2}


# Members given by their numbers


def test_a_size_starts_where_every_member_that_is_named_exists() -> None:
    one, two, three = (selection_at(each) for each in NUMBERS[1:])
    assert least_sizes(tree.Plus((one, three)), two) == {"n": 3}
    assert least_sizes(selection_at(i), tree.Sum(j, selection_at(j))) == {}
    assert least_sizes(selection_at(tree.Numbered(1000))) == {}
    inside = Definition("f", (i,), selection_at(i))
    assert least_sizes(tree.Call(inside, (tree.Numbered(2),))) == {"n": 2}
    named = Definition("g", (), three)
    assert least_sizes(tree.Call(named, ())) == {"n": 3}


def test_lines_about_members_by_number_get_their_verdicts() -> None:
    one, two, three = (selection_at(each) for each in NUMBERS[1:])
    assert (
        selection_judged(tree.Plus((one, three)), tree.Plus((three, one))).verdict is Verdict.PROVED
    )
    false = selection_judged(tree.Plus((one, three)), tree.Plus((two, two)))
    assert false.verdict is Verdict.REFUTED
    assert false.witness is not None
    assert false.witness.sizes == {"n": 3}
    second = tree.Sum(
        i, tree.Times(tree.Indicator((tree.Comparison(i, NUMBERS[2]),)), selection_at(i))
    )
    assert selection_judged(second, two).verdict is not Verdict.REFUTED
    assert selection_judged(second, one).verdict is Verdict.REFUTED


def test_a_member_that_no_size_tried_has_leaves_a_line_undecided() -> None:
    last = selection_at(tree.Numbered(1000))
    assert selection_judged(last, last).verdict is Verdict.UNDECIDED


# Members that are told apart


@pytest.mark.parametrize(
    "term",
    [
        selection_at(NUMBERS[1]),
        tree.IndexNumber(i),
        selection_at(tree.Offset(i, whole(1))),
        tree.Sum(i, selection_at(i), upper=whole(1)),
        tree.Indicator((tree.Comparison(i, NUMBERS[1]),)),
        tree.Call(Definition("f", (), tree.IndexNumber(i))),
    ],
)
def test_terms_say_which_members_they_tell_apart(term: Term) -> None:
    assert distinguished(term) == {ROWS}


def test_equal_members_alone_are_not_told_apart() -> None:
    assert not distinguished(
        tree.Indicator((tree.Comparison(i, j),)), selection_at(i), tree.Sum(i, selection_at(i))
    )
    other = IndexVariable(COLUMNS, "k")
    assert distinguished(tree.Indicator((tree.Comparison(i, other),))) == {ROWS, COLUMNS}


def test_a_number_that_index_notation_loses_is_still_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All members are tried, since the terms tell them apart: the two meanings differ at one."""
    from derivations.language import index_form
    from derivations.proof.judge import Disagreement

    right = index_form._IndexForm.delta
    monkeypatch.setattr(
        index_form._IndexForm,
        "delta",
        lambda self, comparison, scope: right(
            self, tree.Comparison(comparison.left, comparison.left), scope
        ),
    )
    only_first = tree.Times(tree.Indicator((tree.Comparison(i, NUMBERS[1]),)), selection_at(i))
    with pytest.raises(Disagreement):
        judge(selection_claim(only_first, selection_at(i)))


# Arbitrary functions in witnesses


f = tree.Arbitrary("f", (Variable((), "t"),))
a, b = (tree.Reference(Variable((), name)) for name in "ab")


def applied(argument: Term) -> Term:
    return tree.ArbitraryCall(f, (argument,))


def double(term: Term) -> Term:
    return tree.Times(tree.Number(Fraction(2)), term)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (applied(a), applied(b)),
        (applied(a), double(applied(a))),
        (applied(double(a)), double(applied(a))),
        (applied(applied(a)), applied(a)),
        (tree.Derivative(applied(double(a)), a), tree.Derivative(applied(a), a)),
        (tree.Derivative(tree.Derivative(applied(a), a), a), whole(0)),
    ],
)
def test_a_false_line_about_any_function_falls_with_numbers(left: Term, right: Term) -> None:
    judgement = selection_judged(left, right)
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.witness is not None
    assert any("f(" in name for name in judgement.witness.values)


def test_equal_arguments_have_one_value_however_they_are_written() -> None:
    assert (
        selection_judged(applied(tree.Plus((a, b))), applied(tree.Plus((b, a)))).verdict
        is Verdict.PROVED
    )
    mixed = tree.Times(a, tree.Plus((b, whole(1))))
    spread = tree.Plus((tree.Times(a, b), a))
    assert selection_judged(applied(mixed), applied(spread)).verdict is not Verdict.REFUTED


CALLED = {variable.name: Reference(variable) for variable in VARIABLES}
t, x = CALLED["t"], CALLED["x"]
_, o, c, q, place = LETTERS
drawn = WordArray(DRAWN.name, DRAWN.values)[letter(q)]
own = IndexVariable(WORDS, "w")
number = Variable((), "z")
ONE_HOT = Definition("y", (own,), Indicator((Comparison(own, o),)), ("y_{", 0, "}"))
SHIFTED = Definition("f", (number,), Times(Reference(number), Entry(t, (o,))), ("f(", 0, ")"))
OVER = Definition("F", (number,), Call(SHIFTED, (Reference(number),)), ("F(", 0, ")"))


def words_claim(left: Term, right: Term, *conditions: Condition) -> Claim:
    return Claim("made.up", "", "", "", left, right, conditions)


def words_at(member: IndexVariable | ListEntry) -> Term:
    return Entry(t, (member,))


CASES: dict[str, tuple[Term, Term, Expr, Expr]] = {
    "an index": (words_at(o), words_at(c), letter(o), letter(c)),
    "an entry of a list": (words_at(o), words_at(ListEntry(DRAWN, q)), letter(o), drawn),
    "an index in a comparison": (
        Indicator((Comparison(o, c),)),
        Number(Fraction(1)),
        letter(o),
        letter(c),
    ),
    "an index in a definition": (Call(ONE_HOT, (c,)), Number(Fraction(1)), letter(o), letter(c)),
    "an index in a definition at each entry": (
        Mapped(SHIFTED, x),
        Times(words_at(c), x),
        letter(o),
        letter(c),
    ),
    "an index in a definition within one": (
        Call(OVER, (words_at(c),)),
        Power(words_at(c), 2),
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
        found, put = merged(words_claim(left, right, condition))
        assert len(put) == 1
        assert found.conditions == ()
        assert judged(words_claim(left, right, condition)).verdict is PROVED
    assert judged(words_claim(left, right)).verdict is not PROVED
    assert judged(words_claim(left, right, Unequal(one, other))).verdict is not PROVED


def test_a_definition_that_does_not_mention_the_word_stays_itself() -> None:
    plain = words_claim(Call(ONE_HOT, (c,)), words_at(o), Equal(letter(c), letter(own)))
    found, _ = merged(plain)
    assert isinstance(found.left, Call)
    assert found.left.definition is ONE_HOT


def test_a_definition_that_does_is_one_on_both_sides() -> None:
    found, _ = merged(
        words_claim(Call(ONE_HOT, (c,)), Call(ONE_HOT, (c,)), Equal(letter(o), letter(c)))
    )
    assert isinstance(found.left, Call)
    assert isinstance(found.right, Call)
    assert found.left.definition is found.right.definition is not ONE_HOT


def test_a_bound_letter_is_no_word_of_a_condition() -> None:
    bound = IndexVariable(WORDS, "o")
    summed = Sum(bound, words_at(bound))
    assert judged(words_claim(summed, summed, Equal(letter(o), letter(c)))).verdict is PROVED
    beside = Sum(bound, Times(words_at(bound), words_at(o)))
    right = Times(words_at(c), summed)
    assert judged(words_claim(beside, right, Equal(letter(o), letter(c)))).verdict is PROVED
    assert judged(words_claim(beside, right)).verdict is REFUTED


def test_a_list_that_the_sides_do_not_name_keeps_its_condition() -> None:
    other = WordArray("v", WORDS)[letter(q)]
    found, put = merged(words_claim(words_at(o), words_at(c), Equal(letter(o), other)))
    assert put == ()
    assert found.conditions == (Equal(letter(o), other),)


def test_a_draw_that_need_not_exist_is_put_for_no_letter() -> None:
    equal = words_claim(words_at(ListEntry(DRAWN, q)), words_at(ListEntry(DRAWN, Numbered(1))))
    assert merged(replace(equal, conditions=(Equal(letter(q), Integer(1)),)))[1] == ()
