"""A false claim among the true ones is not proved, and the command fails."""

from dataclasses import replace

import pytest

from derivations import verify
from derivations.claim import Claim, Verdict
from derivations.proof.judge import judge
from derivations.report.subject import Subject
from derivations.word2vec.claims import CLAIMS
from tests.false_claims import SLIPS

CALLED = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.id)
def test_a_slip_under_another_name_is_not_proved(slip: Claim) -> None:
    planted = replace(slip, id="b.planted", title="the gradient by the center vector")
    assert judge(planted).verdict is not Verdict.PROVED


def test_the_command_fails_when_a_slip_is_among_the_claims(
    capsys: pytest.CaptureFixture[str],
) -> None:
    planted = replace(CALLED["slip.e.plus"], id="e.planted")
    assert verify.main([], load=lambda: Subject((CALLED["e.forms"], planted), ())) == verify.FAILED
    assert "e.planted" in capsys.readouterr().out


def test_the_command_fails_when_a_true_claim_is_among_the_slips(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert verify.main([], load=lambda: Subject((), (CALLED["e.forms"],))) == verify.FAILED
    assert "e.forms" in capsys.readouterr().out
