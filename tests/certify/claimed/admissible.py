"""Which points a claim is about: sizes, ranges and conditions."""

from __future__ import annotations

from sympy import Symbol

from derivations.claim import Condition, Distinct, Equal, NotAmong, Unequal
from derivations.indices import IndexSet
from derivations.language.data_conditions import AtLeast, Positive
from derivations.proof.evaluate import Places
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Place, Point


def least(size: Symbol) -> int:
    """The smallest admissible value of a size."""
    assert size.is_nonnegative, f"{size} can be negative"
    return 1 if size.is_positive else 0


def members(space: IndexSet, point: Point) -> range:
    """The members of an index set."""
    reader = Places(point.instance)
    return range(reader.place(space.lower, {}), reader.place(space.upper, {}) + 1)


def above_zero(subject: Subject) -> frozenset[str]:
    """The names of the numbers that are above zero, of those that a claim mentions."""
    known = {base for base, _ in subject.families}.union(subject.scalars)
    conditions = subject.claim.conditions
    positive = (each for each in conditions if isinstance(each, Positive))
    return frozenset(each.of.name for each in positive if each.of in known)


def is_admissible(subject: Subject, point: Point) -> bool:
    """Whether the claim says anything at the point."""
    if point.kink is not None or point.negative:
        return False
    if any(value < least(size) for size, value in point.sizes.items()):
        return False
    if any(place not in members(index.space, point) for index, place in point.indices.items()):
        return False
    read = subject.read(point)
    if any(point.word(*place) not in members(space, point) for place, space in read.items()):
        return False
    return all(_holds(condition, read, point) for condition in subject.claim.conditions)


def _holds(condition: Condition, read: dict[Place, IndexSet], point: Point) -> bool:
    reader = Places(point.instance)
    match condition:
        case Equal(left, right):
            return bool(reader.place(left, {}) == reader.place(right, {}))
        case Unequal(left, right):
            return bool(reader.place(left, {}) != reader.place(right, {}))
        case NotAmong(word, words):
            return reader.place(word, {}) not in _entries(words.name, read, point)
        case Distinct(words):
            entries = _entries(words.name, read, point)
            return len(set(entries)) == len(entries)
        case Positive():
            return True  # a point has the names
        case AtLeast(size, value):
            return bool(point.sizes.get(size, int(value)) >= value)
    raise AssertionError(f"{condition} is not known here")


def _entries(name: str, read: dict[Place, IndexSet], point: Point) -> list[int]:
    return [point.word(*place) for place in read if place[0] == name]
