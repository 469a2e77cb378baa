"""A claim as a line of mathematics: left = right  (conditions)."""

from __future__ import annotations

from derivations.claim import BOTH_SIDES, Claim, Condition, Equal, Unequal
from derivations.indices import Names
from derivations.language.data_conditions import SumsTo
from derivations.language.index_form import entry_of
from derivations.language.tree import Misfit, Term, notation
from derivations.report.notation import mathematics


def statement(claim: Claim) -> str:
    """What the claim says, on one line."""
    return ", that is ".join(readings(claim))


def readings(claim: Claim) -> list[str]:
    """The statement in matrices, where both sides have a name, and entry by entry."""
    if claim.misfit is None:
        named = list(map(notation, claim.terms))
        whole = [" = ".join(named)] if all(named) else []
        entries = f"{mathematics(claim.sides.left)} = {mathematics(claim.sides.right)}"
        return [*whole, entries + _where(claim.conditions)]
    sides = " = ".join(_side(side, claim.names) for side in (claim.left, claim.right))
    return [f"{sides}, {_mismatch(claim.misfit)}{_where(claim.conditions)}"]


def in_words(condition: Condition) -> str:
    """A condition in the notation of the statement."""
    if isinstance(condition, SumsTo):
        return f"{mathematics(condition.total)} = {condition.value}"
    if isinstance(condition, Unequal | Equal):
        relation = "≠" if isinstance(condition, Unequal) else "="
        return f"{mathematics(condition.left)} {relation} {mathematics(condition.right)}"
    return str(condition)


def _where(conditions: tuple[Condition, ...]) -> str:
    return f"  ({'; '.join(map(in_words, conditions))})" if conditions else ""


def _side(side: Term | Misfit, names: Names) -> str:
    if isinstance(side, Misfit):
        return side.part
    return notation(side) or mathematics(entry_of(side, names)[0])


def _mismatch(misfit: Misfit) -> str:
    """What does not fit: inside a side, or one side and the other."""
    if misfit.part == BOTH_SIDES:
        return f"which equates {misfit.left} and {misfit.right}"
    return f"where {misfit.left} does not fit {misfit.right}"
