"""Functions, arrangements and definitions of terms have their values; nothing is captured."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from flint import arb
from sympy import IndexedBase, Symbol

from derivations.claim import Claim, Verdict
from derivations.indices import Index, IndexSum, Names, total
from derivations.language import functions, tree
from derivations.language.arrangement import key, left_to_take
from derivations.language.functions import EVERY, LOG, AbsoluteValue, Elementary, Signum, known
from derivations.language.index_form import application, defined, entry_of, sides
from derivations.language.index_nodes import Defined, differentiated, unfold
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
from derivations.proof.decide import Balls
from derivations.proof.domain import Domain, Primitive, V
from derivations.proof.evaluate import Dual, Instance, Interpreter, Pair
from derivations.proof.fragment import NoValue
from derivations.proof.judge import judge
from derivations.reader.declare.block import declared
from derivations.reader.environment import Environment, Scope, resolve
from derivations.reader.source import Source
from derivations.reader.syntax import formula
from tests.language.terms import LETTERS, ROWS, VARIABLES, WORDS

# Each row of the catalogue of elementary functions: both its meanings, and their derivatives.


NUMBERS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "sign": lambda z: (z > 0) - (z < 0),
    "relu": lambda z: max(0, z),
    "above": lambda z: float(z > 0),
    "not below": lambda z: float(z >= 0),
    "tanh": math.tanh,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "softplus": lambda z: math.log1p(math.exp(z)),
    "logit": lambda z: math.log(z / (1 - z)),
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "arcsin": math.asin,
    "arccos": math.acos,
    "arctan": math.atan,
    "erf": math.erf,
    "arcsinh": math.asinh,
}
EVERYWHERE = (Fraction(-3, 2), Fraction(1, 3), Fraction(3, 4))
POINTS = {
    "log": (Fraction(1, 3), Fraction(5, 2)),
    "sqrt": (Fraction(1, 3), Fraction(9, 4)),
    "logit": (Fraction(1, 3), Fraction(3, 4)),
    "arcsin": (Fraction(-1, 2), Fraction(1, 3)),
    "arccos": (Fraction(-1, 2), Fraction(1, 3)),
}
NOWHERE = Instance({}, {}, {})
X = Variable((), "x")
x: Term = tree.Reference(X)


def points(row: Elementary) -> tuple[Fraction, ...]:
    return POINTS.get(row.name, EVERYWHERE)


def balls(at: Fraction) -> Balls:
    return Balls({("x", ()): at})


def by_index_notation(term: Term, at: Fraction) -> arb:
    entry, _ = entry_of(term)
    return Interpreter(NOWHERE, balls(at)).value(differentiated(entry))


def slope_by_rule(row: Elementary, at: Fraction) -> arb:
    dual = Dual(balls(at), ("x", ()))
    pair: Pair[arb] = row.value(dual, dual.parameter(("x", ())))
    return pair.tangent


def test_every_row_is_looked_at_and_no_name_stands_for_two() -> None:
    assert {row.name for row in EVERY} == set(NUMBERS)
    assert {name for row in EVERY for name in row.mistaken} <= set(NUMBERS)
    names = [name for row in EVERY for name in (*row.commands, *row.words)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.name)
def test_both_meanings_have_the_value_that_a_library_has(row: Elementary) -> None:
    for at in points(row):
        wanted = NUMBERS[row.name](float(at))
        domain = balls(at)
        direct = row.value(domain, domain.parameter(("x", ())))
        assert float(direct) == pytest.approx(wanted, rel=1e-12)
        assert float(by_index_notation(tree.Apply(row, x), at)) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row.name)
def test_both_derivatives_are_the_limit_of_quotients(row: Elementary) -> None:
    step = Fraction(1, 10**5)
    for at in points(row):
        ends = [NUMBERS[row.name](float(at + sign * step)) for sign in (1, -1)]
        wanted = (ends[0] - ends[1]) / float(2 * step)
        slope = tree.Derivative(tree.Apply(row, x), tree.Reference(X))
        for found in (slope_by_rule(row, at), by_index_notation(slope, at)):
            assert float(found) == pytest.approx(wanted, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("row", [functions.ABS, functions.RELU, functions.SIGN, functions.ABOVE])
def test_a_kink_has_a_value_and_no_derivative(row: Elementary) -> None:
    domain = balls(Fraction(0))
    assert row.value(domain, domain.parameter(("x", ()))).is_zero()
    with pytest.raises(NoValue):
        slope_by_rule(row, Fraction(0))


def test_inequalities_differ_where_a_number_is_zero() -> None:
    domain = balls(Fraction(0))
    zero = domain.parameter(("x", ()))
    assert functions.ABOVE.value(domain, zero).is_zero()
    assert functions.NOT_BELOW.value(domain, zero) == 1
    with pytest.raises(NoValue):
        slope_by_rule(functions.NOT_BELOW, Fraction(0))


def test_a_function_with_its_derivative_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The inverse hyperbolic sine, which nothing here knows."""
    monkeypatch.setitem(
        functions.PRIMITIVES, "arsinh", Primitive("arsinh", arb.asinh, _slope_of_arsinh)
    )
    primitive = functions.PRIMITIVES["arsinh"]
    row = Elementary(
        "arsinh",
        ("arsinh",),
        known("arsinh", lambda z: 1 / functions.SQRT.symbolic(1 + z**2)),
        lambda domain, z: domain.apply(primitive, z),
    )
    slope = tree.Derivative(tree.Apply(row, x), tree.Reference(X))
    for found in (slope_by_rule(row, Fraction(3, 4)), by_index_notation(slope, Fraction(3, 4))):
        assert float(found) == pytest.approx(0.8)


