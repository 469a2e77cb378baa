"""Values of a domain with the usual signs, so that a test reads as mathematics."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction
from typing import Any

from derivations.proof.field import Field, Finer, Value


class Number:
    """A value of a domain, written with the usual signs."""

    def __init__(self, domain: Any, value: Any) -> None:
        self.domain, self.value = domain, value

    def _lift(self, other: Any) -> Any:
        return other.value if isinstance(other, Number) else self.domain.constant(Fraction(other))

    def __add__(self, other: Any) -> Number:
        return Number(self.domain, self.domain.add(self.value, self._lift(other)))

    def __mul__(self, other: Any) -> Number:
        return Number(self.domain, self.domain.multiply(self.value, self._lift(other)))

    def __pow__(self, exponent: int) -> Number:
        return Number(self.domain, self.domain.power(self.value, exponent))

    def __neg__(self) -> Number:
        return self * -1

    def __sub__(self, other: Any) -> Number:
        return self + (-other if isinstance(other, Number) else -Fraction(other))

    def __truediv__(self, other: Number) -> Number:
        return self * other**-1

    __radd__, __rmul__ = __add__, __mul__


def exp(number: Number) -> Number:
    return Number(number.domain, number.domain.exp(number.value))


def log(number: Number) -> Number:
    return Number(number.domain, number.domain.log(number.value))


def sqrt(number: Number) -> Number:
    return Number(number.domain, number.domain.sqrt(number.value))


def one(number: Number) -> Number:
    return Number(number.domain, number.domain.constant(1))


def sigma(number: Number) -> Number:
    return one(number) / (1 + exp(-number))


Expression = Callable[[Number, Number, Number], Number]


def at(expression: Expression) -> tuple[Field, Value]:
    """The value of ``expression`` at three coordinates of a fresh field."""
    finer: dict[Hashable, int] = {}
    while True:
        field = Field(24, finer=finer)
        try:
            result = expression(*(Number(field, field.parameter(name)) for name in "xyz"))
        except Finer as wanted:
            finer[wanted.key] = finer.get(wanted.key, 1) * wanted.by
        else:
            return field, result.value
