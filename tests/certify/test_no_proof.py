"""The lines of the subjects that are not stated in Coq, or have no proof there: each says why."""

import pytest

from derivations.certify.certificate import certificate
from derivations.certify.no_proof import NO_PROOF
from derivations.certify.subjects import BY_FILE, ROOT
from derivations.certify.writer import NotCovered
from derivations.claim import Claim, Judgement, Verdict
from derivations.report.subject import of_file

IN_A_DEFINITION = "a derivative in the definition of phi2"
NO_SIGN = "Signum has no counterpart in the library: Signum(a(j))"
NOT_STATED = {
    "two_layer_network/h.5": IN_A_DEFINITION,
    "two_layer_network/h.6": IN_A_DEFINITION,
    "two_layer_network/r.4": NO_SIGN,
    "two_layer_network/r.5": NO_SIGN,
    "two_layer_network/r.6 corrected": NO_SIGN,
    "two_layer_network/r.7 corrected": NO_SIGN,
    "two_layer_network/r.9 corrected": NO_SIGN,
}


def typed(name: str) -> list[Claim]:
    claims = of_file(str(ROOT / name / "written.md")).everything
    return [claim for claim in claims if claim.misfit is None]


@pytest.mark.slow  # all lines of a subject are translated
@pytest.mark.parametrize("name", BY_FILE)
def test_every_line_is_stated_or_says_why_it_is_not(name: str) -> None:
    reasons = {}
    for claim in typed(name):
        try:
            said = certificate(name, Judgement(claim, Verdict.PROVED))
        except NotCovered as reason:
            reasons[f"{name}/{claim.id}"] = str(reason)
        else:
            assert said.smooth
    known = {**NOT_STATED, **NO_PROOF}
    assert reasons == {key: why for key, why in known.items() if key.startswith(f"{name}/")}


def test_a_line_that_is_known_to_have_no_proof_says_why() -> None:
    (claim,) = of_file(str(ROOT / "attention_head" / "written.md")).pick(["b.6"]).everything
    with pytest.raises(NotCovered, match="take too long"):
        certificate("attention_head", Judgement(claim, Verdict.PROVED))
