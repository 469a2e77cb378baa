"""The field of one small instance decides: what is zero is zero, what is not is not."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.proof.field import Field, TooManyVariables, Value
from derivations.proof.fragment import OutsideFragment
from derivations.proof.witness import Balls


class Number:
    """A value of a domain, written with the usual signs."""

    def __init__(self, domain: Any, value: Any) -> None:
        self.domain, self.value = domain, value

    def _lift(self, other: Any) -> Any:
        return other.value if isinstance(other, Number) else self.domain.constant(Fraction(other))

    def __add__(self, other: Any) -> "Number":
        return Number(self.domain, self.domain.add(self.value, self._lift(other)))

    def __mul__(self, other: Any) -> "Number":
        return Number(self.domain, self.domain.multiply(self.value, self._lift(other)))

    def __pow__(self, exponent: int) -> "Number":
        return Number(self.domain, self.domain.power(self.value, exponent))

    def __neg__(self) -> "Number":
        return self * -1

    def __sub__(self, other: Any) -> "Number":
        return self + (-other if isinstance(other, Number) else -Fraction(other))

    def __truediv__(self, other: "Number") -> "Number":
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__


def exp(number: Number) -> Number:
    return Number(number.domain, number.domain.exp(number.value))


def log(number: Number) -> Number:
    return Number(number.domain, number.domain.log(number.value))


def one(number: Number) -> Number:
    return Number(number.domain, number.domain.constant(1))


def sigma(number: Number) -> Number:
    return one(number) / (1 + exp(-number))


Expression = Callable[[Number, Number, Number], Number]


def at(expression: Expression) -> tuple[Field, Value]:
    """The value of ``expression`` at three coordinates of a fresh field."""
    field = Field(24)
    result = expression(*(Number(field, field.parameter(name)) for name in "xyz"))
    return field, result.value


ZERO: dict[str, Expression] = {
    "the binomial": lambda x, y, z: (x + y) ** 2 - x * x - 2 * x * y - y * y,
    "partial fractions": lambda x, y, z: (
        one(x) / (x - 1) - one(x) / (x + 1) - one(x) * 2 / (x * x - 1)
    ),
    "a fraction that cancels": lambda x, y, z: (x * x - y * y) / (x - y) - x - y,
    "exp of a sum": lambda x, y, z: exp(x + y) - exp(x) * exp(y),
    "exp of the negative": lambda x, y, z: exp(x) * exp(-x) - 1,
    "a double after its half": lambda x, y, z: exp(x) ** 2 - exp(2 * x),
    "a half after its double": lambda x, y, z: exp(2 * x) - exp(x) ** 2,
    "a third first": lambda x, y, z: exp(x * Fraction(1, 3)) ** 3 - exp(x),
    "a dependence of three": lambda x, y, z: exp(x - y) * exp(y - z) - exp(x - z),
    "a dependence with numbers": lambda x, y, z: (
        exp(x + y) ** 2 * exp(x - y) - exp(3 * x + y)
    ),
    "half of a sum": lambda x, y, z: exp(x + y) * exp(x - y) - exp(x) ** 2,
    "a constant in the exponent": lambda x, y, z: exp(x + 2) - exp(one(x)) ** 2 * exp(x),
    "products in the exponent": lambda x, y, z: exp(x * y + x) - exp(x * y) * exp(x),
    "log of a product": lambda x, y, z: log(x * y) - log(x) - log(y),
    "log of a quotient": lambda x, y, z: log(x / (x + y)) - log(x) + log(x + y),
    "log of a power": lambda x, y, z: log((x + y) ** 3) - 3 * log(x + y),
    "log undoes exp": lambda x, y, z: log(exp(x * y)) - x * y,
    "log of numbers": lambda x, y, z: log(6 * one(x)) - log(2 * one(x)) - log(3 * one(x)),
    "log of a change of sign": lambda x, y, z: log(x - y) - log(y - x),
    "log-sum-exp, shifted": lambda x, y, z: log(exp(x) + exp(y)) - x - log(1 + exp(y - x)),
    "log of a factored sum": lambda x, y, z: (
        log(exp(2 * x) - exp(2 * y)) - log(exp(x) - exp(y)) - log(exp(x) + exp(y))
    ),
    "log sigma": lambda x, y, z: log(sigma(x)) - x + log(1 + exp(x)),
    "the complement of sigma": lambda x, y, z: one(x) - sigma(x) - sigma(-x),
}

NOT_ZERO: dict[str, Expression] = {
    "exp of a sum as a sum": lambda x, y, z: exp(x + y) - exp(x) - exp(y),
    "different exponents": lambda x, y, z: exp(x) - exp(y),
    "a product taken for a sum": lambda x, y, z: exp(x * y) - exp(x) * exp(y),
    "a sign in the exponent": lambda x, y, z: exp(x) - exp(-x),
    "a dependence that is none": lambda x, y, z: exp(x - y) * exp(y - z) - exp(z - x),
    "e is not 1": lambda x, y, z: exp(x + 1) - exp(x),
    "e is not 3": lambda x, y, z: exp(one(x)) - 3,
    "log of a sum as a sum": lambda x, y, z: log(x + y) - log(x) - log(y),
    "log of a shifted argument": lambda x, y, z: log(1 + exp(x)) - log(1 + exp(-x)),
    "log 2 is not a fraction": lambda x, y, z: log(2 * one(x)) - Fraction(693147, 1000000),
    "log 4 is not log 2": lambda x, y, z: log(4 * one(x)) - log(2 * one(x)),
    "the first power of a log": lambda x, y, z: log(x) * log(x) - log(x * x),
    "sigma is not odd": lambda x, y, z: sigma(x) + sigma(-x),
    "a sign": lambda x, y, z: (x - y) / (y - x) - 1,
}

REFUSED: dict[str, Expression] = {
    "exp of a fraction": lambda x, y, z: exp(one(x) / x),
    "exp of exp": lambda x, y, z: exp(exp(x)),
    "exp of log": lambda x, y, z: exp(log(x) * 2),
    "log of log": lambda x, y, z: log(log(x) + 1),
    "exp of half of what was there": lambda x, y, z: exp(x) + exp(x * Fraction(1, 2)),
}

UNDEFINED: dict[str, Expression] = {
    "division by a difference that is zero": lambda x, y, z: one(x) / (x - x),
    "division by a hidden zero": lambda x, y, z: one(x) / (exp(x) * exp(-x) - 1),
    "log of zero": lambda x, y, z: log(x - x),
    "log of a hidden zero": lambda x, y, z: log((x + y) ** 2 - x * x - 2 * x * y - y * y),
}


@pytest.mark.parametrize("name", ZERO)
def test_what_is_zero_is_found_to_be(name: str) -> None:
    field, value = at(ZERO[name])
    assert field.is_zero(value)


@pytest.mark.parametrize("name", NOT_ZERO)
def test_what_is_not_zero_is_found_not_to_be(name: str) -> None:
    field, value = at(NOT_ZERO[name])
    assert not field.is_zero(value)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_outside_the_fragment_is_refused(name: str) -> None:
    with pytest.raises(OutsideFragment):
        at(REFUSED[name])


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_has_no_value_is_a_division_by_zero(name: str) -> None:
    with pytest.raises(ZeroDivisionError):
        at(UNDEFINED[name])


def test_a_field_with_too_little_room_says_so() -> None:
    field = Field(2)
    field.parameter("x")
    field.parameter("y")
    with pytest.raises(TooManyVariables):
        field.parameter("z")


def test_values_of_an_arbitrary_function_are_unrelated() -> None:
    field = Field(8)
    first, second = (field.arbitrary("J", (1, word), {}) for word in (1, 2))
    minus = field.multiply(field.constant(-1), second)
    assert not field.is_zero(field.add(first, minus))
    assert field.is_zero(field.add(second, minus))


# Random expressions: the decision against certified numbers

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
POINTS = [{"x": Fraction(3, 7), "y": Fraction(-5, 3), "z": Fraction(11, 5)}]


def numerically(expression: Expression, point: dict[str, Fraction]) -> arb:
    ctx.prec = 256
    balls = Balls(dict(point))
    ball: arb = expression(*(Number(balls, balls.parameter(name)) for name in "xyz")).value
    return ball


@settings(max_examples=200, deadline=None)
@given(expressions)
def test_the_decision_agrees_with_certified_numbers(expression: Expression) -> None:
    field, value = at(expression)
    vanishes = all(numerically(expression, point).contains(0) for point in POINTS)
    assert field.is_zero(value) == vanishes


@settings(max_examples=100, deadline=None)
@given(expressions, expressions)
def test_rearranging_changes_nothing(left: Expression, right: Expression) -> None:
    def rearranged(x: Number, y: Number, z: Number) -> Number:
        a, b = left(x, y, z), right(x, y, z)
        return (a + b) * (a - b) - (a * a - b * b)

    field, value = at(rearranged)
    assert field.is_zero(value)
