"""Definitions in index notation: derivatives inside them, arrays as arguments, nothing captured."""

from fractions import Fraction

import pytest
from sympy import IndexedBase, Symbol

from derivations.claim import Claim, Verdict
from derivations.indices import Index, IndexSum, Names, total
from derivations.language import tree
from derivations.language.functions import LOG
from derivations.language.index_form import application, defined, entry_of, sides
from derivations.language.index_nodes import Defined, unfold
from derivations.language.tree import (
    Apply,
    Call,
    Definition,
    Entry,
    IndexVariable,
    InnerProduct,
    MatrixProduct,
    Number,
    Power,
    Reference,
    Row,
    Sum,
    Term,
    Times,
    Transpose,
    Variable,
)
from derivations.proof.judge import judge
from tests.language.agreement import LETTERS, ROWS, VARIABLES, WORDS

CALLED = {variable.name: variable for variable in VARIABLES}
a, b, x, y, A, U = (Reference(CALLED[name]) for name in "abxyAU")
s, o, c, *_ = LETTERS
TWO, THREE = (Number(Fraction(value)) for value in (2, 3))
i, h, s_ = (Index(name, ROWS) for name in "ihs")
a_, b_ = Symbol("a", real=True), Symbol("b", real=True)
x_, A_, U_ = (IndexedBase(name) for name in "xAU")
PROVED, REFUTED = Verdict.PROVED, Verdict.REFUTED


def D(of: Term, by: tree.Target) -> Term:
    return tree.Derivative(of, by)


def times(*factors: Term) -> Term:
    first, *others = factors
    return Times(first, times(*others)) if others else first


def judged(left: Term, right: Term) -> Verdict:
    return judge(Claim("made.up", "", "", "", left, right)).verdict


# How they are written


def of_words(body: Term, *parameters: IndexVariable, pattern: tuple[str | int, ...]) -> Definition:
    return Definition("P", parameters, body, pattern)


first, second = IndexVariable(WORDS, "w"), IndexVariable(WORDS, "o")
ENTRY = Entry(U, (first, s))
ENTRIES = times(Entry(U, (first, s)), Entry(U, (second, s)))
COLUMN = Row(U, first)


@pytest.mark.parametrize(
    ("definition", "shown"),
    [
        (of_words(ENTRY, first, pattern=("P_{", 0, "}")), "P[{w}]"),
        (of_words(ENTRY, first, pattern=("P(", 0, ")")), "P({w})"),
        (of_words(ENTRIES, first, second, pattern=("P(", 0, r" \mid ", 1, ")")), "P({w}|{o})"),
        (of_words(ENTRIES, first, second, pattern=("P(O = ", 0, ", C = ", 1, ")")), "P({w}, {o})"),
        (of_words(ENTRIES, first, second, pattern=("P(v_{", 0, "}, ", 1, ")")), "P"),
        (of_words(COLUMN, first, pattern=("P_{", 0, "}")), "P[{w},{i}]"),
        (of_words(COLUMN, first, pattern=("P(", 0, ")")), "P({w})[{i}]"),
        (of_words(ENTRIES, first, second, pattern=("P(", 1, ")")), "P({o})"),
        (Definition("P", (), a), "P"),
        (Definition("P", (), x), "P[{i}]"),
    ],
)
def test_an_application_is_shown_as_its_pattern_says(definition: Definition, shown: str) -> None:
    assert defined(definition).kind.shown == shown


def test_a_definition_is_one_function_whenever_it_is_asked_for() -> None:
    definition = of_words(ENTRY, first, pattern=("P_{", 0, "}"))
    assert defined(definition).kind is defined(definition).kind
    again = of_words(ENTRY, first, pattern=("P_{", 0, "}"))
    assert defined(definition).kind is not defined(again).kind


