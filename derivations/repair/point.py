"""Random points: sizes, words and numbers at which two sides that differ are seen to differ.

Values are certified intervals: those that do not meet belong to sides that are not equal. Those
that meet prove nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from random import Random

from flint import arb, ctx

from derivations.claim import Condition
from derivations.indices import Index
from derivations.proof.evaluate import Interpreter
from derivations.proof.fragment import NoValue
from derivations.proof.places import Instance, Places
from derivations.proof.witness import Balls
from derivations.reader.array import Array
from derivations.reader.meaning import Scope
from derivations.repair.draw import Sizes, instances

BITS = 192


class Drawn(Balls):
    """Intervals around numbers that depend on a seed and on what they are the values of."""

    def __init__(self, seed: int) -> None:
        super().__init__({})
        self.seed = seed

    def parameter(self, key: Hashable) -> arb:
        if key not in self.values:
            rng = Random(f"{self.seed} {key}")
            self.values[key] = Fraction(rng.choice([n for n in range(-9, 10) if n]), 8)
        return self.constant(self.values[key])

    def log(self, value: arb) -> arb:
        if not value > 0:
            raise NoValue("the logarithm of a number that is not positive")
        return super().log(value)


@dataclass(frozen=True)
class Point:
    """An instance and a seed of numbers."""

    instance: Instance
    seed: int

    @cached_property
    def _interpreter(self) -> Interpreter[arb]:
        return Interpreter(self.instance, Drawn(self.seed))

    def values(self, side: Array) -> list[arb] | None:
        """All entries of a side; None where one has no real value here.

        Raises OutsideFragment for what has no values in numbers, such as branches by sign.
        """
        with ctx.workprec(BITS):
            try:
                return [self._interpreter.value(side.entry, at) for at in self.placements(side)]
            except (NoValue, ZeroDivisionError):
                return None

    def placements(self, side: Array) -> list[dict[Index, int]]:
        """What the indices of a side are, entry by entry."""
        places = [self._members(axis) for axis in side.indices]
        return [dict(zip(side.indices, at, strict=True)) for at in product(*places)]

    def _members(self, axis: Index) -> tuple[int, ...]:
        return Places(self.instance).members(axis.space.lower, axis.space.upper, {})


def apart(left: Iterable[arb], right: Iterable[arb]) -> bool:
    """Whether two sides are certain to differ."""
    pairs = zip(left, right, strict=True)
    return any(x.is_finite() and y.is_finite() and not x.overlaps(y) for x, y in pairs)


def points(
    scope: Scope, conditions: tuple[Condition, ...], sizes: Sizes, seed: int
) -> Iterator[Point]:
    """Points that meet the conditions; none where such are too rare."""
    for number, instance in enumerate(instances(scope, conditions, sizes, Random(seed))):
        yield Point(instance, seed + number)
