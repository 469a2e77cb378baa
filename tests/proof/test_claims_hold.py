"""Every line claimed is proved, by both arguments."""

from collections import Counter

import pytest

from derivations.claim import Claim, Verdict
from derivations.word2vec.claims import CLAIMS
from tests.false_claims import SLIPS
from tests.proof.judged import judged

every_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)


@every_claim
def test_a_claim_is_proved(claim: Claim) -> None:
    assert judged(claim).verdict is Verdict.PROVED


@every_claim
def test_a_proof_has_both_arguments_and_both_hold(claim: Claim) -> None:
    proofs = {proof.name: proof for proof in judged(claim).proofs}
    assert proofs.keys() >= {"normal form", "small sizes"}
    assert all(proof.holds for proof in proofs.values())


@every_claim
def test_a_proof_looked_at_some_small_instances(claim: Claim) -> None:
    proofs = {proof.name: proof for proof in judged(claim).proofs}
    assert proofs["small sizes"].instances > 0
    assert judged(claim).instances >= proofs["small sizes"].instances


@every_claim
def test_a_proof_carries_no_counterexample(claim: Claim) -> None:
    assert judged(claim).witness is None
    assert judged(claim).reason == ""


def test_ids_are_unique_across_claims_and_false_claims() -> None:
    repeated = [id for id, n in Counter(c.id for c in (*CLAIMS, *SLIPS)).items() if n > 1]
    assert repeated == []


def test_every_part_of_the_document_has_claims() -> None:
    assert {claim.part for claim in CLAIMS} == {*"abcdefgh", "batch", "spans", "stable"}


def test_an_id_begins_with_the_part_it_belongs_to() -> None:
    assert [c.id for c in CLAIMS if not c.id.startswith(f"{c.part}.")] == []
    assert [s.id for s in SLIPS if not s.id.startswith(f"slip.{s.part}.")] == []


def test_no_equality_is_claimed_twice() -> None:
    said = Counter((c.left, c.right, c.conditions) for c in (*CLAIMS, *SLIPS))
    assert [key for key, n in said.items() if n > 1] == []
