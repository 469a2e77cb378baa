"""The field of one small instance decides: what is zero is zero, what is not is not."""

from fractions import Fraction

import pytest

from derivations.proof.field import Field, TooManyVariables
from derivations.proof.fragment import OutsideFragment
from tests.proof.number import Expression, at, exp, log, one, sigma

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
    "a dependence with numbers": lambda x, y, z: exp(x + y) ** 2 * exp(x - y) - exp(3 * x + y),
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
