"""A claim as the generator uses it: two entries in index notation that are equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr

from derivations.claim import Claim, Condition


@dataclass(frozen=True)
class Equality:
    """``left = right`` at every index, where ``conditions`` hold."""

    id: str
    left: Expr
    right: Expr
    conditions: tuple[Condition, ...] = ()


def equalities(claims: Iterable[Claim]) -> dict[str, Equality]:
    """The claims by id; one whose sides have no meaning states no equality."""
    return {
        claim.id: Equality(claim.id, claim.sides.left, claim.sides.right, claim.conditions)
        for claim in claims
        if claim.misfit is None
    }
