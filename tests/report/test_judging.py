"""Claims judged at once are judged as if one by one."""

import os

import pytest

from derivations.claim import Claim, Judgement
from derivations.report import judging
from derivations.report.judging import Disagreed, judge_all
from tests.report.pretend import CLAIM, OTHER, SUBJECT, at_odds, knowing

CLAIMS = SUBJECT.everything


@pytest.fixture(params=[1, 2])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(judging, "_cores", lambda: request.param)
    return int(request.param)


@pytest.mark.usefixtures("processes")
def test_judgements_come_in_the_order_of_the_claims_with_their_claims() -> None:
    heard: list[str] = []
    judgements = judge_all(CLAIMS, knowing, "default", heard.append)
    assert judgements == [knowing(claim) for claim in CLAIMS]
    assert all(found.claim is claim for found, claim in zip(judgements, CLAIMS, strict=True))
    assert heard == [claim.id for claim in CLAIMS]


@pytest.mark.usefixtures("processes")
def test_the_sizes_asked_for_reach_the_judge() -> None:
    judgement, *_ = judge_all(CLAIMS, knowing, "full", lambda _: None)
    assert judgement.proofs[0].detail == "the difference is zero; full sizes"


@pytest.mark.usefixtures("processes")
def test_a_disagreement_names_its_claim() -> None:
    with pytest.raises(Disagreed, match=r"^about c\.other:\n  normal form: zero; small sizes: not"):
        judge_all(CLAIMS, at_odds, "default", lambda _: None)


@pytest.mark.usefixtures("processes")
def test_a_fault_in_the_judge_is_not_swallowed() -> None:
    def broken(claim: Claim, sizes: str) -> Judgement:
        raise ZeroDivisionError(claim.id)

    with pytest.raises(ZeroDivisionError, match=CLAIM.id) as caught:
        judge_all(CLAIMS, broken, "default", lambda _: None)
    assert "while judging e.complement" in caught.value.__notes__


def test_several_cores_are_used_where_there_are_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_cores", lambda: 2)

    def where(claim: Claim, sizes: str) -> Judgement:
        return Judgement(claim, knowing(claim, sizes).verdict, reason=str(os.getpid()))

    workers = {judgement.reason for judgement in judge_all(CLAIMS, where, "", lambda _: None)}
    assert str(os.getpid()) not in workers


def test_without_fork_everything_is_judged_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_cores", lambda: 2)
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])

    def where(claim: Claim, sizes: str) -> Judgement:
        return Judgement(claim, knowing(claim, sizes).verdict, reason=str(os.getpid()))

    judgements = judge_all((CLAIM, OTHER), where, "", lambda _: None)
    assert {judgement.reason for judgement in judgements} == {str(os.getpid())}
