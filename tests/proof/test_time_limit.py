"""A claim that would take for ever is given up, and never called proved."""

from dataclasses import replace

import pytest
from sympy import Symbol, exp

from derivations.claim import Claim, Verdict
from derivations.language.tree import Array
from derivations.proof import judge as judge_module
from derivations.word2vec.claims import CLAIMS


def test_a_claim_is_given_up_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = replace(judge_module.SELECTIONS["default"], most_seconds=-1)
    monkeypatch.setitem(judge_module.SELECTIONS, "default", hurried)
    judgement = judge_module.judge(CLAIMS[0])
    assert judgement.verdict is Verdict.UNDECIDED
    assert "not decided within" in judgement.reason


def test_a_counterexample_of_too_many_digits_is_passed_over() -> None:
    """exp(-z^51) is soon no number to write down; a small z tells the sides apart as well."""
    z = Symbol("z", real=True)
    sides = Array(exp(-(z**51))), Array(exp(-(z**51)) + z**51)
    judgement = judge_module.judge(Claim("large", "large", "", "", *sides))
    assert judgement.verdict is Verdict.REFUTED
    assert judgement.seconds < 5
    assert judgement.witness is not None
    assert all(len(end) < 400 for end in (*judgement.witness.left, *judgement.witness.right))
