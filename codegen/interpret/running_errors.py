"""A real number together with all that rounding can make of it.

A `Number` stands for an exact ``value`` (a ball around it) and for every computed value

    value + sum over j of linear[j] eps_j + rest_,     |eps_j| <= 1, |rest_| <= rest.

The eps_j are errors made once and carried on: what a score and an exponential are off by. Where
such an error reaches a result twice, as in z - z or e / (1 + e), it cancels here as it does in
the floats. All other errors are added up in ``rest``, in absolute value. Every rule below holds
for all values of the eps, to all orders: what is not linear in them goes to the rest. An operation
is the exact operation, its errors, one rounding.

Sums and inner products are under H4: in any order, fused or not. A term of a sum of n passes
through n - 1 additions at most, whatever their order, so that the sum is off by gamma(n - 1) times
the sum of the terms' magnitudes, gamma(k) = k u / (1 - k u); a product is one rounding more, and
may underflow. Higham, Accuracy and Stability of Numerical Algorithms, sections 3.1 and 4.2. Terms
that are exactly zero are added without a rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from flint import arb

from codegen.interpret.hypotheses import Hypotheses

ZERO, ONE = arb(0), arb(1)
_symbols = count()


class Unbounded(Exception):
    """No bound can be given: the computed value may overflow, or a divisor may be zero."""


@dataclass(frozen=True, eq=False)
class Number:
    """An exact value and the errors that the computed one may have."""

    value: arb
    linear: dict[int, arb] = field(default_factory=dict)
    rest: arb = ZERO

    @cached_property
    def deviation(self) -> arb:
        """A bound on the distance of the computed from the exact value."""
        return sum((abs(each) for each in self.linear.values()), self.rest).upper()

    @cached_property
    def magnitude(self) -> arb:
        """A bound on the absolute value of the computed value."""
        return (self.value.abs_upper() + self.deviation).upper()

    @property
    def is_exact(self) -> bool:
        """Whether the computed value is the exact one."""
        return not self.linear and self.rest.is_zero()

    def is_exactly(self, number: int) -> bool:
        """Whether it is this number, computed and exact."""
        return bool(self.is_exact and self.value == number)

    @property
    def is_sure_power_of_two(self) -> bool:
        """Whether a product with it is exact but for underflow."""
        if not (self.is_exact and self.value.is_exact()):
            return False
        mantissa = abs(int(self.value.man_exp()[0]))
        return mantissa & (mantissa - 1) == 0

    def sign(self) -> int | None:
        """1 where exact and computed value are both >= 0, -1 where both are < 0, else None."""
        if self.value.lower() >= self.deviation:
            return 1
        return -1 if self.value.upper() < -self.deviation else None


def with_new_error(value: arb, linear: dict[int, arb], rest: arb, error: arb) -> Number:
    """The number with an error of its own, to be carried on as one."""
    if error.is_zero():
        return Number(value, linear, rest)
    return Number(value, {**linear, next(_symbols): error}, rest)


def rounded(h: Hypotheses, value: arb, linear: dict[int, arb], rest: arb) -> Number:
    """The result of one operation that is rounded to nearest: off by half a spacing of floats.

    Raises Unbounded if it may overflow.
    """
    before = in_range(h, Number(value, linear, rest.upper()))
    if before.is_exactly(0):
        return before
    error = half_spacing(h, before.magnitude).max(h.subnormal / 2)
    return Number(value, linear, (rest + error).upper())


def half_spacing(h: Hypotheses, magnitude: arb) -> arb:
    """What rounding costs a number no larger than this, at full precision: u times a power of two.

    A power of two is a float itself, so that below it the spacing of its lower side counts.
    """
    if magnitude.is_zero():
        return ZERO
    mantissa, exponent = magnitude.man_exp()
    return h.u * arb(2) ** (int(exponent) + (int(mantissa) - 1).bit_length() - 1)


def in_range(h: Hypotheses, number: Number) -> Number:
    """The number, unless rounding to nearest may take it past the largest float."""
    if not number.magnitude <= h.largest * (1 + h.u / 2):
        raise Unbounded("a result may be out of range")
    return number


def combined(
    left: dict[int, arb], right: dict[int, arb], by_left: arb, by_right: arb
) -> dict[int, arb]:
    """by_left times one linear form plus by_right times the other."""
    result = {each: by_left * factor for each, factor in left.items()}
    for each, factor in right.items():
        result[each] = result.get(each, ZERO) + by_right * factor
    return {each: factor for each, factor in result.items() if not factor.is_zero()}


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


def total(h: Hypotheses, terms: Sequence[Number]) -> Number:
    """The sum of the terms, in any order."""
    present = [term for term in terms if not term.is_exactly(0)]
    return _sum(h, present, gamma(h, len(present) - 1), ZERO, is_new=False)


def inner(h: Hypotheses, pairs: Sequence[tuple[Number, Number]]) -> Number:
    """The sum of the products of the pairs, in any order, fused or not.

    If the factors are exact, as the inputs are, its error is carried on as one.
    """
    products = [(product(x, y), is_product_exact(x, y)) for x, y in pairs]
    present = [(term, is_exact) for term, is_exact in products if not term.is_exactly(0)]
    roundings = len(present) - all(is_exact for _, is_exact in present)
    relative = gamma(h, roundings)
    lost = sum(not is_exact for _, is_exact in present) * h.subnormal / 2 * (1 + relative)
    is_new = all(x.is_exact and y.is_exact for x, y in pairs)
    return _sum(h, [term for term, _ in present], relative, lost, is_new)


def gamma(h: Hypotheses, roundings: int) -> arb:
    """What so many roundings in a row can do to a term, relatively."""
    if roundings <= 0:
        return ZERO
    together = roundings * h.u
    if not together < 1:
        raise Unbounded(f"a sum of {roundings + 1} terms in {h.dtype}")
    return (together / (1 - together)).upper()


def _sum(h: Hypotheses, terms: Sequence[Number], relative: arb, lost: arb, is_new: bool) -> Number:
    value, rest, size = ZERO, ZERO, ZERO
    linear: dict[int, arb] = {}
    for term in terms:
        value += term.value
        rest += term.rest
        size += term.magnitude
        linear = combined(linear, term.linear, ONE, ONE)
    error = (relative * size + lost).upper()
    in_range(h, Number((size + error).upper()))  # no partial sum is larger, in whatever order
    if is_new:
        return with_new_error(value, linear, rest.upper(), error)
    return Number(value, linear, (rest + error).upper())