def _slope_of_arsinh(domain: Domain[V], z: V, result: V, /) -> V:
    one_and_square = domain.add(domain.constant(1), domain.power(z, 2))
    return domain.power(functions.SQRT.value(domain, one_and_square), -1)


def test_index_notation_takes_no_number_for_complex() -> None:
    a, b = Symbol("a", real=True), Symbol("b")
    assert AbsoluteValue(-2 * b) == 2 * AbsoluteValue(b)
    assert AbsoluteValue(-3) == 3
    assert AbsoluteValue(0 * b) == 0
    assert AbsoluteValue(functions.EXP.symbolic(b)).free_symbols == {b}
    assert Signum(a).diff(a) == 0


# Terms have one key where they are arranged in another way, and only where they are equal.


GIVEN = r"""
size n, m >= 1
index i, j, k in 1..n
scalar a, b, c
vector x, y in R^n
matrix A in R^{m x n}
matrix B in R^{n x n}
define f(a) = a^2 + b
define g(a) = \frac{\partial}{\partial b} (a b)
define h = a + b
define r(a) = \frac{\partial}{\partial a} (a c)
define L = x^T x
"""
SCOPE = declared(Source(GIVEN).whole.lines(), Scope())


def term(latex: str) -> Term:
    return resolve(formula(Source(latex).whole), Environment(SCOPE))


