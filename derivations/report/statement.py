"""A claim as a line of mathematics: left = right  (conditions)."""

from __future__ import annotations

from derivations.array import Array, Misfit, aligned, same_shape
from derivations.claim import Claim, Condition, Equal, Unequal
from derivations.report.notation import mathematics


def statement(claim: Claim) -> str:
    """What the claim says, on one line."""
    return ", that is ".join(readings(claim))


def readings(claim: Claim) -> list[str]:
    """The statement in matrices, where both sides have a name, and entry by entry."""
    left, right = claim.left, claim.right
    if isinstance(left, Array) and isinstance(right, Array) and same_shape(left, right):
        named = [f"{left.name} = {right.name}"] if left.name and right.name else []
        entries = f"{mathematics(left.entry)} = {mathematics(aligned(right, left.axes))}"
        return [*named, entries + _where(claim.conditions)]
    return [f"{_side(left)} = {_side(right)}, {_mismatch(left, right)}{_where(claim.conditions)}"]


def in_words(condition: Condition) -> str:
    """A condition in the notation of the statement."""
    if isinstance(condition, Unequal | Equal):
        relation = "≠" if isinstance(condition, Unequal) else "="
        return f"{mathematics(condition.left)} {relation} {mathematics(condition.right)}"
    return str(condition)


def _where(conditions: tuple[Condition, ...]) -> str:
    return f"  ({'; '.join(map(in_words, conditions))})" if conditions else ""


def _side(side: Array | Misfit) -> str:
    if isinstance(side, Misfit):
        return side.part
    return side.name or mathematics(side.entry)


def _mismatch(left: Array | Misfit, right: Array | Misfit) -> str:
    """What does not fit: inside a side, or one side and the other."""
    for side in (left, right):
        if isinstance(side, Misfit):
            return f"where {side.left} does not fit {side.right}"
    assert isinstance(left, Array)
    assert isinstance(right, Array)
    return f"which equates {left.shape} and {right.shape}"
