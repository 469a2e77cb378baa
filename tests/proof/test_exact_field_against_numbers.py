"""The exact decision agrees with certified numbers, on random expressions."""

from fractions import Fraction

from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.proof.witness import Balls, Values
from tests.proof.number import Expression, Number, at, exp, log, one

LEAVES: list[Expression] = [
    lambda x, y, z: x,
    lambda x, y, z: y,
    lambda x, y, z: one(x) * 2,
    lambda x, y, z: exp(x),
    lambda x, y, z: exp(x - y),
    lambda x, y, z: exp(y - 2 * x),
    lambda x, y, z: log(1 + exp(x)),
    lambda x, y, z: log(exp(x) + exp(2 * x)),
]
expressions = st.recursive(
    st.sampled_from(LEAVES),
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(lambda p: lambda x, y, z: p[0](x, y, z) + p[1](x, y, z)),
        st.tuples(parts, parts).map(lambda p: lambda x, y, z: p[0](x, y, z) - p[1](x, y, z)),
        st.tuples(parts, parts).map(lambda p: lambda x, y, z: p[0](x, y, z) * p[1](x, y, z)),
    ),
    max_leaves=6,
)
POINT: Values = {"x": Fraction(3, 7), "y": Fraction(-5, 3), "z": Fraction(11, 5)}


@ctx.workprec(256)
def numerically(expression: Expression) -> arb:
    balls = Balls(dict(POINT))
    ball: arb = expression(*(Number(balls, balls.parameter(name)) for name in "xyz")).value
    return ball


@settings(max_examples=200, deadline=None)
@given(expressions)
def test_the_decision_agrees_with_certified_numbers(expression: Expression) -> None:
    field, value = at(expression)
    assert field.is_zero(value) == bool(numerically(expression).contains(0))


@settings(max_examples=100, deadline=None)
@given(expressions, expressions)
def test_rearranging_changes_nothing(left: Expression, right: Expression) -> None:
    def rearranged(x: Number, y: Number, z: Number) -> Number:
        a, b = left(x, y, z), right(x, y, z)
        return (a + b) * (a - b) - (a * a - b * b)

    field, value = at(rearranged)
    assert field.is_zero(value)
