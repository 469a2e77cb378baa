"""A point: sizes, words and indices, and a seed for all numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from random import Random

from sympy import Symbol

from derivations.indices import Index
from derivations.proof.evaluate import Instance

Place = tuple[str, tuple[int, ...]]
NUMERATORS = [n for n in range(-9, 10) if n]


class Entries(dict[Place, int]):
    """The entries of lists of words; what was not chosen is whatever the seed says."""

    def __init__(self, chosen: dict[Place, int], seed: int, elsewhere: dict[str, range]) -> None:
        super().__init__(chosen)
        self.seed, self.elsewhere = seed, elsewhere

    def get(self, key: Place, default: object = None) -> int:
        if key not in self:
            return Random(f"{self.seed} {key}").choice(self.elsewhere[key[0]])
        return self[key]


@dataclass(frozen=True)
class Point:
    """``words`` are entries of lists; the others are anything in ``elsewhere``, list by list.

    ``zero`` makes scalars zero; ``kink`` is the row by which arbitrary functions have no
    derivative, counted from 0. ``positive`` are the names of the numbers that are above zero, and
    ``negative`` is the one of them that is below.
    """

    seed: int
    sizes: dict[Symbol, int]
    indices: dict[Index, int]
    words: dict[Place, int]
    elsewhere: dict[str, range] = field(default_factory=dict)
    zero: bool = False
    kink: int | None = None
    positive: frozenset[str] = frozenset()
    negative: str = ""

    @property
    def instance(self) -> Instance:
        """The same for the evaluator."""
        return Instance(
            {symbol.name: size for symbol, size in self.sizes.items()},
            Entries(self.words, self.seed, self.elsewhere),
            {index.name: place for index, place in self.indices.items()},
        )

    def number(self, name: str, places: tuple[int, ...]) -> Fraction:
        """A scalar, or an entry of a family of numbers."""
        if self.zero and not places:
            return Fraction(0)
        found = _number(self.seed, name, places)
        if name not in self.positive:
            return found
        return -abs(found) if name == self.negative else abs(found)

    def word(self, name: str, places: tuple[int, ...]) -> int:
        """An entry of a list."""
        return self.instance.words.get((name, places))  # type: ignore[return-value]

    def with_size(self, symbol: Symbol, size: int) -> Point:
        return replace(self, sizes={**self.sizes, symbol: size})

    def with_index(self, index: Index, place: int) -> Point:
        return replace(self, indices={**self.indices, index: place})

    def with_word(self, place: Place, word: int) -> Point:
        return replace(self, words={**self.words, place: word})

    def __str__(self) -> str:
        words = {f"{name}{list(places)}": word for (name, places), word in self.words.items()}
        more = {"zero": self.zero or None, "kink": self.kink, "negative": self.negative or None}
        parts = {**self.sizes, **self.indices, **words, **more, "seed": self.seed}
        return ", ".join(f"{name}={v}" for name, v in parts.items() if v is not None)


@lru_cache(maxsize=100_000)
def _number(seed: int, name: str, places: tuple[int, ...]) -> Fraction:
    return Fraction(Random(f"{seed} {name} {places}").choice(NUMERATORS), 8)
