"""A claim that would take for ever is given up, and never called proved."""

import pytest

from derivations.claim import Verdict
from derivations.proof import judge as judge_module
from derivations.word2vec.claims import CLAIMS


def test_a_claim_is_given_up_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_module, "MOST_SECONDS", -1)
    judgement = judge_module.judge(CLAIMS[0])
    assert judgement.verdict is Verdict.UNDECIDED
    assert "not decided within" in judgement.reason
