"""The steps of the first argument for one claim: derivatives found, and normal forms."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Derivative, Expr

from derivations.claim import Claim
from derivations.proof.decide import sides_of
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.signs import Signs, sign_cases
from derivations.report.normal_form import spelled
from derivations.report.notation import mathematics

Step = tuple[str, list[str]]


def steps(claim: Claim) -> Iterator[Step]:
    """What was differentiated and what it all normalises to; nothing for an ill-typed claim."""
    if claim.misfit is not None:
        return
    left, right = claim.sides.left, claim.sides.right
    for signs in sign_cases(left, right):
        yield from _case(claim, left, right, signs)


def _case(claim: Claim, left: Expr, right: Expr, signs: Signs) -> Iterator[Step]:
    where = "".join(f" where {z} {'≥' if sign > 0 else '<'} 0" for z, sign in signs.items())
    sides = sides_of(left, right, signs)
    for name, typed, taken in (
        ("left", left, sides.left_taken),
        ("right", right, sides.right_taken),
    ):
        if typed.has(Derivative):
            yield f"Derivative found on the {name}{where}", [mathematics(taken)]
    left, right = sides.left_taken, sides.right_taken
    try:
        forms = {
            "the left side": normal_form(left, claim.conditions),
            "the right side": normal_form(right, claim.conditions),
            "the difference": difference(left, right, claim.conditions),
        }
    except OutsideFragment as node:
        yield f"Normal form{where}", [f"none: outside the fragment at {node}"]
        return
    for name, form in forms.items():
        yield f"Normal form of {name}{where}", spelled(form)
