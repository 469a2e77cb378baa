"""The steps of the first argument for one claim: derivatives found, and normal forms."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Derivative

from derivations.claim import Claim
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.normal_form_text import spelled
from derivations.proof.signs import Case, cases_by_sign
from derivations.report.notation import mathematics

Step = tuple[str, list[str]]


def steps(claim: Claim) -> Iterator[Step]:
    """What was differentiated and what it all normalises to; nothing for an ill-typed claim."""
    if claim.misfit is not None:
        return
    left, right = claim.sides.left, claim.sides.right
    try:
        cases = cases_by_sign(left, right, claim.conditions)
    except OutsideFragment as node:
        yield "Normal form", [f"none: outside the fragment at {node}"]
        return
    for case in cases:
        yield from _steps(claim, case)


def _steps(claim: Claim, case: Case) -> Iterator[Step]:
    signs = ((mathematics(term), "≥" if sign > 0 else "<") for term, sign in case.signs.items())
    where = "".join(f" where {term} {relation} 0" for term, relation in signs)
    left, right = case.left, case.right
    typed = (claim.sides.left, claim.sides.right)
    for name, side, taken in zip(("left", "right"), typed, (left, right), strict=True):
        if side.has(Derivative):
            yield f"Derivative found on the {name}{where}", [mathematics(taken)]
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
