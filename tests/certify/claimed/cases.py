"""What a claim says at points and near them: found once, compared with any number of texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flint import arb, ctx

from derivations.claim import Claim
from tests.certify.claimed.admissible import is_admissible
from tests.certify.claimed.draw import near, points
from tests.certify.claimed.letters import Subject
from tests.certify.claimed.point import Point
from tests.certify.claimed.values import NoNumber, values

BITS = 256


@dataclass(frozen=True)
class Case:
    """A point, its neighbours and whether the claim says anything there, and the two sides.

    ``sides`` is None where one of them has no value.
    """

    point: Point
    near: tuple[tuple[Point, bool], ...]
    sides: tuple[arb, arb] | None


@lru_cache(maxsize=100)
def cases(claim: Claim, count: int) -> tuple[Subject, tuple[Case, ...]]:
    """The claim taken apart, and ``count`` points of it, more where these are scalars."""
    subject = Subject(claim)
    return subject, tuple(_case(subject, point) for point in points(subject, count))


@ctx.workprec(BITS)
def _case(subject: Subject, point: Point) -> Case:
    around = tuple((each, is_admissible(subject, each)) for each in near(subject, point))
    try:
        return Case(point, around, values(subject, point))
    except NoNumber:
        return Case(point, around, None)
