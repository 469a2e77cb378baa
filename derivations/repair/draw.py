"""Instances drawn at random: sizes, free letters and lists of words that meet some conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from sympy import Symbol

from derivations.claim import Condition
from derivations.indices import Index, IndexSet
from derivations.proof.domain import Key
from derivations.proof.fragment import OutsideFragment
from derivations.proof.instances import meets
from derivations.proof.places import Instance, Places
from derivations.reader.array import Array
from derivations.reader.meaning import Scope

MOST_DRAWN = 2000


@dataclass(frozen=True)
class Sizes:
    """From where to where the sizes of sets of words, of windows, and of other sets are drawn.

    With ``few`` the words of a point are taken from few of those there are, so that many coincide.
    """

    labels: tuple[int, int]
    windows: tuple[int, int]
    others: tuple[int, int]
    few: bool = False

    def drawn(self, scope: Scope, rng: Random) -> dict[str, int]:
        """A value for every declared size."""
        spaces = scope.spaces()
        names = [each.body.entry for each in scope.things.values() if _is_size(each.body)]
        result = {}
        for name in names:
            labels = any(space.labels and space.upper == name for space in spaces)
            window = any(space.symmetric and space.upper == name for space in spaces)
            bounds = self.labels if labels else self.windows if window else self.others
            result[str(name)] = rng.randint(*bounds)
        return result


def instances(
    scope: Scope, conditions: tuple[Condition, ...], sizes: Sizes, rng: Random
) -> Iterator[Instance]:
    """Instances that meet the conditions, as many as are found in so many draws."""
    for _ in range(MOST_DRAWN):
        instance = _drawn(scope, sizes, rng)
        if all(_meets(condition, instance) for condition in conditions):
            yield instance


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
    indices = (index for index in scope.letters.values() if members(index.space))
    letters = {index.name: rng.choice(members(index.space)) for index in indices}
    for listed in (each for lists in scope.lists.values() for each in lists):
        for place in members(listed.places):
            words[listed.words.name, (place,)] = rng.choice(members(listed.words.space))
    return Instance(numbers, words, letters)


def _meets(condition: Condition, instance: Instance) -> bool:
    """Whether a condition holds; one about words that were not drawn does not."""
    try:
        return meets(condition, instance)
    except OutsideFragment:
        return False


def _is_size(body: Array) -> bool:
    entry = body.entry
    return isinstance(entry, Symbol) and entry.is_integer and not isinstance(entry, Index)
