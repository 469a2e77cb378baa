"""Whether a mutant that is called proved is true, without any of the proofs.

Both sides are evaluated in certified intervals, derivatives by rule, at sizes, words and numbers
that the proofs did not look at. Two sides that differ do so at nearly all numbers, but perhaps
only where some words coincide and others do not: hence many points, with words from few.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from derivations.array import Array
from derivations.claim import Claim
from derivations.proof.fragment import OutsideFragment
from derivations.reader.meaning import Scope
from derivations.repair.draw import Sizes
from derivations.repair.point import Point, apart, points

LARGE = Sizes(labels=(4, 6), windows=(2, 3), others=(3, 4), few=True)
ENOUGH, MOST = 16, 60
SEED = 20_000


@dataclass
class Seen:
    """At how many points both sides agree, with real values, and at how many one has none."""

    agreed: int = 0
    without: int = 0
    differ: bool = False

    @property
    def true(self) -> bool:
        """Whether the sides agree, and have real values more often than not."""
        return not self.differ and self.agreed > self.without


def seen(claim: Claim, scope: Scope) -> Seen:
    """What a few random points show of a claim."""
    result = Seen()
    if not isinstance(claim.left, Array) or not isinstance(claim.right, Array):
        return Seen(differ=True)
    for point in islice(points(scope, claim.conditions, LARGE, SEED), MOST):
        _compare(point, claim.left, claim.right, result)
        if result.differ or result.agreed == ENOUGH:
            break
    return result


def _compare(point: Point, left: Array, right: Array, result: Seen) -> None:
    try:
        one, other = point.values(left), point.values(right)
    except OutsideFragment:
        return
    if one is None or other is None or not all(value.is_finite() for value in (*one, *other)):
        result.without += 1
    elif len(one) != len(other) or apart(one, other):
        result.differ = True
    else:
        result.agreed += 1
