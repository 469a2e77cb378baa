"""What kind of mistake it is: what most wrong inputs look like, and what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from derivations.implementation.finding import Kind
from derivations.implementation.patterns import Look

MOST = 0.6  # the share of wrong inputs that have to look alike
CHANCE = 0.01  # that inputs taken at random would all have a trait


@dataclass(frozen=True)
class Reason:
    """What all wrong inputs have in common: the trait, what it means, and in words."""

    trait: str = ""
    kind: Kind = Kind.VALUE
    words: str = ""


def reason(wrong: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Reason:
    """The rarest trait that all wrong inputs have, unless that may well be chance."""
    every = [*wrong, *right]
    shared = frozenset.intersection(*wrong)
    counts = sorted((sum(trait in each for each in every), trait) for trait in shared)
    for count, trait in counts:
        if (count / len(every)) ** len(wrong) <= CHANCE:
            return _meaning(trait)
    return Reason()


def _meaning(trait: str) -> Reason:
    if trait.startswith("repeats "):
        listed = trait.removeprefix("repeats ").replace(" with ", " and ")
        have = "have" if " and " in listed else "has"
        return Reason(trait, Kind.DUPLICATE, f"only where {listed} {have} a word twice")
    if " in " in trait:
        word, listed = trait.split(" in ")
        return Reason(trait, Kind.SHARED, f"only where {word} is also in {listed}")
    if trait == "saturated":
        return Reason(trait, Kind.SATURATED, "only at large scores")
    if " = " in trait:
        return Reason(trait, Kind.EDGE, f"only at {trait}")
    return Reason()


def common(found: Sequence[Sequence[Look]]) -> Look:
    """What most inputs look like; VALUE where they do not agree."""
    votes = Counter(look for each in found for look in each)
    look, count = max(votes.items(), key=lambda vote: vote[1], default=((Kind.VALUE, ""), 0))
    return look if count >= MOST * len(found) else (Kind.VALUE, "")
