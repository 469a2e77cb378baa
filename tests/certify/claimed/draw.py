"""Points at which a claim says something, and points near them at which it mostly does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, islice
from random import Random

from sympy import Abs, Derivative, Max, Min, Piecewise

from tests.certify.claimed.admissible import above_zero, is_admissible, least, members
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Point

SCALARS_ONLY = 5
FEW_SIZES = 5  # with more of them, sums in sums get long
LARGEST = 3
MOST_DRAWN = 200


@dataclass(frozen=True)
class Kind:
    """How large sizes are, and which of so many points is taken: the one with the least ``of``."""

    low: int
    high: int
    among: int
    of: Callable[[Point], tuple[int, ...]]


class NoPoint(AssertionError):
    """A claim whose conditions no small point was found to meet."""


def points(subject: Subject, count: int) -> Iterator[Point]:
    """Points that meet all conditions, more where there are no sizes and they cost nothing.

    First one where sums have several terms and one where sizes differ, both with indices that
    differ, so that one taken for another shows; then one as small as the conditions let it be.
    """
    for seed in range(count if subject.sizes else count * SCALARS_ONLY):
        kind = KINDS[min(seed, len(KINDS) - 1)]
        found = list(islice(_admissible(subject, seed, kind), kind.among))
        if not found:
            raise NoPoint(f"{subject.claim.id}: no point meets the conditions")
        yield min(found, key=kind.of)


def _admissible(subject: Subject, seed: int, kind: Kind) -> Iterator[Point]:
    """Larger sizes only where there are no points of smaller ones."""
    rng = Random(f"{seed} {subject.claim.id}")
    found = 0
    most = LARGEST if len(subject.sizes) <= FEW_SIZES else 2
    for high in range(min(kind.high, most), LARGEST + 1):
        for _ in range(0 if found else MOST_DRAWN):
            point = _drawn(subject, seed, (kind.low, high), rng)
            if point is not None and is_admissible(subject, point):
                found += 1
                yield point


def _same_indices(point: Point) -> tuple[int, ...]:
    """How many indices are the same, and how many sizes."""
    return tuple(
        sum(a == b for a, b in combinations(kind.values(), 2))
        for kind in (point.indices, point.sizes)
    )


def _same_sizes(point: Point) -> tuple[int, ...]:
    return _same_indices(point)[::-1]


def _extent(point: Point) -> tuple[int, ...]:
    return (sum(point.sizes.values()),)


KINDS = (
    Kind(2, 3, 40, _same_indices),
    Kind(1, 3, 40, _same_sizes),
    Kind(0, 1, 5, _extent),
    Kind(2, 3, 20, _same_indices),
    Kind(0, 2, 1, _extent),
)


def near(subject: Subject, point: Point) -> Iterator[Point]:
    """The point with one size, index, word or function changed."""
    for size, value in point.sizes.items():
        for other in {least(size) - 1, least(size), value + 1} - {value}:
            yield point.with_size(size, other)
    for index, place in point.indices.items():
        for other in _around(members(index.space, point)):
            if other != place:
                yield point.with_index(index, other)
    for entry, of in subject.read(point).items():
        for other in _around(members(of, point)):
            if other != point.word(*entry):
                yield point.with_word(entry, other)
    for function in subject.functions:
        for row in range(len(function.rows)):
            yield replace(point, kink=row)
    for name in point.positive:
        yield replace(point, negative=name)


def _around(space: range) -> range:
    return range(space.start - 1, space.stop + 1)


def _drawn(subject: Subject, seed: int, ends: tuple[int, int], rng: Random) -> Point | None:
    """A point of admissible sizes, indices and words; None where an index has no member."""
    low, high = ends
    sizes = {s: rng.randint(max(low, least(s)), max(high, least(s))) for s in subject.sizes}
    positive = above_zero(subject)
    zero = _branches(subject) and seed % 3 == 1 and not positive
    point = Point(seed, sizes, {}, {}, zero=zero, positive=positive)
    for index in subject.indices:
        space = members(index.space, point)
        if not space:
            return None
        point = point.with_index(index, rng.choice(space))
    elsewhere = {}
    for words in subject.lists:
        space = members(words.space, point)
        tame = words.name in subject.placed_anywhere
        elsewhere[words.name] = space[:1] if tame and space else range(-2, LARGEST + 2)
    point = replace(point, elsewhere=elsewhere)
    for place, of in subject.read(point).items():
        if not members(of, point):
            return None
        point = point.with_word(place, rng.choice(members(of, point)))
    return point


def _branches(subject: Subject) -> bool:
    """Whether a side goes by the sign of a scalar, and none is differentiated."""
    whole = subject.mentioned
    return any(s.has(Abs, Min, Max, Piecewise) for s in whole) and not any(
        s.has(Derivative) for s in whole
    )
