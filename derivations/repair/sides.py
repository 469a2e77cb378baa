"""Sides read once, with their values at random points."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from flint import arb

from derivations.claim import Claim, Condition
from derivations.proof.fragment import OutsideFragment
from derivations.reader.array import Array, same_shape
from derivations.reader.equality import Equality, meaning
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.repair.draw import Sizes
from derivations.repair.point import Point, apart, points

# the smallest sizes at which words can differ, then some at which most things do
TINY = Sizes(labels=(2, 2), windows=(1, 1), others=(1, 1))
SMALL = Sizes(labels=(3, 3), windows=(1, 1), others=(2, 2))
MOST_DRAWN = 8


class Sides:
    """Reads candidates and compares their values; remembers both."""

    def __init__(self, equality: Equality) -> None:
        self.equality = equality
        self._read: dict[Node, tuple[Array, tuple[Condition, ...]] | None] = {}
        self._points: dict[tuple[Condition, ...], tuple[Point, ...]] = {}
        self._values: dict[tuple[Array, int, tuple[Condition, ...]], list[arb] | None] = {}

    def fits(self, node: Node) -> tuple[Array, tuple[Condition, ...]] | None:
        """One side with the conditions it is claimed under; None where it has no meaning."""
        if node not in self._read:
            self._read[node] = self._fits(node)
        return self._read[node]

    def _fits(self, node: Node) -> tuple[Array, tuple[Condition, ...]] | None:
        try:
            said = meaning(node, self.equality.scope)
        except Unreadable:
            return None
        conditions = (*self.equality.assumed, *said.conditions)
        return (said.value, conditions) if isinstance(said.value, Array) else None

    def may_be_equal(self, left: Node, right: Node) -> bool:
        """Whether both sides have a meaning, of one shape, and no random point tells them apart."""
        one, other = self.fits(left), self.fits(right)
        if one is None or other is None:
            return False
        shapes = same_shape(one[0], other[0]) or not (one[0].entry and other[0].entry)
        conditions = tuple(dict.fromkeys((*one[1], *other[1])))
        return shapes and not any(
            self._told_apart(one[0], other[0], n, conditions) for n in range(2)
        )

    def vanishes(self, side: Node, claim: Claim) -> bool:
        """Whether a side is zero as far as random points can tell."""
        found = self.fits(side)
        try:
            values = self._at(found[0], 1, claim.conditions) if found else None
        except OutsideFragment:
            return False
        return values is not None and all(value.contains(0) for value in values)

    def _told_apart(
        self, left: Array, right: Array, number: int, conditions: tuple[Condition, ...]
    ) -> bool:
        """Whether the sides differ at a point, or one of them has no value there."""
        try:
            one, other = (self._at(side, number, conditions) for side in (left, right))
        except OutsideFragment:
            return False
        if one is None or other is None:
            return number < len(self._points[conditions])
        most = max(len(one), len(other))  # a literal zero fits every shape
        return apart(one * (most // len(one)), other * (most // len(other)))

    def _at(self, side: Array, number: int, conditions: tuple[Condition, ...]) -> list[arb] | None:
        if conditions not in self._points:
            self._points[conditions] = tuple(self._drawn(conditions))
        known = self._points[conditions]
        key = (side, number, conditions)
        if key not in self._values:
            self._values[key] = known[number].values(side) if number < len(known) else None
        return self._values[key]

    def _drawn(self, conditions: tuple[Condition, ...]) -> Iterator[Point]:
        """One point of each size, at which the side that is printed on the left has a value."""
        printed = self.fits(self.equality.left) or self.fits(self.equality.right)
        for seed, sizes in enumerate((TINY, SMALL)):
            found = islice(points(self.equality.scope, conditions, sizes, seed), MOST_DRAWN)
            good = (point for point in found if printed is None or _has_value(point, printed[0]))
            yield from islice(good, 1)


def _has_value(point: Point, side: Array) -> bool:
    try:
        return point.values(side) is not None
    except OutsideFragment:
        return True
