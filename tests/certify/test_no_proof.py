"""The lines of the subjects without a certificate: each has its reason, and none is a slip."""

import pytest

from derivations.certify.certificate import certificate
from derivations.certify.no_proof import NO_PROOF
from derivations.certify.record import recorded
from derivations.certify.subjects import DOCUMENTS, ROOT
from derivations.certify.writer import NotCovered
from derivations.claim import Judgement, Verdict
from derivations.report.subject import of_file

SIX = (
    "attention_head",
    "layer_normalisation",
    "logistic_regression",
    "softmax_regression",
    "two_layer_network",
    "variational_autoencoder",
)
STATED_NOWHERE = {
    "two_layer_network/h.5",
    "two_layer_network/h.6",
    "two_layer_network/r.4",
    "two_layer_network/r.5",
    "two_layer_network/r.6 corrected",
    "two_layer_network/r.7 corrected",
    "two_layer_network/r.9 corrected",
}


@pytest.mark.parametrize("name", SIX)
def test_every_line_is_certified_or_known_to_be_not(name: str) -> None:
    assert name in DOCUMENTS
    claims = of_file(str(ROOT / name / "written.md")).everything
    typed = {f"{name}/{claim.id}" for claim in claims if claim.misfit is None}
    certified = {key for key in recorded() if key.startswith(f"{name}/")}
    without = {key for key in (*NO_PROOF, *STATED_NOWHERE) if key.startswith(f"{name}/")}
    assert certified | without == typed
    assert not certified & without


def test_a_line_that_is_known_to_have_no_proof_says_why() -> None:
    (claim,) = of_file(str(ROOT / "attention_head" / "written.md")).pick(["b.6"]).everything
    with pytest.raises(NotCovered, match="take too long"):
        certificate("attention_head", Judgement(claim, Verdict.PROVED))


def test_slips_are_certified_to_be_false_and_what_they_should_be_to_be_true() -> None:
    corrected = {key for key in recorded() if key.endswith(" corrected")}
    assert len(corrected) > 60
    for key in corrected:
        assert recorded()[key]["theorem"].endswith(".holds")
        slip = recorded().get(key.removesuffix(" corrected"))
        assert slip is None or slip["theorem"].endswith(".falls")
