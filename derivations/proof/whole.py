"""Whole numbers made of sizes: integer polynomials, and which of them are surely not negative.

Sizes are whole numbers with a least value. With every size written as its least value plus a
number that is not negative, a polynomial without a negative coefficient is not negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

Monomial = tuple[str, ...]
Polynomial = Mapping[Monomial, Fraction | int]
Least = Mapping[str, int]
ONE: Monomial = ()


@dataclass(frozen=True)
class Whole:
    """A polynomial in sizes with whole coefficients: its terms in order, none of them zero."""

    terms: tuple[tuple[Monomial, int], ...] = ()

    @staticmethod
    def of(polynomial: Mapping[Monomial, int]) -> Whole:
        """The whole number with these coefficients."""
        return Whole(tuple(sorted((m, c) for m, c in polynomial.items() if c)))

    @staticmethod
    def number(value: int) -> Whole:
        """A number without sizes."""
        return Whole(((ONE, value),)) if value else ZERO

    @staticmethod
    def size(name: str) -> Whole:
        """One size."""
        return Whole((((name,), 1),))

    @property
    def constant(self) -> int | None:
        """Its value where no size is in it, else None."""
        if not self.terms:
            return 0
        (monomial, value), *others = self.terms
        return value if monomial == ONE and not others else None

    def __add__(self, other: Whole) -> Whole:
        collected = dict(self.terms)
        for monomial, coefficient in other.terms:
            collected[monomial] = collected.get(monomial, 0) + coefficient
        return Whole.of(collected)

    def __neg__(self) -> Whole:
        return Whole(tuple((monomial, -coefficient) for monomial, coefficient in self.terms))

    def __sub__(self, other: Whole) -> Whole:
        return self if not other.terms else self + -other

    def __mul__(self, other: Whole) -> Whole:
        collected: dict[Monomial, int] = {}
        for first, a in self.terms:
            for second, b in other.terms:
                monomial = tuple(sorted(first + second))
                collected[monomial] = collected.get(monomial, 0) + a * b
        return Whole.of(collected)

    def __str__(self) -> str:
        text = ""
        for monomial, coefficient in reversed(self.terms):
            factors = [str(abs(coefficient))] if abs(coefficient) != 1 or not monomial else []
            sign = ("- " if coefficient < 0 else "+ ") if text else "-" if coefficient < 0 else ""
            text += f"{' ' if text else ''}{sign}{'*'.join([*factors, *monomial])}"
        return text or "0"


ZERO = Whole()


def surely_at_least(number: Whole, bound: int, least: Least) -> bool:
    """Whether ``number >= bound`` at all sizes that are not below their ``least`` values."""
    return never_below(dict((number - Whole.number(bound)).terms), least) is not None


def never_below(polynomial: Polynomial, least: Least) -> Fraction | int | None:
    """A value not below zero that the polynomial never falls below; None where none is known."""
    shifted: dict[Monomial, Fraction | int] = {ONE: 0}
    for monomial, coefficient in polynomial.items():
        product: dict[Monomial, Fraction | int] = {ONE: coefficient}
        for size in monomial:
            if size not in least:
                return None
            product = _times(product, size, least[size])
        for key, value in product.items():
            shifted[key] = shifted.get(key, 0) + value
    return shifted[ONE] if all(value >= 0 for value in shifted.values()) else None


def _times(
    product: dict[Monomial, Fraction | int], size: str, least: int
) -> dict[Monomial, Fraction | int]:
    """The product with ``least + excess``, the excess over the least value under its name."""
    result: dict[Monomial, Fraction | int] = {}
    for monomial, value in product.items():
        result[monomial] = result.get(monomial, 0) + value * least
        raised = tuple(sorted((*monomial, size)))
        result[raised] = result.get(raised, 0) + value
    return result
