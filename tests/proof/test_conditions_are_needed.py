"""No condition is there for show: without it the claim falls."""

from dataclasses import replace

import pytest

from derivations.claim import Claim, Condition, Verdict
from derivations.word2vec.claims import CLAIMS
from tests.proof.judged import judged

NEEDED = [(claim, condition) for claim in CLAIMS for condition in claim.conditions]


@pytest.mark.parametrize(
    ("claim", "condition"), NEEDED, ids=[f"{claim.id}: {c}" for claim, c in NEEDED]
)
def test_without_its_condition_a_claim_is_refuted(claim: Claim, condition: Condition) -> None:
    others = tuple(other for other in claim.conditions if other != condition)
    twin = judged(replace(claim, conditions=others))
    assert judged(claim).verdict is Verdict.PROVED
    assert twin.verdict is Verdict.REFUTED
    assert twin.witness is not None


def test_some_claims_have_conditions() -> None:
    assert len(NEEDED) >= 9
