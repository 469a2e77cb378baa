"""Kronecker deltas: equations between indices, the one-point rule, and the split by a delta.

A product of deltas is a set of equations. It vanishes where two indices that are known to differ
are made equal. A bound index that is made equal to a member of its range takes that value and its
sum disappears (one-point rule): sum_b delta(b, t) f(b) = f(t) for t in range. Indices that stay
are replaced by one of them everywhere else in the term.

A delta is one or zero, so f(d A + B) = d f(A + B) + (1 - d) f(B) for every function f (delta
split): the delta comes out of exponentials, and its equation holds beside f(A + B). f(B) then
stands where the delta holds as well, to be subtracted there: out of a logarithm or a denominator
the delta comes only where B is positive for sure. A delta that a binder inside f binds is no case
of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, product

from derivations.proof.context import Context
from derivations.proof.members import (
    NOWHERE,
    Bound,
    BoundIndex,
    Index,
    ListedIndex,
    NumberedIndex,
    Values,
    apart,
    bound_in,
    shifted,
)
from derivations.proof.terms import (
    Binder,
    Delta,
    Key,
    Term,
    Total,
)
from derivations.proof.whole import Whole

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
