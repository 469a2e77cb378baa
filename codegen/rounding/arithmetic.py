"""The operations on numbers with errors: each the exact operation, its errors, one rounding."""

from __future__ import annotations

from flint import arb

from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.number import (
    ONE,
    ZERO,
    Number,
    Unbounded,
    combined,
    half_spacing,
    in_range,
    rounded,
    with_new_error,
)


def add(h: Hypotheses, x: Number, y: Number) -> Number:
    """x + y. A sum in the subnormal range is exact, and so is x + 0."""
    value = x.value + y.value
    linear = combined(x.linear, y.linear, ONE, ONE)
    rest = (x.rest + y.rest).upper()
    before = in_range(h, Number(value, linear, rest))
    if x.is_exactly(0) or y.is_exactly(0) or before.magnitude <= h.normal:
        return before
    return Number(value, linear, (rest + half_spacing(h, before.magnitude)).upper())


def subtract(h: Hypotheses, x: Number, y: Number) -> Number:
    """x - y. A number less itself is 0: one `Number` is one computed value."""
    if x is y:
        return Number(ZERO)
    return add(h, x, negative(h, y))


def negative(_: Hypotheses, x: Number) -> Number:
    """-x, exactly."""
    return Number(-x.value, {each: -factor for each, factor in x.linear.items()}, x.rest)


def product(x: Number, y: Number) -> Number:
    """x y before it is rounded: (x + dx) (y + dy) = x y + x dy + y dx + dx dy."""
    linear = combined(x.linear, y.linear, y.value, x.value)
    rest = abs(x.value) * y.rest + abs(y.value) * x.rest + x.deviation * y.deviation
    return Number(x.value * y.value, linear, rest.upper())


def is_product_exact(x: Number, y: Number) -> bool:
    """Whether the product of both needs no rounding: with 0, 1 or -1."""
    return any(each.is_exactly(number) for each in (x, y) for number in (0, 1, -1))


def multiply(h: Hypotheses, x: Number, y: Number) -> Number:
    """x y."""
    exact = product(x, y)
    if is_product_exact(x, y):
        return exact
    if x.is_sure_power_of_two or y.is_sure_power_of_two:
        lost = h.subnormal / 2
        return in_range(h, Number(exact.value, exact.linear, (exact.rest + lost).upper()))
    return rounded(h, exact.value, exact.linear, exact.rest)


def divide(h: Hypotheses, x: Number, y: Number) -> Number:
    """x / y = q: (x + dx) / (y + dy) - q = (dx - q dy) / y - (dx - q dy) dy / (y (y + dy))."""
    if y.is_exactly(1):
        return x
    if y.is_exact and y.value.is_exact() and not y.value.is_finite() and x.value.is_finite():
        return Number(ZERO)  # by an infinite number that is given, not one that overflowed
    least = (y.value.abs_lower() - y.deviation).lower()
    if not least > 0:
        raise Unbounded("a divisor may be zero")
    value = x.value / y.value
    numerator = Number(
        ZERO, combined(x.linear, y.linear, ONE, -value), (x.rest + abs(value) * y.rest).upper()
    )
    linear = {each: factor / y.value for each, factor in numerator.linear.items()}
    rest = numerator.rest + numerator.deviation * y.deviation / least
    return rounded(h, value, linear, (rest / abs(y.value)).upper())


def square(h: Hypotheses, x: Number, power: Number) -> Number:
    """x ** 2, a product; no other power is known."""
    if not power.is_exactly(2):
        raise TypeError("the only power with a bound is 2")
    return multiply(h, x, x)


def exp(h: Hypotheses, x: Number) -> Number:
    """exp(x): e^x (1 + dx + (e^dx - 1 - dx)), then H2. The error of H2 is carried on as one."""
    if x.is_exactly(0):
        return Number(ONE)
    value = x.value.exp()
    deviation = x.deviation
    rest = value * (x.rest + (deviation.expm1() - deviation))
    linear = {each: value * factor for each, factor in x.linear.items()}
    result = in_range(h, Number(value, linear, rest.upper()))
    return with_new_error(value, linear, result.rest, h.exp_ulps * ulp(h, value * deviation.exp()))


