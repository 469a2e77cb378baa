"""Screening by values at random points: two sides that are seen to differ are not equal.

A point is an instance (sizes, free letters and lists of labels that meet the conditions) and
numbers for all variables. Terms are evaluated there directly, in certified intervals: those that
do not meet belong to sides that are not equal; those that meet prove nothing.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from random import Random

from flint import arb, ctx

from derivations.claim import Condition
from derivations.indices import IndexSet
from derivations.language.direct import Direct
from derivations.language.tree import Size, Term
from derivations.proof.decide import Balls
from derivations.proof.domain import Key
from derivations.proof.evaluate import Instance, Places
from derivations.proof.fragment import NoValue, OutsideFragment
from derivations.proof.instances import meets
from derivations.reader.scope import Scope

BITS = 192
MOST_DRAWN = 2000
MOST_WITHOUT = 8  # points at which the printed side has no value

# Points ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sizes:
    """From where to where the sizes of sets of labels, of windows, and of other sets are drawn.

    With ``few`` the labels of a point are taken from few of those there are: many coincide.
    """

    labels: tuple[int, int]
    windows: tuple[int, int]
    others: tuple[int, int]
    few: bool = False

    def drawn(self, scope: Scope, rng: Random) -> dict[str, int]:
        """A value for every declared size."""
        spaces = scope.spaces()
        result = {}
        for size in (each.body for each in scope.things.values()):
            if isinstance(size, Size):
                ends = [space for space in spaces if str(space.upper) == size.name]
                labels = any(space.labels for space in ends)
                window = any(space.symmetric for space in ends)
                bounds = self.labels if labels else self.windows if window else self.others
                result[size.name] = rng.randint(*bounds)
        return result


# the smallest sizes at which labels can differ, then some at which most things do; few sides get
# as far as the others, at which some labels coincide and some do not
SIZES = (
    Sizes(labels=(2, 2), windows=(1, 1), others=(1, 1)),
    Sizes(labels=(3, 3), windows=(1, 1), others=(2, 2)),
    *[Sizes(labels=(3, 4), windows=(1, 2), others=(2, 3), few=True)] * 6,
)


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
    def _direct(self) -> Direct[arb]:
        return Direct(self.instance, Drawn(self.seed))

    def values(self, side: Term) -> list[arb] | None:
        """All entries of a side, row by row; None where one has no real value here.

        Raises OutsideFragment for what has no values in numbers.
        """
        with ctx.workprec(BITS):
            try:
                return [entry for row in self._direct.value(side) for entry in row]
            except (NoValue, ZeroDivisionError):
                return None


def points(
    scope: Scope, conditions: tuple[Condition, ...], sizes: Sizes, seed: int
) -> Iterator[Point]:
    """Points that meet the conditions; none where such are too rare."""
    rng = Random(seed)
    number = 0
    for _ in range(MOST_DRAWN):
        instance = _drawn(scope, sizes, rng)
        if all(_meets(condition, instance) for condition in conditions):
            yield Point(instance, seed + number)
            number += 1


def _drawn(scope: Scope, sizes: Sizes, rng: Random) -> Instance:
    numbers = sizes.drawn(scope, rng)
    reader = Places(Instance(numbers, {}, {}))
    pools: dict[IndexSet, tuple[int, ...]] = {}

    def members(space: IndexSet) -> tuple[int, ...]:
        if space not in pools:
            found = reader.members(space.lower, space.upper, {})
            few = sizes.few and space.labels and len(found) > 1
            pools[space] = tuple(rng.sample(found, rng.randint(1, len(found)))) if few else found
        return pools[space]

    words: dict[Key, int] = {}
    free = (letter for letter in scope.letters.values() if members(letter.space))
    letters = {letter.name: rng.choice(members(letter.space)) for letter in free}
    for listed in (each for lists in scope.lists.values() for each in lists):
        for place in members(listed.places):
            words[listed.name, (place,)] = rng.choice(members(listed.values))
    return Instance(numbers, words, letters)


def _meets(condition: Condition, instance: Instance) -> bool:
    """Whether a condition holds; one about labels that were not drawn does not."""
    try:
        return meets(condition, instance)
    except OutsideFragment:
        return False


def apart(left: Iterable[arb], right: Iterable[arb]) -> bool:
    """Whether two sides are certain to differ."""
    pairs = zip(left, right, strict=True)
    return any(x.is_finite() and y.is_finite() and not x.overlaps(y) for x, y in pairs)


# Sides ----------------------------------------------------------------------------------------


class Screen:
    """Compares sides under the conditions of a line at a few points, smaller ones first.

    ``printed`` is a side that has to have a value there. Values are remembered.
    """

    def __init__(
        self, scope: Scope, conditions: tuple[Condition, ...], printed: Term | None
    ) -> None:
        found = enumerate(SIZES)
        drawn = (points(scope, conditions, sizes, 100 * seed) for seed, sizes in found)
        self.points = [point for each in drawn for point in _with_value(each, printed)]
        self.known: dict[tuple[Term, int], list[arb] | None] = {}

    def may_be_equal(self, left: Term, right: Term) -> bool:
        """Whether no point tells two sides of one shape apart, and both have values at all."""
        return not any(self._told_apart(left, right, n) for n in range(len(self.points)))

    def vanishes(self, side: Term) -> bool:
        """Whether a side is zero as far as the points can tell."""
        try:
            values = [self._at(side, number) for number in range(len(self.points))]
        except OutsideFragment:
            return False
        zero = (each is not None and all(entry.contains(0) for entry in each) for each in values)
        return bool(values) and all(zero)

    def _told_apart(self, left: Term, right: Term, number: int) -> bool:
        try:
            one, other = self._at(left, number), self._at(right, number)
        except OutsideFragment:
            return False
        return one is None or other is None or apart(one, other)

    def _at(self, side: Term, number: int) -> list[arb] | None:
        key = (side, number)
        if key not in self.known:
            self.known[key] = self.points[number].values(side)
        return self.known[key]


def _with_value(found: Iterator[Point], side: Term | None) -> Iterator[Point]:
    """The first of a few points at which a side has a value."""
    tried = islice(found, MOST_WITHOUT)
    return islice((point for point in tried if side is None or _has_value(point, side)), 1)


def _has_value(point: Point, side: Term) -> bool:
    try:
        return point.values(side) is not None
    except OutsideFragment:
        return True
