"""Identities of matrices in normal forms: a matrix beside its inverse, and the rank-one update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

from derivations.proof.context import Context
from derivations.proof.members import BoundIndex, Index, bound_in
from derivations.proof.terms import (
    Atom,
    Binder,
    Delta,
    Factors,
    InverseEntry,
    Parameter,
    Scalar,
    Table,
    Term,
    Total,
)

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
class Contraction:
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


def found(binders: tuple[Binder, ...], product: Factors, context: Context) -> Contraction | None:
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
) -> Contraction | None:
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
        return Contraction(
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


def taken_apart(of: Table, context: Context) -> tuple[Table, tuple[Term, Fraction]] | None:
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
