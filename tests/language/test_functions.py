"""Functions and arrangements of terms have their values."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from flint import arb
from sympy import Symbol

from derivations.language import functions, tree
from derivations.language.arrangement import key, left_to_take
from derivations.language.functions import EVERY, AbsoluteValue, Elementary, Signum, known
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import differentiated
from derivations.language.tree import Term, Variable
from derivations.proof.decide import Balls
from derivations.proof.domain import Dual, Pair, Primitive
from derivations.proof.evaluate import Instance, Interpreter
from derivations.proof.fragment import NoValue
from derivations.reader.declare.block import declared
from derivations.reader.elaborate.environment import Environment, resolve
from derivations.reader.scope import Scope
from derivations.reader.source import Source
from derivations.reader.syntax import formula

# Each row of the catalogue of elementary functions: both its meanings, and their derivatives.


NUMBERS = {
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


def _slope_of_arsinh(domain, z, result):  # type: ignore[no-untyped-def]
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
