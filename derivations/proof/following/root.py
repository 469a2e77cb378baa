"""Numbers at which a condition holds, and an equality that was claimed to follow does not.

Where the difference C of the sides of a condition, times numbers that are not zero, is an affine
function of an unknown (at the midpoint of any two places it is the mean of its values at these,
which is a claim of its own, to be proved for all sizes; a rational or continuous function of which
that is true is affine), at numbers for all else the condition is a system of linear equations for
the entries of the unknown that stand in it. Where that is square and its determinant is certainly
not zero, there is one solution, and it lies within bounds that are certain. If the two sides of
the equality differ for sure there, it does not follow from the condition.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from flint import arb, arb_mat, ctx

from derivations.claim import Condition, Witness
from derivations.data_conditions import Assumed
from derivations.language.tree import Term
from derivations.proof.following.points import Points, Rooted, entries
from derivations.proof.fragment import NoValue
from derivations.proof.places import Instance
from derivations.proof.witness import Balls, admissible, differ, spelled, witness_of

MOST_INSTANCES, MOST_POINTS = 12, 60
STARTS = (Fraction(1, 3), Fraction(7, 5))
PRINTED = 10**6


@dataclass(frozen=True)
class Asked:
    """What is asked: whether an equality holds wherever the others do, which determine unknowns.

    ``given`` are differences that are zero, ``cleared`` the same times numbers that are not zero,
    in which they are affine in the variables named ``unknown``.
    """

    left: Term
    right: Term
    given: tuple[Term, ...]
    cleared: tuple[Term, ...]
    unknown: frozenset[str]
    conditions: tuple[Condition, ...]


@ctx.workprec(128)
def counterexample(asked: Asked) -> tuple[Witness, int] | None:
    """Numbers at which the conditions hold and the equality does not, and how many places were
    looked at; raises OutsideFragment.
    """
    terms = (asked.left, asked.right, *asked.given, *asked.cleared)
    tried = 0
    for instance, assumed in islice(Points(terms, asked.conditions).instances(), MOST_INSTANCES):
        for given in _numbers(terms, instance, assumed):
            tried += 1
            try:
                found = _at(asked, instance, assumed, given)
            except (NoValue, ZeroDivisionError):
                continue
            if found is not None:
                return found, tried
    return None


def _numbers(
    terms: Sequence[Term], instance: Instance, assumed: Assumed
) -> Iterator[Mapping[Hashable, Fraction]]:
    def asked_for(balls: Balls) -> int:
        return sum(len(entries(each, instance, balls)) for each in terms)

    found = admissible(asked_for, assumed)
    return (dict(balls.values) for balls, _ in islice(found, MOST_POINTS))


def _at(
    asked: Asked, instance: Instance, assumed: Assumed, given: Mapping[Hashable, Fraction]
) -> Witness | None:
    roots = _roots(asked, instance, assumed, given)
    if roots is None:
        return None
    balls = Rooted(given, roots, assumed)
    holds = [each for term in asked.given for each in entries(term, instance, balls)]
    if not all(each.is_finite() and each.contains(0) for each in holds) or not balls.real:
        return None
    if not all(_is_admitted(key, value, assumed) for key, value in roots.items()):
        return None
    sides = [entries(each, instance, balls) for each in (asked.left, asked.right)]
    if not balls.real or any(_is_of(key, asked.unknown) for key in balls.asked - roots.keys()):
        return None
    for left, right in zip(*sides, strict=True):
        if differ(left, right):
            shown = {spelled(key): _printed(value) for key, value in roots.items()}
            return witness_of(instance, balls.spelled() | shown, left, right)
    return None


def _is_admitted(key: Hashable, value: arb, assumed: Assumed) -> bool:
    """Whether a coordinate may certainly have a value, by what is given of it alone."""
    if assumed.values_of(key) is not None or (assumed.is_positive(key) and not value > 0):
        return False
    ends = assumed.ends_of(key)
    if ends is None:
        return True
    lower, upper = (arb(each.numerator) / each.denominator for each in ends)
    return bool(lower < value) and bool(value < upper)


def _is_of(key: Hashable, names: frozenset[str]) -> bool:
    return isinstance(key, tuple) and key[0] in names


def _roots(
    asked: Asked, instance: Instance, assumed: Assumed, given: Mapping[Hashable, Fraction]
) -> dict[Hashable, arb] | None:
    """The entries of the unknown that solve the conditions; None where there is not one solution.

    The affine function is taken at two places or more: which ones does not matter.
    """

    def values(at: Mapping[Hashable, Fraction]) -> tuple[list[arb], set[Hashable]]:
        balls = Rooted({**given, **at}, {}, assumed)
        found = [each for term in asked.cleared for each in entries(term, instance, balls)]
        return found, {key for key in balls.asked if _is_of(key, asked.unknown)}

    _, keys = values({})
    places = sorted(keys, key=str)
    start = {key: STARTS[0] + Fraction(n, 11) for n, key in enumerate(places)}
    constant, _ = values(start)
    if not places or len(constant) != len(places):
        return None
    columns = [values({**start, key: start[key] + STARTS[1]})[0] for key in places]
    step = arb(STARTS[1].numerator) / STARTS[1].denominator
    slopes = [
        [(column[row] - constant[row]) / step for column in columns] for row in range(len(places))
    ]
    if not all(each.is_finite() for row in (*slopes, constant) for each in row):
        return None
    matrix, right = arb_mat(slopes), arb_mat([[-each] for each in constant])
    if matrix.det().contains(0):
        return None
    solution = matrix.solve(right)
    return {
        key: solution[n, 0] + arb(start[key].numerator) / start[key].denominator
        for n, key in enumerate(places)
    }


def _printed(value: arb) -> str:
    """A number within bounds as a fraction that lies there, or as a decimal that is near."""
    middle = Fraction(float(value.mid())).limit_denominator(PRINTED)
    near = arb(middle.numerator) / middle.denominator
    return str(middle) if value.overlaps(near) else f"about {float(value.mid()):.12g}"
