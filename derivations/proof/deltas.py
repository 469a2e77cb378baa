"""Kronecker deltas: which indices a term makes equal, and what follows.

A product of deltas is a set of equations between indices. It vanishes where two indices that
are known to differ are made equal. A bound index that is made equal to a member of its range
takes that value and its sum disappears: sum_b delta(b, t) f(b) = f(t) for t in range. Indices
that stay are replaced by one of them everywhere else in the term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from derivations.proof.context import Context
from derivations.proof.terms import Binder, Index, Range, names


@dataclass(frozen=True)
class Solved:
    """The value of one bound index."""

    name: str
    value: Index


def classes(equations: list[tuple[Index, Index]], context: Context) -> list[set[Index]] | None:
    """The indices made equal, grouped; None where that is impossible."""
    groups: list[set[Index]] = []
    pending = list(equations)
    while pending:
        pair = set(pending.pop())
        merged = pair.union(*(group for group in groups if group & pair))
        groups = [group for group in groups if not group & pair]
        groups.append(merged)
        for left, right in combinations(merged, 2):
            if context.differ(left, right):
                return None
            same_list = left[0] == right[0] == "w" and left[1] == right[1]
            if same_list and left[1] in context.distinct:
                places = list(zip(left[2], right[2], strict=True))
                if any(not _together(groups, a, b) for a, b in places):
                    pending.extend(places)
    return groups


def _together(groups: list[set[Index]], left: Index, right: Index) -> bool:
    return left == right or any(left in group and right in group for group in groups)


def solved(
    groups: list[set[Index]], binders: tuple[Binder, ...], context: Context
) -> Solved | None:
    """A bound index with a value that is certainly in its range, if there is one."""
    ranges = dict(binders)
    for group in groups:
        for index in sorted(group):
            if index[0] != "v" or index[1] not in ranges:
                continue
            for value in _by_rank(group, ranges):
                free_of_it = index[1] not in names(value)
                if free_of_it and context.within(value, ranges[index[1]]):
                    return Solved(index[1], value)
    return None


def representative(group: set[Index], binders: tuple[Binder, ...]) -> Index:
    """The member that stands for the others: an integer, else a free name, else the least."""
    return _by_rank(group, dict(binders))[0]


def _by_rank(group: set[Index], bound: Mapping[str, Range]) -> list[Index]:
    def rank(index: Index) -> tuple[bool, int, Index]:
        depends = any(name in bound for name in names(index))
        return (depends, "nvw".index(index[0]), index)

    return sorted(group, key=rank)