SAME = [
    ("a + b + c", "c + (b + a)"),
    ("a - (b - c)", "c + a - b"),
    ("2 a b", "b (2 a)"),
    (r"\frac{a}{2} b", r"\frac{1}{2} a b"),
    (r"\frac{a b}{c}", r"a \frac{b}{c}"),
    ("a + b - b", "a"),
    ("a + 0 c", "1 a"),
    ("a + a", "2 a"),
    ("-(a b)", "a (-b)"),
    ("h c", "c (b + a)"),
    ("f(c)", "b + c^2"),
    ("f(b)", "b + b^2"),
    (r"\sum_i x_i y_i", r"\sum_j y_j x_j"),
    (r"\sum_i \sum_j x_i y_j", r"\sum_k \sum_i x_k y_i"),
    ("A (B x)", "(A B) x"),
    ("x^T y", "y^T x"),
    (r"\langle x, y \rangle", "y^T x"),
    (r"\lVert x \rVert^2", "x^T x"),
    ("x^T B y", "y^T B^T x"),
    ("(A B)^T", "B^T A^T"),
    ("(2 B^T)^T", "2 B"),
    (r"(2 x) \odot y", r"2 (y \odot x)"),
    (r"\frac{\partial L}{\partial x}", r"\nabla_x (x^T x)"),
]
DIFFERENT = [
    ("a - b", "b - a"),
    ("a b c", "a b"),
    (r"\frac{a}{b}", r"\frac{b}{a}"),
    ("a (b + c)", "a b + c"),
    ("A B x", "A x"),
    ("x^T B y", "x^T B^T y"),
    ("B^T", "B"),
    ("x y^T", "y x^T"),
    ("x_i", "x_j"),
    (r"\sum_i x_i y_j", r"\sum_i x_i y_i"),
    (r"\sum_i \sum_j x_i y_j", r"\sum_i \sum_j x_j y_j"),
    ("f(b)", "f(c)"),
    ("f(a) + a - a", "f(c)"),
    ("g(b)", r"\frac{\partial}{\partial b} (b b)"),
    ("r(2 a)", r"\frac{\partial}{\partial a} (2 a c)"),
    ("B x", "B y"),
    (r"\frac{\partial L}{\partial x}", r"\frac{\partial h}{\partial a} x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_arranged_in_another_way_has_the_same_key(one: str, other: str) -> None:
    assert key(term(one)) == key(term(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_has_another_key(one: str, other: str) -> None:
    assert key(term(one)) != key(term(other))


def test_derivatives_that_stand_in_a_term_or_its_definitions_are_told() -> None:
    assert [each.by for each in left_to_take(term(r"a \frac{\partial h}{\partial b} + g(c)"))] == [
        "b",
        "b",
    ]
    assert left_to_take(term("h + f(a)")) == []


def test_a_derivative_may_be_told_by_what_it_is() -> None:
    (derivative,) = left_to_take(term(r"\nabla_x L"))
    known = {derivative.key: key(term("2 x"))}
    assert key(term(r"A \nabla_x L"), known) == key(term("2 A x"))


CALLED = {variable.name: variable for variable in VARIABLES}
a, b, definition_x, y, A, U = (Reference(CALLED[name]) for name in "abxyAU")
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
        (Definition("P", (), definition_x), "P[{i}]"),
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
    definition = Definition(
        "f", (own,), times(Entry(definition_x, (own,)), Entry(y, (s,))), ("f(", 0, ")")
    )
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
BY_X = Definition("k", (z,), D(InnerProduct(OF_Z, definition_x), definition_x), ("k(", 0, ")"))
AX = MatrixProduct(A, definition_x)


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


OUTSIDE = summed("s", times(Entry(definition_x, (s,)), y))  # this s is free
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
    "a gradient by x where x is given": (
        Call(BY_X, (definition_x,)),
        definition_x,
        times(TWO, definition_x),
    ),
    "the gradient of a gradient's entry": (
        D(InnerProduct(Call(GRADIENT, (AX,)), y), definition_x),
        times(TWO, MatrixProduct(Transpose(A), y)),
        times(TWO, y),
    ),
    "a definition of its own value": (
        Call(NORM, (Call(GRADIENT, (definition_x,)),)),
        times(Number(Fraction(4)), InnerProduct(definition_x, definition_x)),
        times(TWO, InnerProduct(definition_x, definition_x)),
    ),
}


@pytest.mark.parametrize(("left", "right", "wrong"), ARRAYS.values(), ids=ARRAYS)
def test_a_definition_of_arrays_means_one_thing(left: Term, right: Term, wrong: Term) -> None:
    assert judged(left, right) is PROVED
    assert judged(left, wrong) is REFUTED


def test_a_derivative_that_was_taken_on_the_way_is_told() -> None:
    assert sides(Call(GRADIENT, (definition_x,)), definition_x).differentiated
    assert not sides(D(Call(NORM, (definition_x,)), definition_x), definition_x).differentiated


def test_bound_names_after_a_derivative_are_letters() -> None:
    """What SymPy differentiates has numbered names; none of them is to be seen afterwards."""
    own = Variable((), "t")
    inner = Apply(LOG, Sum(IndexVariable(ROWS, "s"), times(Reference(own), Number(Fraction(1)))))
    softened = Definition(
        "f", (own,), D(times(inner, InnerProduct(definition_x, y)), Reference(own))
    )
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
    definition = Definition("q", (), InnerProduct(definition_x, definition_x), ("q",), names)
    k = Index("k", ROWS)
    assert defined(definition).kind.body == total(x_[s_] ** 2, s_)
    beside = Definition(
        "q",
        (),
        times(Entry(definition_x, (s,)), InnerProduct(definition_x, definition_x)),
        ("q",),
        names,
    )
    assert defined(beside).kind.body == x_[s_] * total(x_[k] ** 2, k)
