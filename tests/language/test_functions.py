"""Each row of the catalogue of elementary functions: both its meanings, and their derivatives."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from flint import arb
from sympy import Symbol

from derivations.language import functions, tree
from derivations.language.differentiation import differentiated
from derivations.language.functions import EVERY, AbsoluteValue, Elementary, Signum, known
from derivations.language.index_form import entry_of
from derivations.language.tree import Term, Variable
from derivations.proof.domain import Dual, Pair, Primitive
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import NoValue
from derivations.proof.index_evaluation import Instance
from derivations.proof.witness import Balls

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
