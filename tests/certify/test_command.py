"""The command that certifies: what it prints, what it keeps, and what an interrupt leaves."""

import json
from pathlib import Path

import pytest

from derivations import verify
from derivations.certify import coqc
from derivations.certify.certify_command import main
from derivations.certify.coqc import Checked, Outcome, Plan, recorded, standing
from derivations.certify.theorem import EVERY_FILE, Certificate
from derivations.claim import Judgement, Verdict
from derivations.word2vec.claims import CLAIMS
from tests.certify.correspondence import BY_ID, as_proved
from tests.false_claims import SLIPS

WRONG_USAGE = 2


@pytest.fixture
def without_coq(monkeypatch: pytest.MonkeyPatch) -> None:
    from derivations.certify import coqc

    coqc.version.cache_clear()
    monkeypatch.setenv("PATH", "")


@pytest.mark.usefixtures("without_coq")
def test_without_coq_it_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["e.complement"]) == WRONG_USAGE
    said = capsys.readouterr().err
    assert "apt-get install coq libcoq-coquelicot libcoq-interval" in said
    assert "--emit" in said


@pytest.mark.usefixtures("without_coq")
def test_without_coq_the_files_are_still_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["e.complement", "slip.e.even", "--emit", str(tmp_path)]) == 0
    assert "2 theorems" in capsys.readouterr().out
    text = (tmp_path / "word2vec_e.v").read_text()
    assert "Theorem holds :\n  forall (z : R),\n  (1 - sigma z\n  = sigma (- z))." in text
    assert "Theorem falls :\n  exists (z : R),\n  (1 - sigma z\n  <> sigma z)." in text
    listed = (tmp_path / "_CoqProject").read_text().splitlines()[2:]
    assert sorted(listed) == sorted([*(f"library/{name}.v" for name in EVERY_FILE), "word2vec_e.v"])
    assert all((tmp_path / name).exists() for name in listed)


def test_an_unknown_id_is_refused_with_a_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["e.complemen"]) == WRONG_USAGE
    assert "e.complement" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--jobs", "0"], ["--record", "e"], ["--all", "e"], ["a.md", "b.md"]]
)
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == WRONG_USAGE


def test_a_file_that_cannot_be_read_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no/such/file.md"]) == WRONG_USAGE
    assert "no/such/file.md" in capsys.readouterr().err


def test_what_was_accepted_before_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from derivations.certify import certify_command, coqc

    asked: list[str] = []

    def pretend(certificates: list[object], library: Path, file: Path, on_checked: object) -> None:
        for each in certificates:
            asked.append(each.id)  # type: ignore[attr-defined]
            on_checked(coqc.Checked(each, frozenset()))  # type: ignore[operator, arg-type]

    for module in (certify_command, coqc):
        monkeypatch.setattr(module, "version", lambda: "pretended")
    monkeypatch.setattr(coqc, "compile_library", lambda folder: None)
    monkeypatch.setattr(coqc, "check", pretend)
    arguments = ["e.complement", "--cache", str(tmp_path), "--format", "json"]
    for _ in range(2):
        assert main(arguments) == 0
        page = json.loads(capsys.readouterr().out)
        assert page["summary"] == {"accepted": 1, "missing": [], "not_certified": []}
    assert asked == ["e.complement"]
    for kept in (tmp_path / "accepted").iterdir():
        kept.write_text("{")  # cut short by a full disk
    assert main(arguments) == 0
    assert asked == ["e.complement"] * 2


def test_what_was_interrupted_is_neither_kept_nor_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def interrupted(certificates: list[Certificate], *_: object) -> None:
        asked.append(certificates[0].file)
        raise KeyboardInterrupt

    monkeypatch.setattr(coqc, "version", lambda: "pretended")
    monkeypatch.setattr(coqc, "compile_library", lambda folder: None)
    monkeypatch.setattr(coqc, "check", interrupted)
    parts = [as_proved(id) for id in ("a.softmax", "b.entry", "c.any", "e.forms")]
    with pytest.raises(KeyboardInterrupt):
        coqc.check_all(parts, coqc.Store(tmp_path), 1, lambda _: None)
    assert not (tmp_path / "accepted").exists()
    assert asked[0] == "word2vec_a"


def test_two_answers_of_coq_are_told_apart() -> None:
    text = (
        "Axioms:\nA.one : nat\nB.two\n  : forall x : nat,\n    x = x\n"
        "Closed under the global context\n"
    )
    assert coqc._assumptions(text) == [frozenset({"A.one", "B.two"}), frozenset()]


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
    assert coqc.out_of_date(outcome, file) == [key, "word2vec/gone"]
    coqc.record(outcome, file)
    entry = {"theorem": now.theorem, "digest": now.digest}
    assert json.loads(file.read_text()) == {"attention_head/a.1": other, key: entry}
    assert coqc.out_of_date(outcome, file) == []


def _standing(monkeypatch: pytest.MonkeyPatch, known: coqc.Recorded) -> str:
    monkeypatch.setattr(coqc, "recorded", lambda: known)
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
    assert verify.main(["--explain", "e.complement"]) == 0
    said = capsys.readouterr().out
    assert "e_complement.holds in word2vec_e.v: checked by Coq; the digest is current" in said


def test_the_record_is_sorted_text_that_a_person_can_compare() -> None:
    text = Path(coqc.CHECKED).read_text(encoding="utf-8")
    known = json.loads(text)
    assert list(known) == sorted(known)
    assert text == json.dumps(known, indent=1, ensure_ascii=False) + "\n"
