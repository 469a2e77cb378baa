"""The first of the judge's arguments by itself: without it no candidate is proved.

The judge goes on to look for a counterexample, which no candidate needs.
"""

from __future__ import annotations

from derivations.claim import Claim
from derivations.proof.fragment import OutsideFragment
from derivations.proof.merge import merged
from derivations.proof.normal_form import difference
from derivations.proof.shape import shape_of
from derivations.proof.signs import cases_by_sign


def hopeful(claim: Claim) -> bool:
    """Whether the difference of the sides has the normal form zero."""
    claim, put = merged(claim)
    shape = shape_of(claim, put)
    try:
        cases = cases_by_sign(*shape.sides)
        return not any(difference(c.left, c.right, claim.conditions) for c in cases)
    except OutsideFragment:
        return False