def test_letters_that_a_body_leaves_free_are_its_first_parameters() -> None:
    definition = of_words(ENTRY, first, pattern=("P_{", 0, "}"))
    made = defined(definition)
    assert made.implicit == (s_,)
    found, _ = entry_of(Call(definition, (o,)))
    assert found == made.kind(s_, Index("o", WORDS))
    assert found.opened == U_[Index("o", WORDS), s_]
    assert application(definition, Index("o", WORDS)) == found


def test_a_parameter_is_told_from_a_free_letter_of_its_name() -> None:
    """f(s) = x_s y_s where y_s was meant with the s outside: two letters of one name."""
    own = IndexVariable(ROWS, "s")
    definition = Definition("f", (own,), times(Entry(x, (own,)), Entry(y, (s,))), ("f(", 0, ")"))
    free, parameter = defined(definition).kind.params
    assert free == s_
    assert parameter not in (s_, i.name)
    called, _ = entry_of(Call(definition, (s,)))
    assert called.opened == x_[s_] * IndexedBase("y")[s_]


def test_a_number_as_parameter_is_told_from_a_variable_of_its_name() -> None:
    own = Variable((), "a")
    definition = Definition("f", (own,), times(Reference(own), a), ("f(", 0, ")"))
    assert unfold(entry_of(Call(definition, (b,)))[0]) == a_ * b_


# Derivatives inside


t = Variable((), "t")
z = Variable((ROWS, None), "z")
OF_T = Reference(t)
CUBE = Power(OF_T, 3)
SLOPE = Definition("r", (t,), D(CUBE, OF_T), ("r(", 0, ")"))


def test_a_derivative_by_a_parameter_is_taken_before_its_argument_is_put_in() -> None:
    made = defined(SLOPE).kind
    assert made.differentiates
    assert made.body == 3 * made.params[0] ** 2
    assert not defined(Definition("g", (t,), CUBE)).kind.differentiates


# r(t) = d/dt t^3; G(b) = d/dt f(t); q(t) = d/dt t^2; h(t) = d/da (t a)
G = Definition("G", (t,), D(Call(Definition("f", (t,), CUBE), (OF_T,)), OF_T))
BY_OTHER = Definition("h", (t,), D(times(OF_T, a), a))
LINES: dict[str, tuple[Term, Term, Term]] = {
    "r(b)": (Call(SLOPE, (b,)), times(THREE, Power(b, 2)), times(TWO, Power(b, 2))),
    "G(b)": (Call(G, (b,)), times(THREE, Power(b, 2)), Power(b, 3)),
    "r(2 b)": (
        Call(SLOPE, (times(TWO, b),)),
        times(Number(Fraction(12)), Power(b, 2)),
        times(Number(Fraction(24)), Power(b, 2)),  # as if the 2 were under the derivative
    ),
    "h(b), by a variable": (Call(BY_OTHER, (b,)), b, a),
    "h(a), by the variable given": (Call(BY_OTHER, (a,)), a, times(TWO, a)),
    "d/db (b h(a))": (D(times(b, Call(BY_OTHER, (a,))), b), a, times(TWO, a)),
    "d/da (a h(a))": (D(times(a, Call(BY_OTHER, (a,))), a), times(TWO, a), a),
    "d/da r(a)": (D(Call(SLOPE, (a,)), a), times(Number(Fraction(6)), a), times(THREE, a)),
}


@pytest.mark.parametrize(("left", "right", "wrong"), LINES.values(), ids=LINES)
def test_a_derivative_inside_a_definition_means_one_thing(
    left: Term, right: Term, wrong: Term
) -> None:
    assert judged(left, right) is PROVED
    assert judged(left, wrong) is REFUTED


# Arrays as parameters


OF_Z = Reference(z)
NORM = Definition("q", (z,), InnerProduct(OF_Z, OF_Z), ("q(", 0, ")"))
GRADIENT = Definition("g", (z,), D(Call(NORM, (OF_Z,)), OF_Z), ("g(", 0, ")"))
BY_X = Definition("k", (z,), D(InnerProduct(OF_Z, x), x), ("k(", 0, ")"))
AX = MatrixProduct(A, x)


