"""Certificates for the tests: of true claims, and of false ones that are passed off as true."""

from derivations.certify.certificate import Certificate, certificate
from derivations.claim import Claim, Judgement, Verdict, Witness
from derivations.word2vec.claims import CLAIMS
from tests.false_claims import SLIPS

BY_ID = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}
AT_ZERO = Witness({}, {}, {"z": "0"}, ("0", "0"), ("1", "1"))


def as_proved(claim: Claim | str) -> Certificate:
    """The theorem that a claim holds, whether it does or not."""
    known = BY_ID[claim] if isinstance(claim, str) else claim
    return certificate("word2vec", Judgement(known, Verdict.PROVED))


def as_refuted(claim: str, witness: Witness = AT_ZERO) -> Certificate:
    """The theorem that a claim fails at a witness, whether it does or not."""
    return certificate("word2vec", Judgement(BY_ID[claim], Verdict.REFUTED, witness=witness))
