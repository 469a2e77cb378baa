"""Contraction of sums: one-point rule, splits by deltas and binary numbers, matrix identities.

Identities of matrices are those of a matrix beside its inverse, and the rank-one update.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from math import comb

from derivations.proof.context import Context, bare_logarithm
from derivations.proof.terms import (
    NOWHERE,
    AbsoluteValue,
    ArbitraryValue,
    Atom,
    Binder,
    Bound,
    BoundIndex,
    Delta,
    Exponential,
    Factors,
    Index,
    IndexNumber,
    InverseEntry,
    Key,
    ListedIndex,
    NumberedIndex,
    Parameter,
    Scalar,
    Sign,
    Table,
    Term,
    Total,
    Values,
    Whole,
    apart,
    bound_in,
    shifted,
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


def steps(product: Factors, index: BoundIndex) -> Factors:
    """The factors q^k of a product, for the number k of an index: exponentials of k log q."""
    return tuple(
        (atom, q)
        for atom, q in product
        if isinstance(atom, Exponential)
        and not atom.term.binders
        and (IndexNumber(index), Fraction(1)) in atom.term.factors
        and all(index.number not in each.bound for each, _ in step(atom))
    )


def step(atom: Atom) -> Factors:
    """The factors of log q, of an exponential of k log q."""
    assert isinstance(atom, Exponential)
    return tuple(pair for pair in atom.term.factors if not isinstance(pair[0], IndexNumber))


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


# A matrix beside its inverse in one term: where the sum over the index they share is known.
#
# For the inverse M of a matrix A with the entry A[i,j] = q t[i,j] + B[i,j], t a product of entries
# of families and of other inverses under sums, as in A, X^T X and V B^{-1} U, both
# sum_j A[i,j] M[j,k] and sum_j M[k,j] A[j,i] are delta(i,k). The first holds as A M = 1, the second
# as M A = 1, wherever M has a value, for indices i and k in the range of the rows of A. What the
# product t is of is found by matching it with factors of the term: its bound indices with those of
# the term that stand nowhere else.


Matched = Mapping[Index, Index]


@dataclass(frozen=True)
class BesideInverse:
    """A matrix beside its inverse: ``lead`` is q, ``tail`` is B, ``axes`` are the indices of A.

    ``places`` are what stands for these, ``ends`` i and k, ``inner`` binds j; ``binders`` and
    ``others`` are what is left of the term.
    """

    inverse: InverseEntry
    lead: Fraction
    tail: Total
    axes: tuple[BoundIndex, BoundIndex]
    places: tuple[Index, Index]
    ends: tuple[Index, Index]
    inner: Binder
    binders: tuple[Binder, ...]
    others: Factors


def beside_inverse(
    binders: tuple[Binder, ...], product: Factors, context: Context
) -> BesideInverse | None:
    """The first matrix beside its inverse in a term."""
    for atom, exponent in product:
        if not isinstance(atom, InverseEntry) or exponent != 1:
            continue
        others = tuple(pair for pair in product if pair[0] is not atom)
        number = _leading(atom)
        if number is None:
            continue
        for place in (0, 1):
            known = _beside(atom, place, number, binders, others, context)
            if known is not None:
                return known
    return None


def _leading(inverse: InverseEntry) -> int | None:
    """Which term of the matrix is put together with its inverse: one, so that it comes to an end.

    That is a product of entries with the most sums, of these the one with the greatest key.
    """
    levels = {binder.index.number: n for n, binder in enumerate(inverse.of.binders)}
    found_ = [
        (len(term.binders), term.spelled(levels), number)
        for number, (term, _) in enumerate(inverse.of.entry)
        if term.bound.issuperset(levels)
        and all(isinstance(atom, Parameter | Scalar | InverseEntry) for atom, _ in term.factors)
    ]
    return max(found_)[2] if found_ else None


def _beside(
    inverse: InverseEntry,
    place: int,
    number: int,
    binders: tuple[Binder, ...],
    others: Factors,
    context: Context,
) -> BesideInverse | None:
    """The factors that are one term of the matrix beside the row (0) or column (1) of an inverse.

    A row of the inverse goes with a column of the matrix.
    """
    (lead, q), row, column = inverse.of.entry[number], *inverse.of.binders
    near, far = (column, row) if place == 0 else (row, column)
    shared, end = inverse.at[place], inverse.at[1 - place]
    inner = next((each for each in binders if each.index == shared), None)
    if inner is None or inner.extent != near.extent:
        return None
    variables = {near.index, far.index, *(binder.index for binder in lead.binders)}
    for matched, rest in _matches(lead.factors, others, {near.index: inner.index}, variables):
        summed = _summed(lead.binders, matched, binders)
        other = matched.get(far.index)
        if summed is None or other is None:
            continue
        gone = {inner.index.number, *(each.index.number for each in summed)}
        around = (bound_in(other), bound_in(end), inverse.of.bound, *(a.bound for a, _ in rest))
        apart = len(gone) > len(summed) and all(gone.isdisjoint(each) for each in around)
        if not apart or not all(context.within(each, far.extent) for each in (other, end)):
            continue
        return BesideInverse(
            inverse=inverse,
            lead=q,
            tail=(*inverse.of.entry[:number], *inverse.of.entry[number + 1 :]),
            axes=(row.index, column.index),
            places=(other, inner.index) if place == 0 else (inner.index, other),
            ends=(other, end),
            inner=inner,
            binders=tuple(each for each in binders if each.index.number not in gone),
            others=rest,
        )
    return None


def _summed(
    inside: tuple[Binder, ...], matched: Matched, binders: tuple[Binder, ...]
) -> list[Binder] | None:
    """The binders of a term that those inside a matrix stand for; None where some are none."""
    known = {binder.index: binder for binder in binders}
    found_: list[Binder] = []
    for each in inside:
        index = matched.get(each.index)
        binder = known.get(index) if isinstance(index, BoundIndex) else None
        if binder is None or binder.extent != each.extent:
            return None
        found_.append(binder)
    return found_


def _matches(
    pattern: Factors, factors: Factors, matched: Matched, variables: Set[BoundIndex]
) -> Iterator[tuple[Matched, Factors]]:
    """What the variables stand for where factors are those of a pattern, and the factors left."""
    if not pattern:
        yield matched, factors
        return
    (wanted, power), *others = pattern
    for n, (atom, exponent) in enumerate(factors):
        if exponent == power:
            for more in _unified(wanted, atom, matched, variables):
                rest = (*factors[:n], *factors[n + 1 :])
                yield from _matches(tuple(others), rest, more, variables)


def _unified(
    wanted: Atom, atom: Atom, matched: Matched, variables: Set[BoundIndex]
) -> Iterator[Matched]:
    """What the variables stand for where two atoms are one."""
    if isinstance(wanted, Scalar) and wanted == atom:
        yield matched
    if isinstance(wanted, Parameter) and isinstance(atom, Parameter):
        if wanted.base != atom.base or len(wanted.at) != len(atom.at):
            return
        others = (atom.at, atom.turned) if atom.symmetric else (atom.at,)
    elif isinstance(wanted, InverseEntry) and isinstance(atom, InverseEntry):
        if wanted.of.bound or wanted.of.spelled({}) != atom.of.spelled({}):
            return
        others = (atom.at, atom.at[::-1]) if atom.symmetric else (atom.at,)
    else:
        return
    for places in others:
        more = dict(matched)
        pairs = zip(wanted.at, places, strict=True)
        if all(
            more.setdefault(one, other) == other
            if isinstance(one, BoundIndex) and one in variables
            else one == other
            for one, other in pairs
        ):
            yield more


# A matrix and a product of a column and a row beside it: determinant and inverse of their sum.
#
# det(B + u v^T) = det B (1 + v^T B^{-1} u), and where that is not zero (B + u v^T)^{-1} = B^{-1}
# - B^{-1} u v^T B^{-1} / (1 + v^T B^{-1} u), where B has an inverse (matrix determinant lemma,
# and Sherman and Morrison: D. A. Harville, Matrix Algebra from a Statistician's Perspective,
# 1997, theorem 18.1.1 and corollary 18.2.10). The inverse is written so only where it is asked
# for. All sides are rational functions of what they are made of, so where B has an inverse for
# almost all data they are one wherever they have a value. That is known here of c A for a
# declared matrix A, of which nothing but symmetry, rank and definiteness is given, of c 1, and of
# sums of c A and what has no A in it: at t A with t growing, or at c 1, the determinant is not
# zero. It is no complete decision: products of more columns and rows, and sums of several, stay
# as they are.


Axes = tuple[BoundIndex, BoundIndex]


def rank_one_update(of: Table, context: Context) -> tuple[Table, tuple[Term, Fraction]] | None:
    """A matrix as one that has an inverse almost everywhere, and one product beside it."""
    row, column = (binder.index for binder in of.binders)
    products = [pair for pair in of.entry if _is_product(pair[0], (row, column))]
    if len(products) != 1:
        return None
    rest = tuple(pair for pair in of.entry if pair is not products[0])
    if not _is_regular(rest, (row, column), context):
        return None
    return Table(of.binders, rest).renamed(context.fresh, {}), products[0]


def diagonal_of(matrix: Table) -> Total | None:
    """The c of a matrix c 1; None for any other."""
    row, column = (binder.index for binder in matrix.binders)
    found = [(_beside_delta(term, (row, column)), q) for term, q in matrix.entry]
    known = tuple((term, q) for term, q in found if term is not None)
    return known if len(known) == len(found) else None


def _beside_delta(term: Term, axes: Axes) -> Term | None:
    """What a delta of both axes is multiplied by."""
    others = tuple(pair for pair in term.factors if not _is_delta(pair[0], axes))
    return Term(term.binders, others) if len(others) < len(term.factors) else None


def _is_delta(atom: object, axes: Axes) -> bool:
    return isinstance(atom, Delta) and {atom.left, atom.right} == {*axes}


def _is_product(term: Term, axes: Axes) -> bool:
    """Whether a term is something of the row times something of the column."""
    reached = {axes[0].number}
    grown = True
    while grown:
        grown = False
        for atom, _ in term.factors:
            own = {axes[1].number, axes[0].number, *(b.index.number for b in term.binders)}
            touched = own & {*atom.bound}
            if touched & reached and not touched <= reached:
                reached |= touched
                grown = True
    here = {number for atom, _ in term.factors for number in atom.bound}
    return axes[1].number not in reached and {axes[0].number, axes[1].number} <= here


def _is_regular(terms: Total, axes: Axes, context: Context) -> bool:
    """Whether a matrix has an inverse for almost all data."""
    if not terms:
        return False
    numbers = [_scale(term, axes) for term, _ in terms]
    if any(each is None or not _are_any(each, context) for each in numbers):
        return False
    names = [
        atom.base for term, _ in terms for atom, _ in term.factors if isinstance(atom, Parameter)
    ]
    if any(name in context.bits | context.signs | context.sums.keys() for name in names):
        return False
    return len(names) == len({*names}) and (len(names) > 0 or len(terms) == 1)


def _scale(term: Term, axes: Axes) -> tuple[Scalar, ...] | None:
    """The numbers that a declared matrix, or the identity, is multiplied by."""
    if term.binders:
        return None
    numbers: list[Scalar] = []
    matrices = 0
    for atom, q in term.factors:
        match atom:
            case Scalar():
                numbers.append(atom)
            case Parameter(_, (*first, i, j)) if {i, j} == {*axes} and q == 1 and not first:
                matrices += 1
            case Delta() if _is_delta(atom, axes):
                matrices += 1
            case _:
                return None
    return tuple(numbers) if matrices == 1 else None


def _are_any(numbers: tuple[Scalar, ...], context: Context) -> bool:
    """Whether none of these is one of two numbers, of which zero may be one."""
    return all(number.name not in context.bits for number in numbers)
