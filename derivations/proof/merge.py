"""Words that a condition makes the same are written as one before anything is argued.

Where one side of an `Equal` is a free index and the other one is a member of its index set for
sure, the index is replaced by that member everywhere, so that every argument sees one word.
Any other equality stays a condition, which the small instances have to meet.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Indexed, Integer

from derivations.array import Array
from derivations.claim import Claim, Condition, Distinct, Equal, NotAmong
from derivations.definition import substitute, unfold
from derivations.indices import Index, IndexSet, WordArray

Merged = tuple[tuple[Index, Expr], ...]


def merged(claim: Claim) -> tuple[Claim, Merged]:
    """The claim with equal words written as one, and what was put for which index, in order."""
    put: list[tuple[Index, Expr]] = []
    for place in range(len(claim.conditions)):
        condition = claim.conditions[place]
        if not isinstance(condition, Equal):
            continue
        for index, value in ((condition.left, condition.right), (condition.right, condition.left)):
            found = _replaced(claim, index, value)
            if found is not None:
                claim = found
                put.append((index, value))
                break
    kept = tuple(c for c in claim.conditions if not isinstance(c, Equal) or c.left != c.right)
    return (replace(claim, conditions=kept) if put else claim), tuple(put)


def _replaced(claim: Claim, index: Expr, value: Expr) -> Claim | None:
    """The claim with the index gone; None where that may change what is claimed.

    An index that runs over an axis stays, and so does one inside the body of a definition.
    """
    assert isinstance(claim.left, Array)
    assert isinstance(claim.right, Array)
    if not isinstance(index, Index) or value.has(index) or not _is_member(value, index.space):
        return None
    axes = {*claim.left.indices, *claim.right.indices}
    if index in axes or not axes.isdisjoint(value.free_symbols):
        return None
    put = {index: value}
    left = replace(claim.left, entry=substitute(claim.left.entry, put))
    right = replace(claim.right, entry=substitute(claim.right.entry, put))
    if any(unfold(side.entry).has(index) for side in (left, right)):
        return None
    conditions = tuple(_put(condition, put) for condition in claim.conditions)
    return replace(claim, left=left, right=right, conditions=conditions)


def _is_member(value: Expr, space: IndexSet) -> bool:
    """Whether a value is a member of the index set at every size."""
    if isinstance(value, Index):
        return value.space == space
    if isinstance(value, Indexed) and isinstance(value.base, WordArray):
        return value.base.space == space
    center = value == 0 and space.symmetric
    return isinstance(value, Integer) and (center or (space.inhabited and space.lower == value))


def _put(condition: Condition, values: dict[Index, Expr]) -> Condition:
    if isinstance(condition, Distinct):
        return condition
    if isinstance(condition, NotAmong):
        return replace(condition, word=substitute(condition.word, values))
    left, right = substitute(condition.left, values), substitute(condition.right, values)
    return replace(condition, left=left, right=right)
