"""The exact field: zero is decided, and it agrees with numbers."""

from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from derivations.proof.decide import Balls, Values
from derivations.proof.domain import Application
from derivations.proof.field import Branch, Field, TooManyVariables
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.judge import judge
from tests.documents import SLIPS
from tests.proof.by_hand import Expression, Number, at, one, sigma, sqrt
from tests.proof.by_hand import exp_of_number as exp
from tests.proof.by_hand import log_of_number as log

# The field of one small instance decides: what is zero is zero, what is not is not.


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
    "a half later": lambda x, y, z: exp(x) - exp(x * Fraction(1, 2)) ** 2,
    "a half and a third later": lambda x, y, z: (
        exp(x) * exp(x * Fraction(1, 2)) * exp(x * Fraction(1, 3))
        - exp(x * Fraction(11, 6))
        + exp(one(x) * Fraction(1, 2)) ** 2
        - exp(one(x))
    ),
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
    "exp undoes an even multiple of log": lambda x, y, z: exp(log(x) * 2) - x * x,
    "exp undoes log of what is positive": lambda x, y, z: exp(-log(1 + exp(x))) - sigma(-x),
    "exp of log and more": lambda x, y, z: exp(2 * log(x) + y) - x * x * exp(y),
    "exp of the logarithms of numbers": lambda x, y, z: exp(log(6 * one(x))) - 6,
    "half of the logarithm of a square number": lambda x, y, z: (
        exp(log(9 * one(x)) * Fraction(1, 2)) - 3
    ),
    "log sigma": lambda x, y, z: log(sigma(x)) - x + log(1 + exp(x)),
    "the complement of sigma": lambda x, y, z: one(x) - sigma(x) - sigma(-x),
    "exp of quotients that add up": lambda x, y, z: (
        exp(x / (x + y)) * exp(y / (x + y)) - exp(one(x))
    ),
    "exp of quotients with another denominator": lambda x, y, z: (
        exp(x / y) * exp(one(x) / (y - 1)) - exp((x * y - x + y) / (y * y - y))
    ),
    "a quotient that cancels in an exponent": lambda x, y, z: (
        exp((x * x - y * y) / (x - y)) - exp(x) * exp(y)
    ),
    "exp of exp": lambda x, y, z: exp(exp(x) + exp(y)) - exp(exp(x)) * exp(exp(y)),
    "exp of sigma": lambda x, y, z: exp(sigma(x)) * exp(sigma(-x)) - exp(one(x)),
    "three storeys": lambda x, y, z: exp(exp(exp(x)) + y) / exp(y) - exp(exp(exp(x))),
    "a power that is no number": lambda x, y, z: (
        exp(log(1 + x * x) * y) * (1 + x * x) - exp(log(1 + x * x) * (y + 1))
    ),
    "log of a tower": lambda x, y, z: log(exp(exp(x)) * 2) - exp(x) - log(one(x) * 2),
    "log of log": lambda x, y, z: log((log(x) + 1) ** 2) - 2 * log(log(x) + 1),
    "the square of a root": lambda x, y, z: sqrt(1 + x * x) ** 2 - 1 - x * x,
    "a root below": lambda x, y, z: one(x) / sqrt(1 + x * x) * (1 + x * x) - sqrt(1 + x * x),
    "a sum with roots below": lambda x, y, z: (
        one(x) / (1 + sqrt(1 + x * x)) * x * x - sqrt(1 + x * x) + 1
    ),
    "two roots below": lambda x, y, z: (
        one(x) / (sqrt(1 + x * x) + sqrt(2 + y * y)) * (x * x - y * y - 1)
        - sqrt(1 + x * x)
        + sqrt(2 + y * y)
    ),
    "the root of a product": lambda x, y, z: (
        sqrt((1 + x * x) * (2 + y * y) * 8)
        - sqrt(1 + x * x) * sqrt(2 + y * y) * sqrt(one(x) * 2) * 2
    ),
    "the root of an exponential": lambda x, y, z: sqrt(exp(2 * x)) - exp(x),
    "a root of a root": lambda x, y, z: sqrt(sqrt(1 + x * x)) ** 4 - 1 - x * x,
    "the logarithm of a root": lambda x, y, z: log(sqrt(1 + x * x)) * 2 - log(1 + x * x),
    "a root in an exponent": lambda x, y, z: (
        exp(sqrt(1 + x * x) + one(x) / sqrt(1 + x * x)) - exp((2 + x * x) / sqrt(1 + x * x))
    ),
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
    "exp of a quotient split": lambda x, y, z: exp(x / (x + y)) - exp(x / x) * exp(x / y),
    "exp of exp as a power": lambda x, y, z: exp(exp(x)) - exp(x) * exp(x),
    "exp of a product of exponentials": lambda x, y, z: exp(exp(x + y)) - exp(exp(x)) * exp(exp(y)),
    "another temperature": lambda x, y, z: exp(x / z) - exp(y / z),
    "the root of a sum": lambda x, y, z: sqrt(1 + x * x) - 1 - x,
    "roots that are added": lambda x, y, z: (
        sqrt(1 + x * x) + sqrt(1 + y * y) - sqrt(2 + x * x + y * y)
    ),
    "root two is not 17/12": lambda x, y, z: sqrt(one(x) * 2) - Fraction(17, 12),
}

