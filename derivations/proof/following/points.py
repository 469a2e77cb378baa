"""Terms of several equalities at one small instance, in numbers."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from random import Random

from flint import arb

from derivations.claim import Claim, Condition
from derivations.data_conditions import Assumed, AtLeast, data_assumed
from derivations.language.direct import Direct
from derivations.language.tree import InnerProduct, Number, Plus, Term, Times
from derivations.proof.merge import merged
from derivations.proof.numbered import least_sizes
from derivations.proof.places import Instance, Places
from derivations.proof.selection import SELECTIONS, selected
from derivations.proof.size_signature import shape_of
from derivations.proof.witness import Balls

MOST_INSTANCES = 60


@dataclass(frozen=True)
class Points:
    """The small instances of some terms under conditions, with what is assumed of data there."""

    terms: Sequence[Term]
    conditions: tuple[Condition, ...]

    def instances(self) -> Iterator[tuple[Instance, Assumed]]:
        """At most so many instances, small ones first; raises OutsideFragment."""
        squares = tuple(
            InnerProduct(each, each) if each.shape else Times(each, each) for each in self.terms
        )
        zero = Number(Fraction(0))
        whole = Claim("points", "", "", "", Plus(squares), zero, self.conditions)
        claim, put = merged(whole)
        shape = shape_of(claim, put)
        least = least_sizes(*self.terms)
        for each in self.conditions:
            if isinstance(each, AtLeast):
                least[each.of.name] = max(least.get(each.of.name, 0), int(each.value))
        found = selected(shape, SELECTIONS["default"], least)
        for instance in islice(found, MOST_INSTANCES):
            yield instance, _assumed(self.conditions, instance)


def _assumed(conditions: tuple[Condition, ...], instance: Instance) -> Assumed:
    places = Places(instance)
    return data_assumed(conditions, lambda space: places.members(space.lower, space.upper, {}))


def entries(term: Term, instance: Instance, balls: Balls) -> list[arb]:
    """All entries of a term, in their order."""
    return [each for row in Direct(instance, balls).value(term) for each in row]


class Scattered(Balls):
    """Parameters that are any numbers between 0 and ``most``, the same ones for one seed."""

    def __init__(self, seed: int, most: int, assumed: Assumed) -> None:
        super().__init__({}, assumed)
        self.random, self.most = Random(seed), most

    def otherwise(self) -> Fraction:
        return Fraction(self.random.randint(1, 60), 61) * self.most


class Rooted(Balls):
    """Parameters of which some are values that are known within bounds alone."""

    def __init__(
        self, given: Mapping[Hashable, Fraction], roots: Mapping[Hashable, arb], assumed: Assumed
    ) -> None:
        super().__init__(given, assumed)
        self.roots = roots
        self.asked: set[Hashable] = set()

    def parameter(self, key: Hashable) -> arb:
        key = self.assumed.coordinate(key)
        self.asked.add(key)
        found = self.roots.get(key)
        return super().parameter(key) if found is None else found
