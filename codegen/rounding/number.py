"""A real number together with all that rounding can make of it.

A `Number` stands for an exact ``value`` (a ball around it) and for every computed value

    value + sum over j of linear[j] eps_j + rest_,     |eps_j| <= 1, |rest_| <= rest.

The eps_j are errors made once and carried on: what a score and an exponential are off by. Where
such an error reaches a result twice, as in z - z or e / (1 + e), it cancels here as it does in
the floats. All other errors are added up in ``rest``, in absolute value. Every rule below holds
for all values of the eps, to all orders: what is not linear in them goes to the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from flint import arb

from codegen.rounding.hypotheses import Hypotheses

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
