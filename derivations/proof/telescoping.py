"""Telescoping sums: where a sum over a whole range is a polynomial, or may be moved along it.

sum_{k=a}^b k^p = S(b) - S(a - 1) for the polynomial S with S(k) - S(k - 1) = k^p, and a sum whose
index stands with offsets alone is the sum from another start with its ends put right. Both hold
for b >= a - 1. What is moved has to have a value at every whole number.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from math import comb

from derivations.proof.definite import bare_logarithm
from derivations.proof.members import BoundIndex, Index, ListedIndex, apart
from derivations.proof.terms import (
    AbsoluteValue,
    ArbitraryValue,
    Exponential,
    Factors,
    IndexNumber,
    Parameter,
    Sign,
)
from derivations.proof.whole import Whole

MOST_STEPPED, MOST_POWER = 4, 12


@cache
def power_sum_polynomial(power: int) -> tuple[Fraction, ...]:
    """The coefficients, that of the 0th power of n first, from (n + 1)^(p+1) - 1 telescoped."""
    collected = [Fraction(comb(power + 1, n)) for n in range(power + 2)]
    collected[0] -= 1
    for lower in range(power):
        for n, q in enumerate(power_sum_polynomial(lower)):
            collected[n] -= comb(power + 1, lower) * q
    return tuple(q / (power + 1) for q in collected)


def power_of(product: Factors, index: BoundIndex) -> int | None:
    """The power of its number that an index stands in; None where it stands elsewhere too."""
    standing = [(atom, q) for atom, q in product if index.number in atom.bound]
    if not standing:
        return 0
    if len(standing) > 1 or standing[0][0] != IndexNumber(index):
        return None
    ((_, q),) = standing
    return int(q) if 0 < q <= MOST_POWER else None


def least_offset(product: Factors, index: BoundIndex) -> int | None:
    """The least offset that an index stands with, if it has one wherever it picks an entry."""
    if not any(atom.has_offset for atom, _ in product):
        return None
    offsets = _offsets(product, index)
    constants = [offset.constant for offset in offsets or ()]
    known = [n for n in constants if n is not None]
    if not known or len(known) < len(constants) or abs(min(known)) > MOST_STEPPED:
        return None
    return min(known)


def _offsets(product: Factors, index: BoundIndex) -> list[Whole] | None:
    """How far from an index entries are picked; None where some number may have no value."""
    found: list[Whole] = []
    for atom, q in product:
        if index.number not in atom.bound:
            continue
        inside: list[Whole] | None
        match atom:
            case Parameter(_, at):
                inside = [offset for each in at for offset in _offsets_in(each, index)]
            case ArbitraryValue(_, labels, values, partials):
                entries = (pair for table in values for t, _ in table.entry for pair in t.factors)
                inside = _offsets(tuple(entries), index)
                picks = (*labels, *(each for _, at in partials for each in at))
                found += [offset for each in picks for offset in _offsets_in(each, index)]
            case IndexNumber() if q > 0:
                inside = []
            case Exponential(term) if bare_logarithm(term) is None:
                inside = _offsets(term.factors, index)
            case AbsoluteValue(of) | Sign(of):
                inside = _offsets(tuple(pair for term, _ in of for pair in term.factors), index)
            case _:
                inside = None
        if inside is None:
            return None
        found += inside
    return found


def _offsets_in(place: Index, index: BoundIndex) -> list[Whole]:
    base, offset = apart(place)
    if base == index:
        return [offset]
    inner = base.at if isinstance(base, ListedIndex) else ()
    return [found for each in inner for found in _offsets_in(each, index)]
