"""Differentiation by rule instead of by SymPy: the second route to every derivative.

A dual value carries a value and its derivative by one coordinate; sums, products, powers,
exponentials and logarithms follow the rules of calculus, exp(f)' = exp(f) f' above all. It is
a domain over any other domain, so that derivatives nest.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from derivations.proof.domain import Domain, Key


@dataclass(frozen=True, slots=True)
class Pair:
    """A value and its derivative."""

    value: Any
    slope: Any


class Dual:
    """The domain of pairs over ``base``, derivatives by the coordinate ``by``."""

    def __init__(self, base: Domain, by: Key) -> None:
        self.base, self.by = base, by
        self.zero = base.constant(0)

    def constant(self, value: Fraction | int) -> Pair:
        return Pair(self.base.constant(value), self.zero)

    def parameter(self, key: Hashable) -> Pair:
        slope = self.base.constant(1) if key == self.by else self.zero
        return Pair(self.base.parameter(key), slope)

    def arbitrary(self, name: str, indices: tuple[int, ...], rows: dict[str, int | None]) -> Pair:
        """An arbitrary function: its partial derivative is a function of its own."""
        value = self.base.arbitrary(name, indices, rows)
        matrix, place = self.by[0], self.by[1]
        if matrix not in rows:
            return Pair(value, self.zero)
        picked = rows[matrix]
        if picked is not None and indices[picked] != place[0]:
            return Pair(value, self.zero)
        rest = place if picked is None else place[1:]
        slope = self.base.arbitrary(f"∂{name}/∂{matrix}", (*indices, *rest), {})
        return Pair(value, slope)

    def add(self, left: Pair, right: Pair) -> Pair:
        return Pair(self.base.add(left.value, right.value), self._add(left.slope, right.slope))

    def _add(self, left: Any, right: Any) -> Any:
        """The sum; most slopes are the constant zero, which costs nothing."""
        if left is self.zero:
            return right
        return left if right is self.zero else self.base.add(left, right)

    def _scale(self, slope: Any, by: Any) -> Any:
        return slope if slope is self.zero else self.base.multiply(slope, by)

    def multiply(self, left: Pair, right: Pair) -> Pair:
        first = self._scale(left.slope, right.value)
        second = self._scale(right.slope, left.value)
        return Pair(self.base.multiply(left.value, right.value), self._add(first, second))

    def power(self, pair: Pair, exponent: int) -> Pair:
        base = self.base
        value = base.power(pair.value, exponent)
        if pair.slope is self.zero:
            return Pair(value, self.zero)
        outer = base.multiply(base.constant(exponent), base.power(pair.value, exponent - 1))
        return Pair(value, base.multiply(outer, pair.slope))

    def exp(self, pair: Pair) -> Pair:
        value = self.base.exp(pair.value)
        return Pair(value, self._scale(pair.slope, value))

    def log(self, pair: Pair) -> Pair:
        value = self.base.log(pair.value)
        if pair.slope is self.zero:
            return Pair(value, self.zero)
        return Pair(value, self.base.multiply(pair.slope, self.base.power(pair.value, -1)))
