"""What a judgement says beside its verdict: the node that left the fragment, the evidence."""

import pytest
from sympy import Expr, Function, Integer, Symbol, cbrt

from derivations.claim import Unequal, Verdict
from derivations.proof.judge import judge
from derivations.word2vec.claims import CLAIMS
from derivations.word2vec.losses import U, i, o, sigma, x, z
from tests.false_claims import SLIPS
from tests.proof.judged import equality, judged

CALLED = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}


# Undecided

unknown = Function("g")


@pytest.mark.parametrize(
    ("expression", "node"),
    [
        (unknown(z), "g(z)"),
        (cbrt(U[o, i]), "U[o, i]**(1/3)"),
        (Symbol("t") ** Symbol("s"), "t**s"),
        (Integer(2) ** z, "2**z"),
    ],
    ids=str,
)
def test_what_is_outside_the_fragment_is_undecided_and_named(expression: Expr, node: str) -> None:
    judgement = judge(equality(expression, expression + z - z))
    assert judgement.verdict is Verdict.UNDECIDED
    assert node in judgement.reason


def test_an_undecided_claim_is_not_decided_by_looking_alike() -> None:
    """Both sides are the very same expression; still nothing is said about what is unknown."""
    assert judge(equality(unknown(z), unknown(z))).verdict is Verdict.UNDECIDED


def test_sides_without_a_value_are_undecided() -> None:
    judgement = judge(equality(1 / (U[o, i] - U[o, i] * sigma(z) - U[o, i] * sigma(-z)), z))
    assert judgement.verdict is Verdict.UNDECIDED
    assert "no value" in judgement.reason or "division by zero" in judgement.reason


# What a judgement carries


def test_a_proof_says_what_it_covered() -> None:
    proofs = {proof.name: proof for proof in judged(CALLED["b.entry"]).proofs}
    assert proofs["normal form"].detail == "the difference is zero for all sizes"
    assert proofs["small sizes"].detail == "N ≤ 3, d ≤ 2"
    assert proofs["size bound"].instances > 0


def test_instances_are_added_up_over_the_arguments() -> None:
    judgement = judged(CALLED["c.any"])
    assert judgement.instances == sum(proof.instances for proof in judgement.proofs) > 0


def test_a_refutation_carries_its_instance_and_no_reason() -> None:
    judgement = judged(CALLED["slip.c.o-among-the-others"])
    assert judgement.verdict is Verdict.REFUTED
    assert [proof.holds for proof in judgement.proofs] == [False]
    assert judgement.reason == ""
    assert judgement.witness is not None
    assert judgement.witness.words["x"] == judgement.witness.words["o"]


def test_a_judgement_belongs_to_its_claim_and_is_timed() -> None:
    claim = CALLED["e.derivative"]
    judgement = judge(claim)
    assert judgement.claim is claim
    assert judgement.seconds > 0


def test_the_full_sizes_decide_more_instances_and_the_same_verdict() -> None:
    claim = CALLED["c.other"]
    default, full = judged(claim), judge(claim, "full")
    assert default.verdict is full.verdict is Verdict.PROVED
    assert full.instances > default.instances


def test_a_false_claim_gets_its_smallest_sizes() -> None:
    """One word is not enough to tell the sign of a gradient that is zero there."""
    witness = judged(CALLED["slip.b.sign"]).witness
    assert witness is not None
    assert witness.sizes == {"N": 2, "d": 1}
    assert judge(equality(U[x, i], U[o, i], Unequal(x, o))).verdict is Verdict.REFUTED
