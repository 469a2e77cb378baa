"""Points at which a claim says something, and points near them at which it mostly does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from sympy import Abs, Derivative, Max, Min, Piecewise

from tests.certify.claimed.admissible import is_admissible, least, members
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Point

LARGEST = 3
MOST_DRAWN = 3000


class NoPoint(AssertionError):
    """A claim whose conditions no small point was found to meet."""


def admissible(subject: Subject, seed: int) -> Point:
    """A point that meets all conditions; the first one is of no small size."""
    rng = Random(f"{seed} {subject.claim.id}")
    for _ in range(MOST_DRAWN):
        point = _drawn(subject, seed, rng)
        if point is not None and is_admissible(subject, point):
            return point
    raise NoPoint(f"{subject.claim.id}: no point meets the conditions")


def near(subject: Subject, point: Point) -> Iterator[Point]:
    """The point with one size, index, word or function changed."""
    for size, value in point.sizes.items():
        for other in {least(size) - 1, least(size), value + 1} - {value}:
            yield point.with_size(size, other)
    for index, place in point.indices.items():
        for other in _around(members(index.space, point)):
            if other != place:
                yield point.with_index(index, other)
    for place, space in subject.read(point).items():
        for other in _around(members(space, point)):
            if other != point.word(*place):
                yield point.with_word(place, other)
    for function in subject.functions:
        for row in range(len(function.rows)):
            yield replace(point, kink=row)


def _around(space: range) -> range:
    return range(space.start - 1, space.stop + 1)


def _drawn(subject: Subject, seed: int, rng: Random) -> Point | None:
    """A point of admissible sizes, indices and words; None where an index has no member."""
    low = 2 if seed == 0 else 0
    sizes = {s: rng.randint(max(low, least(s)), max(LARGEST - (not s.is_positive), 1)) for s in subject.sizes}
    point = Point(seed, sizes, {}, {}, zero=_branches(subject) and seed % 3 == 1)
    for index in subject.indices:
        space = members(index.space, point)
        if not space:
            return None
        point = point.with_index(index, rng.choice(space))
    elsewhere = {}
    for words in subject.lists:
        space = members(words.space, point)
        tame = words.name in subject.placed_anywhere
        elsewhere[words.name] = space if tame and space else range(-2, LARGEST + 2)
    point = replace(point, elsewhere=elsewhere)
    for place, space in subject.read(point).items():
        if not members(space, point):
            return None
        point = point.with_word(place, rng.choice(members(space, point)))
    return point


def _branches(subject: Subject) -> bool:
    """Whether a side goes by the sign of a scalar, and none is differentiated."""
    whole = subject.mentioned
    return any(s.has(Abs, Min, Max, Piecewise) for s in whole) and not any(
        s.has(Derivative) for s in whole
    )
