"""Small sizes that are tried: different ones for different sets, none too small to be meant."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from sympy import Integer, Symbol

from derivations.claim import Claim, Judgement, Verdict
from derivations.indices import IndexSet
from derivations.language import tree
from derivations.language.tree import Definition, IndexVariable, Term, Variable
from derivations.proof.instances import SELECTIONS, selected
from derivations.proof.judge import judge
from derivations.proof.size_signature import least_sizes, shape_of, told_apart
from tests.language.terms import whole


def space(name: str) -> IndexSet:
    size = Symbol(name, integer=True, positive=True)
    return IndexSet(f"1..{name}", Integer(1), size)


ROWS, COLUMNS = space("n"), space("m")
i, j = IndexVariable(ROWS, "i"), IndexVariable(ROWS, "j")
v = Variable((ROWS, None), "x")
V = tree.Reference(v)
NUMBERS = tuple(tree.Numbered(number) for number in range(4))


def at(member: tree.Member) -> Term:
    return tree.Entry(V, (member,))


def claim(left: Term, right: Term) -> Claim:
    return Claim("made.up", "", "", "", left, right)


def judged(left: Term, right: Term) -> Judgement:
    return judge(claim(left, right))


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
    shape = shape_of(claim(chain, chain))
    tried = [instance.sizes for instance in selected(shape, SELECTIONS["default"])]
    for one, other in combinations(names, 2):
        assert any(sizes[one] > sizes[other] for sizes in tried)
        assert any(sizes[one] < sizes[other] for sizes in tried)


def test_entries_of_a_square_matrix_are_tried_at_different_members() -> None:
    square = tree.Reference(Variable((ROWS, ROWS), "A"))
    assert judged(square, square).verdict is Verdict.PROVED
    judgement = judged(square, square.T)
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.witness is not None
    assert judgement.witness.sizes == {"n": 2}


# Members given by their numbers


def test_a_size_starts_where_every_member_that_is_named_exists() -> None:
    one, two, three = (at(each) for each in NUMBERS[1:])
    assert least_sizes(tree.Plus((one, three)), two) == {"n": 3}
    assert least_sizes(at(i), tree.Sum(j, at(j))) == {}
    assert least_sizes(at(tree.Numbered(1000))) == {}
    inside = Definition("f", (i,), at(i))
    assert least_sizes(tree.Call(inside, (tree.Numbered(2),))) == {"n": 2}
    named = Definition("g", (), three)
    assert least_sizes(tree.Call(named, ())) == {"n": 3}


def test_lines_about_members_by_number_get_their_verdicts() -> None:
    one, two, three = (at(each) for each in NUMBERS[1:])
    assert judged(tree.Plus((one, three)), tree.Plus((three, one))).verdict is Verdict.PROVED
    false = judged(tree.Plus((one, three)), tree.Plus((two, two)))
    assert false.verdict is Verdict.REFUTED
    assert false.witness is not None
    assert false.witness.sizes == {"n": 3}
    second = tree.Sum(i, tree.Times(tree.Indicator((tree.Comparison(i, NUMBERS[2]),)), at(i)))
    assert judged(second, two).verdict is not Verdict.REFUTED
    assert judged(second, one).verdict is Verdict.REFUTED


def test_a_member_that_no_size_tried_has_leaves_a_line_undecided() -> None:
    last = at(tree.Numbered(1000))
    assert judged(last, last).verdict is Verdict.UNDECIDED


# Members that are told apart


@pytest.mark.parametrize(
    "term",
    [
        at(NUMBERS[1]),
        tree.IndexNumber(i),
        at(tree.Offset(i, whole(1))),
        tree.Sum(i, at(i), upper=whole(1)),
        tree.Indicator((tree.Comparison(i, NUMBERS[1]),)),
        tree.Call(Definition("f", (), tree.IndexNumber(i))),
    ],
)
def test_terms_say_which_members_they_tell_apart(term: Term) -> None:
    assert told_apart(term) == {ROWS}


def test_equal_members_alone_are_not_told_apart() -> None:
    assert not told_apart(tree.Indicator((tree.Comparison(i, j),)), at(i), tree.Sum(i, at(i)))
    other = IndexVariable(COLUMNS, "k")
    assert told_apart(tree.Indicator((tree.Comparison(i, other),))) == {ROWS, COLUMNS}


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
    only_first = tree.Times(tree.Indicator((tree.Comparison(i, NUMBERS[1]),)), at(i))
    with pytest.raises(Disagreement):
        judge(claim(only_first, at(i)))


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
    judgement = judged(left, right)
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.witness is not None
    assert any("f(" in name for name in judgement.witness.values)


def test_equal_arguments_have_one_value_however_they_are_written() -> None:
    assert judged(applied(tree.Plus((a, b))), applied(tree.Plus((b, a)))).verdict is Verdict.PROVED
    mixed = tree.Times(a, tree.Plus((b, whole(1))))
    spread = tree.Plus((tree.Times(a, b), a))
    assert judged(applied(mixed), applied(spread)).verdict is not Verdict.REFUTED