REFUSED: dict[str, Expression] = {
    "a cube root": lambda x, y, z: exp(log(1 + x * x) * Fraction(1, 3)),
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


def test_a_logarithm_of_what_is_certainly_negative_has_no_value() -> None:
    for expression in (lambda x, y, z: log(-exp(x)), lambda x, y, z: log(-(x * x) - y * y - 1)):
        with pytest.raises(NoValue):
            at(expression)


INCOMPLETE: dict[str, Expression] = {
    "a root that comes out of a root": lambda x, y, z: (
        sqrt(2 + x * x + 2 * sqrt(1 + x * x)) - 1 - sqrt(1 + x * x)
    ),
    "a sum with roots that factors": lambda x, y, z: (
        log(x * x) - log(sqrt(1 + x * x) - 1) - log(sqrt(1 + x * x) + 1)
    ),
    "a constant that is an exponential of one": lambda x, y, z: exp(exp(one(x)) + x) - exp(x),
}


@pytest.mark.parametrize("name", INCOMPLETE)
def test_where_more_is_equal_than_the_field_knows_it_says_so(name: str) -> None:
    field, value = at(INCOMPLETE[name])
    assert not field.is_zero(value)
    assert not field.complete


def test_it_is_complete_for_what_there_is_no_more_to_know_of() -> None:
    for expression in NOT_ZERO.values():
        assert at(expression)[0].complete


# Signs


SPLIT: dict[str, Expression] = {
    "exp of log": lambda x, y, z: exp(log(x)),
    "half the log of a square": lambda x, y, z: exp(log(x * x) * Fraction(1, 2)),
    "exp of log of a difference": lambda x, y, z: exp(-log(x - y)),
    "a root": lambda x, y, z: sqrt(x),
}


@pytest.mark.parametrize("name", SPLIT)
def test_a_sign_that_is_not_certain_is_asked_for(name: str) -> None:
    with pytest.raises(Branch):
        at(SPLIT[name])


@pytest.mark.parametrize("sign", [1, -1])
def test_an_assumed_sign_is_used(sign: int) -> None:
    with pytest.raises(Branch) as asked:
        at(SPLIT["half the log of a square"])
    field = Field(24, {asked.value.term: sign})
    x, y = (Number(field, field.parameter(name)) for name in "xy")
    absolute = exp(log(x * x) * Fraction(1, 2))
    assert field.is_zero((absolute - x * sign).value)
    assert not field.is_zero((absolute + x * sign).value)
    assert field.sign((x * (1 + y * y)).value) == sign
    if sign < 0:
        with pytest.raises(NoValue):
            log(x)


def test_what_vanishes_by_assumption_is_nothing_in_an_exponent() -> None:
    field = Field(24, {"t0 - t1": 0})
    x, y = (Number(field, field.parameter(name)) for name in "xy")
    assert field.is_zero(field.signum((x - y).value))
    assert field.is_zero((exp(x * y + (x - y) * 3) - exp(x * y)).value)
    assert field.is_zero((exp(x) - exp(y)).value)
    assert not field.is_zero((exp(x) - exp(x + y)).value)


@pytest.mark.parametrize(
    ("expression", "sign"),
    [
        (lambda x, y, z: one(x) * -3, -1),
        (lambda x, y, z: x - x, 0),
        (lambda x, y, z: 1 + x * x + y**4, 1),
        (lambda x, y, z: -exp(x) - exp(y) * z * z, -1),
        (lambda x, y, z: sigma(x) / -log(2 * one(x)), -1),
        (lambda x, y, z: log(x) * log(x), 1),
    ],
)
def test_signs_that_are_certain(expression: Expression, sign: int) -> None:
    field, value = at(expression)
    assert field.sign(value) == sign


@pytest.mark.parametrize(
    "expression",
    [lambda x, y, z: x, lambda x, y, z: one(x) - x * x, lambda x, y, z: log(3 + x * x)],
)
def test_a_sign_that_is_not_certain_is_refused(expression: Expression) -> None:
    field, value = at(expression)
    with pytest.raises(Branch):
        field.sign(value)


# Arbitrary functions


def applied(*arguments: int | Number, partials: tuple[tuple[int, int], ...] = ()) -> Number:
    (field,) = {each.domain for each in arguments if isinstance(each, Number)}
    values = tuple(each if isinstance(each, int) else (each.value,) for each in arguments)
    return Number(field, field.arbitrary(Application("f", values, partials)))


def test_applications_at_equal_arguments_are_equal_and_no_others() -> None:
    field = Field(24)
    x, y = (Number(field, field.parameter(name)) for name in "xy")
    value = applied(2, x + y)
    same = applied(2, (x * x - y * y) / (x - y))
    assert field.equal(value.value, same.value)
    for other in (applied(1, x + y), applied(2, x), applied(2, applied(2, x + y))):
        assert not field.equal(value.value, other.value)


def test_partial_derivatives_are_values_of_their_own() -> None:
    field = Field(24)
    x, y = (Number(field, field.parameter(name)) for name in "xy")
    found = [applied(x, y, partials=each) for each in ((), ((0, 0),), ((1, 0),), ((0, 0), (1, 0)))]
    for number, one_of_them in enumerate(found):
        for another in found[:number]:
            assert not field.equal(one_of_them.value, another.value)
    again = applied(x, y, partials=((0, 0), (1, 0)))
    assert field.equal(again.value, found[-1].value)


# The exact decision agrees with certified numbers, on random expressions.


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


def test_a_divisor_of_a_degree_in_the_thousands_is_refused_and_not_factored() -> None:
    """Its factors may take all memory: those of 1 + e^{px} with p in the hundred thousands."""
    small, large = (lambda x, y, z, p=p: one(x) / (exp(x) + exp(x * p) + 1) for p in (50, 10**6))
    field, value = at(small)
    assert not field.is_zero(value)
    with pytest.raises(OutsideFragment, match="too high a degree"):
        at(large)


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


# Judging leaves the precision of the interval library as it found it.


def test_finding_a_witness_does_not_change_the_precision() -> None:
    with ctx.workprec(77):
        judgement = next(j for j in map(judge, SLIPS) if j.witness is not None)
        assert judgement.witness is not None
        assert ctx.prec == 77