def log1p(h: Hypotheses, x: Number) -> Number:
    """log1p(x + dx) = log1p(x) + log1p(q), q = dx / (1 + x), |log1p(q) - q| by q^2; then H3.

    Raises Unbounded where x may be below -1/2: H3 says nothing of that.
    """
    if x.is_exactly(0):
        return x
    if not x.value.lower() - x.deviation >= -0.5:
        raise Unbounded("log1p of what may be below -1/2")
    value = x.value.log1p()
    linear = {each: factor / (1 + x.value) for each, factor in x.linear.items()}
    relative = (x.deviation / (1 + x.value)).upper()
    if not relative < 1:
        raise Unbounded("log1p of what may be -1")
    beyond = relative**2 / (2 * (1 - relative))
    rest = (x.rest / (1 + x.value) + beyond).upper()
    reached = Number(value, linear, rest).magnitude
    return with_new_error(value, linear, rest, h.log1p_ulps * ulp(h, reached))


def sqrt(h: Hypotheses, x: Number) -> Number:
    """sqrt(x + dx) = sqrt(x) + dx / (2 sqrt(x)) + r, |r| <= dx^2 / (8 (x - |dx|)^(3/2)).

    Raises Unbounded where x may be 0, at which the slope is not finite.
    """
    if x.is_exactly(0) or x.is_exactly(1):
        return x
    least = (x.value.lower() - x.deviation).lower()
    if not least > 0:
        raise Unbounded("the square root of what may be 0")
    value = x.value.sqrt()
    linear = {each: factor / (2 * value) for each, factor in x.linear.items()}
    beyond = x.deviation**2 / (8 * least * least.sqrt())
    return rounded(h, value, linear, (x.rest / (2 * value) + beyond).upper())


def ulp(h: Hypotheses, value: arb) -> arb:
    """The spacing of floats at a value, or at any that its ball holds: the largest."""
    largest = value.abs_upper()
    if largest.is_zero():
        return h.subnormal
    mantissa, exponent = largest.man_exp()
    binade = arb(2) ** (int(exponent) + int(mantissa).bit_length() - 1)
    return (2 * h.u * binade).max(h.subnormal)


def absolute(_: Hypotheses, x: Number) -> Number:
    """|x|, exactly; where the sign is open, errors are no longer carried but added up."""
    sign = x.sign()
    if sign is None:
        return Number(abs(x.value), {}, x.deviation)
    return x if sign > 0 else negative(_, x)


def minimum(h: Hypotheses, x: Number, y: Number) -> Number:
    """The smaller of both, exactly."""
    sign = subtract_exactly(x, y).sign()
    if sign is None:
        return Number(x.value.min(y.value), {}, x.deviation.max(y.deviation))
    return y if sign > 0 else x


def maximum(h: Hypotheses, x: Number, y: Number) -> Number:
    """The larger of both, exactly; where rounding leaves open which, off by the larger error e:
    x + dx and y + dy are at most max(x, y) + e, and one of them is at least max(x, y) - e.
    """
    sign = subtract_exactly(x, y).sign()
    if sign is None:
        return Number(x.value.max(y.value), {}, x.deviation.max(y.deviation))
    return x if sign > 0 else y


def converted(h: Hypotheses, x: Number) -> Number:
    """A number of another dtype, rounded once to this one; one that this dtype holds is as it was.

    H1 says so of conversions: off by half a spacing of floats here, whatever x was off by before.
    """
    if x.is_exact and arb(float(h.dtype.type(float(x.value)))) == x.value:
        return x
    return rounded(h, x.value, x.linear, x.rest)


def subtract_exactly(x: Number, y: Number) -> Number:
    """x - y, not rounded: to compare."""
    return Number(
        x.value - y.value, combined(x.linear, y.linear, ONE, -ONE), (x.rest + y.rest).upper()
    )


def either(is_first: bool | None, x: Number, y: Number) -> Number:
    """What is computed as x or as y; exactly it is x or y as said, or, if None, one of both."""
    apart = (x.value - y.value).abs_upper()
    rest = (apart + x.deviation.max(y.deviation)).upper()
    if is_first is None:
        return Number(x.value.union(y.value), {}, rest)
    return Number(x.value if is_first else y.value, {}, rest)
