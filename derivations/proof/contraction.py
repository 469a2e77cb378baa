"""Contraction of sums: the one-point rule, splits by deltas and binary numbers, telescoping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from math import comb

from derivations.proof.context import Context
from derivations.proof.definite import bare_logarithm
from derivations.proof.members import (
    NOWHERE,
    Bound,
    BoundIndex,
    Index,
    ListedIndex,
    NumberedIndex,
    Values,
    Whole,
    apart,
    bound_in,
    shifted,
)
from derivations.proof.terms import (
    AbsoluteValue,
    ArbitraryValue,
    Binder,
    Delta,
    Exponential,
    Factors,
    IndexNumber,
    Key,
    Parameter,
    Scalar,
    Sign,
    Term,
    Total,
)

# Kronecker deltas: equations between indices, the one-point rule, and the split by a delta.
#
# A product of deltas is a set of equations. It vanishes where two indices that are known to differ
# are made equal. A bound index that is made equal to a member of its range takes that value and its
# sum disappears (one-point rule): sum_b delta(b, t) f(b) = f(t) for t in range. Indices that stay
# are replaced by one of them everywhere else in the term.
#
# A delta is one or zero, so f(d A + B) = d f(A + B) + (1 - d) f(B) for every function f (delta
# split): the delta comes out of exponentials, and its equation holds beside f(A + B). f(B) then
# stands where the delta holds as well, to be subtracted there: out of a logarithm or a denominator
# the delta comes only where B is positive for sure. A delta that a binder inside f binds is no case
# of the whole.


Equations = list[set[Index]]


def classes(equations: Iterable[Delta], context: Context) -> Equations | None:
    """The indices made equal, grouped; None where that is impossible.

    i = j + 1 is i + 2 = j + 3 as well: a group has each index with one offset, unless the group
    says something of sizes alone.
    """
    groups: Equations = []
    pending = [(delta.left, delta.right) for delta in equations]
    while pending:
        merged = set(pending.pop())
        groups = _merged(groups, merged)
        for left, right in combinations(merged, 2):
            if context.differ(left, right):
                return None
            if not isinstance(left, ListedIndex) or not isinstance(right, ListedIndex):
                continue
            if left.words == right.words and left.words in context.distinct:
                places = list(zip(left.at, right.at, strict=True))
                if any(not _together(groups, a, b) for a, b in places):
                    pending.extend(places)
    return groups


def _merged(groups: Equations, merged: set[Index]) -> Equations:
    """The groups that have no index of a new one, and the new one with all others in it."""
    left = list(groups)
    while True:
        steps = [_step(group, merged) for group in left]
        for group, step in zip(left, steps, strict=True):
            if step is not None:
                merged |= {shifted(member, step) for member in group}
        left = [group for group, step in zip(left, steps, strict=True) if step is None]
        if all(step is None for step in steps):
            return [*left, merged]


def _step(group: set[Index], other: set[Index]) -> Whole | None:
    """How far a group has to be moved to have an index as another one has it."""
    for member, wanted in product(group, other):
        (base, offset), (known, wanted_offset) = apart(member), apart(wanted)
        if member == wanted or (base is not None and base == known):
            return wanted_offset - offset
    return None


def _together(groups: Equations, left: Index, right: Index) -> bool:
    return left == right or any(left in group and right in group for group in groups)


def solved(
    groups: Equations, binders: tuple[Binder, ...], context: Context
) -> tuple[BoundIndex, Index] | None:
    """A bound index and a value of it that is certainly in its range, if there is one."""
    ranges = {binder.index: binder.extent for binder in binders}
    bound = frozenset(index.number for index in ranges)
    for group in groups:
        for member in sorted(group, key=_spelled):
            index, offset = apart(member)
            if not isinstance(index, BoundIndex) or index not in ranges:
                continue
            for other in sorted(group, key=lambda each: _rank(each, bound)):
                value = shifted(other, -offset)
                free_of_it = index.number not in bound_in(value)
                if free_of_it and context.within(value, ranges[index]):
                    return index, value
    return None


def representative(group: set[Index], binders: tuple[Binder, ...]) -> Index:
    """The member that stands for the others: a number, else a free name, else the least."""
    bound = frozenset(binder.index.number for binder in binders)
    return min(group, key=lambda index: _rank(index, bound))


def solution(delta: Delta) -> Values:
    """What is put for one side of an equation where it holds."""
    chosen = representative({delta.left, delta.right}, ())
    other = delta.right if chosen == delta.left else delta.left
    base, offset = apart(other)
    return {other: chosen} if base is None else {base: shifted(chosen, -offset)}


def _rank(index: Index, bound: Bound) -> tuple[bool, bool, bool, str]:
    depends = not bound.isdisjoint(bound_in(index))
    number, listed = isinstance(index, NumberedIndex), isinstance(index, ListedIndex)
    return depends, not number, listed, _spelled(index)


def _spelled(index: Index) -> str:
    return index.spelled(NOWHERE)


def free_delta(terms: Total) -> Delta | None:
    """A delta that some term is multiplied by and that no binder of the term binds."""
    found: dict[Key, Delta] = {}
    for term, _ in terms:
        bound = [binder.index.number for binder in term.binders]
        for atom, _ in term.factors:
            if isinstance(atom, Delta) and atom.bound.isdisjoint(bound):
                found[atom.key] = atom
    return found[min(found)] if found else None


def without(delta: Delta, term: Term) -> Term | None:
    """The term where ``delta`` is one; None where it has no such factor."""
    rest = tuple(pair for pair in term.factors if pair[0].key != delta.key)
    return Term(term.binders, rest) if len(rest) < len(term.factors) else None


def where_it_fails(delta: Delta, terms: Total) -> Total:
    """The sum where ``delta`` is zero."""
    return tuple((term, q) for term, q in terms if without(delta, term) is None)


# A sum at both values of a number in it that is 0 or 1, or is -1 or 1.
#
# f(y) = (1 - y) f(0) + y f(1) for every f, where y is 0 or 1: it is one of the two, and the other
# is times zero; so for -1 and 1. The y may stand in f elsewhere as well, where it stays as it is.
# What is not chosen has to have a value, which whoever uses this sees to.
#
# Of a vector y of zeros and a single one, sum_k y_k a_k is the a_k of which y_k is one, so that
# f(sum_k y_k a_k) = sum_k y_k f(a_k).


@dataclass(frozen=True)
class AtValues:
    """A number of two values, the lesser of which is ``low``, and a sum at that and at 1."""

    of: Parameter | Scalar
    low: int
    first: Total
    second: Total


def in_sum(terms: Total, context: Context) -> AtValues | None:
    """The first such number in a sum, and the sum at both of its values.

    Not of a vector that has a single one and is multiplied over: `picked_by_one` has that.
    """
    for term, _ in terms:
        inside = {binder.index.number for binder in term.binders}
        for atom, q in term.factors:
            if not isinstance(atom, Parameter | Scalar) or q != 1:
                continue
            name = atom.name if isinstance(atom, Scalar) else atom.base
            low = 0 if name in context.bits else -1 if name in context.signs else None
            apart = atom.bound.isdisjoint(inside) and not (atom.bound and name in context.sums)
            if low is not None and apart:
                return AtValues(atom, low, _at(terms, atom, low), _at(terms, atom, 1))
    return None


def _at(terms: Total, of: Parameter | Scalar, value: int) -> Total:
    found = []
    for term, q in terms:
        powers = [p for atom, p in term.factors if atom.key == of.key]
        others = tuple(pair for pair in term.factors if pair[0].key != of.key)
        number = q if not powers else q * Fraction(value) ** int(powers[0])
        found.append((Term(term.binders, others), number))
    return tuple((term, q) for term, q in found if q)


def picked_by_one(term: Term, context: Context) -> tuple[Parameter, Term, Binder] | None:
    """The y_k of sum_k y_k a_k for such a vector y, the a_k, and what binds k."""
    for binder in term.binders:
        for atom, q in term.factors:
            match atom:
                case Parameter(base, at) if base in context.bits and base in context.sums:
                    said = context.sums[base]
                    if q == said.value == 1 and said.is_along(at, binder.index, binder.extent):
                        others = tuple(pair for pair in term.factors if pair[0] is not atom)
                        left = tuple(each for each in term.binders if each is not binder)
                        return atom, Term(left, others), binder
    return None


# Telescoping sums: where a sum over a whole range is a polynomial, or may be moved along it.
#
# sum_{k=a}^b k^p = S(b) - S(a - 1) for the polynomial S with S(k) - S(k - 1) = k^p, and a sum whose
# index stands with offsets alone is the sum from another start with its ends put right. Both hold
# for b >= a - 1. What is moved has to have a value at every whole number.


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
