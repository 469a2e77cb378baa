"""What kind of mistake it is: a cause is named where its signature is met, and no rival's is.

A trait explains if all wrong inputs have it, hardly any right one that could show the mistake has
it, and no other trait with another meaning does as well. A look, what the numbers are like,
explains if nearly all wrong inputs look so, and no other look does as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from derivations.implementation.finding import Kind
from derivations.implementation.patterns import Look

MOST = 0.85  # the share of wrong inputs that have to look alike
PRECISE = 0.6  # the share of inputs with a trait that have to be wrong
CHANCE = 0.01  # that inputs taken at random would all have a trait
NAMED_SIZES = 6


@dataclass(frozen=True)
class Reason:
    """What all wrong inputs have in common: the trait, what it means, and in words."""

    trait: str = ""
    kind: Kind = Kind.VALUE
    words: str = ""


def reason(wrong: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Reason:
    """The trait that tells wrong inputs from right ones, if there is one and only one."""
    total = len(wrong) + len(right)
    found: list[tuple[float, int, str]] = []
    for trait in frozenset.intersection(*wrong):
        count = len(wrong) + sum(trait in each for each in right)
        meant = _meaning(trait).kind is not Kind.VALUE
        if meant and (count / total) ** len(wrong) <= CHANCE and len(wrong) / count >= PRECISE:
            found.append((-len(wrong) / count, count, trait))
    if not found:
        return _least(wrong, right)
    found.sort()
    best = _meaning(found[0][2])
    rivals = [_meaning(trait) for share, _, trait in found[1:] if share == found[0][0]]
    if any(rival.kind is not best.kind for rival in rivals):
        return Reason()
    return best


def _least(wrong: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> Reason:
    """Each wrong input has an axis that is empty or single, and hardly any right one does."""

    def small(each: frozenset[str]) -> bool:
        return any(trait.endswith((" = 0", " = 1")) for trait in each)

    alike = sum(map(small, right))
    if len(wrong) > 1 and all(map(small, wrong)) and len(wrong) >= PRECISE * (len(wrong) + alike):
        return Reason("", Kind.EDGE, "only where an axis is empty or single")
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
    if " is " in trait or trait.startswith("all arrays are"):
        return Reason(trait, Kind.SPECIAL, f"only where {trait}")
    if " = " in trait:
        return Reason(trait, Kind.EDGE, f"only at {trait}")
    return Reason()


def by_size(wrong: Sequence[dict[str, int]], right: Sequence[dict[str, int]]) -> Reason:
    """One size that tells wrong inputs from right ones, past the small ones."""
    found = []
    for name in wrong[0]:
        bad, good = {sizes[name] for sizes in wrong}, {sizes[name] for sizes in right}
        if not good or bad & good or min(bad) < max(2, min(good)):
            continue
        if min(bad) > max(good):
            words = f"only from {name} = {min(bad)} on (right up to {max(good)})"
        elif len(bad) <= NAMED_SIZES:
            words = f"only at {name} = {', '.join(map(str, sorted(bad)))}"
        else:
            shown = ", ".join(map(str, sorted(bad)[:NAMED_SIZES]))
            words = f"only at {name} = {shown}, ..."
        found.append(Reason("", Kind.SIZE, words))
    return found[0] if len(found) == 1 else Reason()


def threshold(wrong: Sequence[float], right: Sequence[float]) -> Reason:
    """The largest score tells wrong inputs from right ones, wherever it comes from."""
    known = [score for score in right if score > 0]
    if len(wrong) < 2 or len(known) < 2:
        return Reason()
    least = min(wrong)
    below = [score for score in known if score < least]
    above = [score for score in known if score >= least]
    if len(below) < 2 or len(above) > 0.25 * len(wrong) or least < 1:
        return Reason()
    words = f"right up to scores of {max(below):.3g}, wrong from {least:.3g} on"
    return Reason("", Kind.THRESHOLD, words)


def common(found: Sequence[Sequence[Look]]) -> Look:
    """What nearly all inputs look like; VALUE where they do not agree, or on two things."""
    votes = Counter(look for each in found for look in set(each)).most_common(2)
    if not votes or votes[0][1] < MOST * len(found):
        return Kind.VALUE, ""
    if len(votes) > 1 and votes[1][1] == votes[0][1] and votes[1][0][0] is not votes[0][0][0]:
        return Kind.VALUE, ""
    return votes[0][0]