def test_a_definition_of_arrays_is_written_out() -> None:
    found, axes = entry_of(Call(NORM, (AX,)))
    assert axes == ()
    assert found == total(total(A_[i, h] * x_[h], h) ** 2, i)
    assert not found.has(Defined)


def summed(letter: str, argument: Term) -> Term:
    """q(z) = sum_s z_s^2, where the s has that letter."""
    own = IndexVariable(ROWS, letter)
    body = Sum(own, Power(Entry(OF_Z, (own,)), 2))
    return Call(Definition("q", (z,), body, ("q(", 0, ")")), (argument,))


OUTSIDE = summed("s", times(Entry(x, (s,)), y))  # this s is free
CAPTURING = (OUTSIDE, summed("h", AX), summed("i", AX), summed("h", MatrixProduct(A, AX)))


def test_the_body_of_a_definition_does_not_capture_what_its_argument_leaves_free() -> None:
    found, _ = entry_of(OUTSIDE)
    assert found == total(x_[s_] ** 2 * IndexedBase("y")[i] ** 2, i)


def test_an_argument_does_not_capture_what_the_body_binds() -> None:
    """At z = A x the index of the product stands under the one that the body binds."""
    assert entry_of(summed("h", AX))[0] == total(total(A_[h, i] * x_[i], i) ** 2, h)


ARRAYS: dict[str, tuple[Term, Term, Term]] = {
    "the gradient of a square at A x": (
        Call(GRADIENT, (AX,)),
        times(TWO, AX),
        times(TWO, MatrixProduct(Transpose(A), AX)),  # as if x varied
    ),
    "a gradient by x where x is given": (Call(BY_X, (x,)), x, times(TWO, x)),
    "the gradient of a gradient's entry": (
        D(InnerProduct(Call(GRADIENT, (AX,)), y), x),
        times(TWO, MatrixProduct(Transpose(A), y)),
        times(TWO, y),
    ),
    "a definition of its own value": (
        Call(NORM, (Call(GRADIENT, (x,)),)),
        times(Number(Fraction(4)), InnerProduct(x, x)),
        times(TWO, InnerProduct(x, x)),
    ),
}


@pytest.mark.parametrize(("left", "right", "wrong"), ARRAYS.values(), ids=ARRAYS)
def test_a_definition_of_arrays_means_one_thing(left: Term, right: Term, wrong: Term) -> None:
    assert judged(left, right) is PROVED
    assert judged(left, wrong) is REFUTED


def test_a_derivative_that_was_taken_on_the_way_is_told() -> None:
    assert sides(Call(GRADIENT, (x,)), x).differentiated
    assert not sides(D(Call(NORM, (x,)), x), x).differentiated


def test_bound_names_after_a_derivative_are_letters() -> None:
    """What SymPy differentiates has numbered names; none of them is to be seen afterwards."""
    own = Variable((), "t")
    inner = Apply(LOG, Sum(IndexVariable(ROWS, "s"), times(Reference(own), Number(Fraction(1)))))
    softened = Definition("f", (own,), D(times(inner, InnerProduct(x, y)), Reference(own)))
    for each in (Call(GRADIENT, (AX,)), Call(softened, (a,))):
        whole = entry_of(each)[0]
        bodies = [node.func.body for node in whole.atoms(Defined)]
        bound = {
            limit[0].name
            for part in (whole, *bodies)
            for node in part.atoms(IndexSum)
            for limit in node.limits
        }
        assert bound
        assert all(name.isascii() for name in bound)


def test_the_letters_of_a_body_are_those_declared_where_it_stands() -> None:
    names = Names((("s", ROWS), ("k", ROWS)))
    definition = Definition("q", (), InnerProduct(x, x), ("q",), names)
    k = Index("k", ROWS)
    assert defined(definition).kind.body == total(x_[s_] ** 2, s_)
    beside = Definition("q", (), times(Entry(x, (s,)), InnerProduct(x, x)), ("q",), names)
    assert defined(beside).kind.body == x_[s_] * total(x_[k] ** 2, k)
