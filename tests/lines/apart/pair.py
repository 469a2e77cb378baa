"""Numbers with their derivatives, exactly: sums and products of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Pair:
    """A number, and how fast it changes."""

    value: Fraction
    slope: Fraction = Fraction(0)

    def __add__(self, other: Pair) -> Pair:
        return Pair(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Pair) -> Pair:
        slope = self.slope * other.value + self.value * other.slope
        return Pair(self.value * other.value, slope)
