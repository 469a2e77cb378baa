"""The record of what Coq accepted: current for what is claimed now, and told by --explain."""

import json
from pathlib import Path

import pytest

from derivations.certify import coverage
from derivations.certify.coqc import Checked
from derivations.certify.coverage import Outcome, Plan, recorded, standing
from derivations.claim import Judgement, Verdict
from derivations.verify import main
from derivations.word2vec.claims import CLAIMS
from tests.certify.correspondence import BY_ID, as_proved
from tests.false_claims import SLIPS


@pytest.mark.parametrize("id", [claim.id for claim in CLAIMS])
def test_what_coq_accepted_is_what_is_claimed_now(id: str) -> None:
    known = recorded().get(f"word2vec/{id}")
    assert known, f"{id} is not in checked.json: python -m derivations.certify --record"
    assert known["digest"] == as_proved(id).digest, f"{id} has changed since Coq accepted it"


def test_the_record_has_counterexamples_of_false_claims_under_their_own_name() -> None:
    theorems = {known["theorem"] for known in recorded().values()}
    false = {key for key in recorded() if "/slip." in key}
    assert len(false) > 100
    assert all(recorded()[key]["theorem"].endswith(".falls") for key in false)
    assert {f"word2vec/{slip.id}" for slip in SLIPS} >= false
    assert len(theorems) > 300


def test_of_subjects_that_were_not_run_the_record_stays(tmp_path: Path) -> None:
    file = tmp_path / "checked.json"
    other = {"theorem": "a_1.holds", "digest": "0" * 64}
    gone = {"theorem": "gone.holds", "digest": "1" * 64}
    file.write_text(json.dumps({"attention_head/a.1": other, "word2vec/gone": gone}))
    now = as_proved("e.complement")
    key = "word2vec/e.complement"
    plan = Plan([now], {key: Judgement(BY_ID["e.complement"], Verdict.PROVED)})
    outcome = Outcome(plan, {key: Checked(now, frozenset())})
    assert coverage.out_of_date(outcome, file) == [key, "word2vec/gone"]
    coverage.record(outcome, file)
    entry = {"theorem": now.theorem, "digest": now.digest}
    assert json.loads(file.read_text()) == {"attention_head/a.1": other, key: entry}
    assert coverage.out_of_date(outcome, file) == []


def _standing(monkeypatch: pytest.MonkeyPatch, known: coverage.Recorded) -> str:
    monkeypatch.setattr(coverage, "recorded", lambda: known)
    judgement = Judgement(BY_ID["e.complement"], Verdict.PROVED)
    (line,) = standing("word2vec", [judgement])
    return line


def test_a_changed_claim_is_told_from_the_one_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = as_proved("e.complement")
    entry = {"theorem": now.theorem, "digest": now.digest}
    key = "word2vec/e.complement"
    assert "current" in _standing(monkeypatch, {key: entry})
    assert "something else" in _standing(monkeypatch, {key: {**entry, "digest": "0" * 64}})
    assert "not checked" in _standing(monkeypatch, {})


def test_what_has_no_theorem_says_why() -> None:
    undecided = Judgement(BY_ID["e.complement"], Verdict.UNDECIDED, reason="too hard")
    assert list(standing("word2vec", [undecided])) == [
        "word2vec/e.complement: no theorem (undecided: too hard)"
    ]


def test_explain_names_the_theorem(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", "e.complement"]) == 0
    said = capsys.readouterr().out
    assert "e_complement.holds in word2vec_e.v: checked by Coq; the digest is current" in said


def test_the_record_is_sorted_text_that_a_person_can_compare() -> None:
    text = Path(coverage.CHECKED).read_text(encoding="utf-8")
    known = json.loads(text)
    assert list(known) == sorted(known)
    assert text == json.dumps(known, indent=1, ensure_ascii=False) + "\n"
