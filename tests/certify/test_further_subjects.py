"""The further subjects: each line is what Coq accepted, or says why it is not stated there."""

import pytest

from derivations.certify.certificate import certificate
from derivations.certify.certify_command import WORD2VEC, document, documents, is_further
from derivations.certify.coverage import recorded, subject_of
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
    return [claim for claim in of_file(document(name)).everything if claim.misfit is None]


@pytest.mark.slow  # all lines of a subject are translated
@pytest.mark.parametrize("name", filter(is_further, documents()))
def test_every_line_is_one_that_coq_accepted_or_says_why_it_is_not_stated(name: str) -> None:
    reasons = {}
    for claim in typed(name):
        key = f"{name}/{claim.id}"
        try:
            said = certificate(name, Judgement(claim, Verdict.PROVED))
        except NotCovered as reason:
            reasons[key] = str(reason)
            assert key not in recorded()
            continue
        known = recorded().get(key)
        assert known, f"{key} is not in checked.json: python -m derivations.certify --all --record"
        if known["theorem"] == said.theorem:  # a counterexample is of a witness, which takes longer
            assert known["digest"] == said.digest, f"{key} has changed since Coq accepted it"
    assert reasons == {key: why for key, why in NOT_STATED.items() if subject_of(key) == name}


def test_the_record_is_of_all_subjects_and_of_no_other() -> None:
    assert set(map(subject_of, recorded())) == {WORD2VEC, *documents()}
