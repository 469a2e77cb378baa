"""Whether a mutant that is called proved is true, without any of the proofs.

Both sides are evaluated directly, derivatives by rule, at sizes and words that the proofs did not
look at: first in certified intervals at random numbers, at many points, since two sides may differ
only where some words coincide and others do not; words are drawn from few. Then, at a few of these
points, exactly and for all numbers at once, in the field in which being zero is decidable.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from derivations.claim import Claim
from derivations.language.direct import Direct
from derivations.language.tree import Term
from derivations.proof.field import Branch, Field, TooManyVariables
from derivations.proof.fragment import OutsideFragment
from derivations.reader.scope import Scope
from derivations.repair.search import Point, Sizes, apart, points

LARGE = Sizes(labels=(4, 6), windows=(2, 3), others=(3, 4), few=True)
ENOUGH, MOST = 16, 60
EXACT = 3
VARIABLES = 200
SEED = 20_000


@dataclass
class Seen:
    """At how many points both sides agree, with real values, and at how many one has none.

    ``exact`` is at how many of them they are equal for all numbers.
    """

    agreed: int = 0
    without: int = 0
    exact: int = 0
    differ: bool = False

    @property
    def true(self) -> bool:
        """Whether the sides agree, also exactly, and have real values more often than not."""
        return not self.differ and self.agreed > self.without and self.exact > 0


def seen(claim: Claim, scope: Scope) -> Seen:
    """What a few random points show of a claim."""
    result = Seen()
    if claim.misfit is not None:
        return Seen(differ=True)
    left, right = claim.terms
    for point in islice(points(scope, claim.conditions, LARGE, SEED), MOST):
        if _agree(point, left, right, result) and result.exact < EXACT:
            _decide(point, left, right, result)
        if result.differ or result.agreed == ENOUGH:
            break
    return result


def _agree(point: Point, left: Term, right: Term, result: Seen) -> bool:
    try:
        one, other = point.values(left), point.values(right)
    except OutsideFragment:
        return False
    if one is None or other is None or not all(value.is_finite() for value in (*one, *other)):
        result.without += 1
    elif len(one) != len(other) or apart(one, other):
        result.differ = True
    else:
        result.agreed += 1
        return True
    return False


def _decide(point: Point, left: Term, right: Term, result: Seen) -> None:
    exact = Field(VARIABLES)
    direct = Direct(point.instance, exact)
    try:
        for one, other in zip(direct.value(left), direct.value(right), strict=True):
            if not all(map(exact.equal, one, other)):
                result.differ = True
                return
    except (OutsideFragment, TooManyVariables, Branch):
        return
    result.exact += 1
