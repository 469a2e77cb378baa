"""A matrix beside its inverse in one term: where the sum over the index they share is known.

For the inverse M of a matrix A with the entry A[i,j] = q t[i,j] + B[i,j], t a product of entries
of families and of other inverses under sums, as in A, X^T X and V B^{-1} U, both
sum_j A[i,j] M[j,k] and sum_j M[k,j] A[j,i] are delta(i,k). The first holds as A M = 1, the second
as M A = 1, wherever M has a value, for indices i and k in the range of the rows of A. What the
product t is of is found by matching it with factors of the term: its bound indices with those of
the term that stand nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

from derivations.proof.context import Context
from derivations.proof.members import BoundIndex, Index, bound_in
from derivations.proof.terms import (
    Atom,
    Binder,
    Factors,
    InverseEntry,
    Parameter,
    Scalar,
    Total,
)

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
