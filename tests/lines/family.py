"""A family of lines: what is declared, what is claimed there, and how it may be rewritten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from tests.lines.context import Context, Unfit
from tests.lines.tree import ZERO, Comparison, Item, Term


@dataclass(frozen=True)
class Equality:
    """Two terms that are equal by a rule, under the conditions; ``kind`` names the rule."""

    kind: str
    left: Term
    right: Term
    conditions: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class Family:
    """An entry of the catalogue.

    ``setting`` draws what stands before the line, ``equality`` an equality under it; ``rules``
    name the rewritings that may be made on both sides of it, ``slips`` those made most often.
    ``undeclared`` is the setting without what the equalities need, which makes them false.
    """

    name: str
    setting: Callable[[Random], tuple[Item, ...]]
    equality: Callable[[Random, Context], Equality]
    rules: tuple[str, ...]
    slips: tuple[str, ...]
    undeclared: Callable[[tuple[Item, ...]], tuple[Item, ...]] | None = None


Way = Callable[[Random, Context], Equality]
TRIES = 30


def first_fitting(
    ways: Sequence[Way], otherwise: Way, random: Random, context: Context
) -> Equality:
    """An equality made in one of these ways, which a setting may not be fit for."""
    for _ in range(TRIES):
        try:
            return random.choice(ways)(random, context)
        except Unfit:
            continue
    return otherwise(random, context)


def of_two_sides(way: Way) -> Way:
    """The same way, unfit where both sides come out as one and no value is asked for."""

    def made(random: Random, context: Context) -> Equality:
        found = way(random, context)
        if found.left == found.right and found.kind != "value":
            raise Unfit
        return found

    return made


def nothing(random: Random, context: Context) -> Equality:
    """Zero is zero."""
    return Equality("identity", ZERO, ZERO)


def some(random: Random, letters: str, least: int, most: int) -> list[str]:
    """A few of these names, in their order."""
    names = letters.split()
    chosen = set(random.sample(names, random.randint(least, min(most, len(names)))))
    return [name for name in names if name in chosen]
