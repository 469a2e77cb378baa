"""The first of the judge's arguments by itself: without it no candidate is proved.

The judge goes on to look for a counterexample, which no candidate needs.
"""

from __future__ import annotations

from derivations.claim import Claim
from derivations.proof.decide import sides_of
from derivations.proof.fragment import OutsideFragment
from derivations.proof.merge import merged
from derivations.proof.normal_form import difference
from derivations.proof.shape import shape_of
from derivations.proof.signs import sign_cases


def hopeful(claim: Claim) -> bool:
    """Whether the difference of the sides has the normal form zero."""
    claim, put = merged(claim)
    shape = shape_of(claim, put)
    try:
        cases = [sides_of(*shape.sides, signs) for signs in sign_cases(*shape.sides)]
        return not any(difference(c.left_taken, c.right_taken, claim.conditions) for c in cases)
    except OutsideFragment:
        return False
