"""A small instance: sizes, words and rational values, drawn so that the conditions hold."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random

from flint import arb, fmpq
from sympy import Expr, S

from derivations.claim import Condition, Distinct, NotAmong, Unequal
from derivations.indices import Index
from tests.proof.fuzz.oracle import Undefined, place
from tests.proof.fuzz.vocabulary import LISTS, POOL

ATTEMPTS = 12
Slot = tuple[int, tuple[int, ...]]
Entries = Sequence[Mapping[tuple[int, ...], arb]]
PRIMES = (1, 2, 3, 5, 7)


@dataclass
class Instance:
    """``free`` has the free indices, ``words`` the entries of the lists, ``values`` the rest.

    Values are drawn when first asked for, so that every expression sees the same ones.
    """

    sizes: dict[str, int]
    free: dict[Index, int]
    words: dict[tuple[str, tuple[int, ...]], int]
    rng: Random
    values: dict[Hashable, arb] = field(default_factory=dict)

    def value(self, key: Hashable) -> arb:
        """The value of a parameter or of an arbitrary function."""
        if key not in self.values:
            below = self.rng.choice(PRIMES)
            above = self.rng.choice((-1, 1)) * self.rng.randint(1, 2 * below)
            self.values[key] = arb(fmpq(above, below))
        return self.values[key]

    def function(self, name: str, labels: Hashable, entries: Entries, by: Sequence[Slot]) -> arb:
        """The value of an arbitrary function, or of its derivative ``by`` some entries.

        For each choice of labels it is a sum of two exponentials of the entries.
        """
        result = arb(0)
        for part in range(2):
            factors = {
                (place, at): self.value((name, labels, part, place, at)) / 8
                for place, known in enumerate(entries)
                for at in known
            }
            term = self.value((name, labels, part))
            for slot in by:
                if slot not in factors:
                    raise Undefined(f"{name} has no entry {slot}")
                term *= factors[slot]
            exponent = sum((factors[slot] * entries[slot[0]][slot[1]] for slot in factors), arb(0))
            result += term * exponent.exp()
        return result

    def meets(self, condition: Condition) -> bool:
        """Whether the words are as a condition says."""
        match condition:
            case Unequal(left, right):
                return place(left, {}, self) != place(right, {}, self)
            case Distinct(listed):
                drawn = self._drawn(listed.name)
                return len(drawn) == len(set(drawn))
            case NotAmong(word, listed):
                return place(word, {}, self) not in self._drawn(listed.name)

    def _drawn(self, name: str) -> list[int]:
        return [word for (listed, _), word in self.words.items() if listed == name]


def random_instance(
    rng: Random, conditions: Sequence[Condition], about: Expr = S.Zero
) -> Instance | None:
    """An instance that meets the conditions; None if none was found in a few attempts.

    A free index of ``about`` is a member of its index set, which is therefore not empty.
    """
    names = {symbol for symbol in about.free_symbols if isinstance(symbol, Index)}
    for _ in range(ATTEMPTS):
        instance = _any_instance(rng)
        try:
            if names <= instance.free.keys() and all(map(instance.meets, conditions)):
                return instance
        except Undefined:
            continue
    return None


def _any_instance(rng: Random) -> Instance:
    sizes = {
        "N": rng.choice((1, 1, 2, 2, 3, 3, 4)),
        "d": rng.choice((1, 2, 2)),
        "K": rng.choice((0, 1, 1, 2, 2, 3)),
        "m": rng.choice((0, 1, 1)),
    }
    members = {space: _members(space.lower, space.upper, sizes) for space in POOL}
    free = {
        index: rng.choice(members[space])
        for space, indices in POOL.items()
        for index in indices
        if members[space]
    }
    words = {
        (listed.name, places): rng.choice(members[listed.space])
        for listed, spaces in LISTS.items()
        for places in product(*(members[space] for space in spaces))
    }
    return Instance(sizes, free, words, rng)


def _members(lower: object, upper: object, sizes: dict[str, int]) -> range:
    empty = Instance(sizes, {}, {}, Random(0))
    return range(place(lower, {}, empty), place(upper, {}, empty) + 1)
