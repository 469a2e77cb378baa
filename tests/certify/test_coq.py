"""Coq: what it accepts and what not, and the command that asks it."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from derivations import verify
from derivations.certify import coqc
from derivations.certify.certify_command import main
from derivations.certify.coqc import (
    README,
    Checked,
    Outcome,
    Plan,
    check,
    compile_library,
    emit,
    recorded,
    standing,
)
from derivations.certify.theorem import EVERY_FILE, Certificate, axioms, certificate
from derivations.claim import Claim, Judgement, Verdict, Witness
from derivations.reader.derivation import derivation
from derivations.reader.equation import Line
from derivations.word2vec.claims import CLAIMS
from tests.documents import SLIPS

BY_ID = {claim.id: claim for claim in (*CLAIMS, *SLIPS)}
AT_ZERO = Witness({}, {}, {"z": "0"}, ("0", "0"), ("1", "1"))


def as_proved(claim: Claim | str) -> Certificate:
    """The theorem that a claim holds, whether it does or not."""
    known = BY_ID[claim] if isinstance(claim, str) else claim
    return certificate("word2vec", Judgement(known, Verdict.PROVED))


def as_refuted(claim: str) -> Certificate:
    """The theorem that a claim fails where all is zero, whether it does or not."""
    return certificate("word2vec", Judgement(BY_ID[claim], Verdict.REFUTED, witness=AT_ZERO))


TRUE = (
    "c.other",
    "a.softmax",
    "e.derivative",
    "e.complement",
    "stable.sigmoid",
    "stable.error-at-once",
)
FALSE = (
    "slip.e.even",
    "slip.e.square",
    "slip.e.chain-rule-sign",
    "slip.b.normaliser-constant",
    "slip.stable.softplus",
    "slip.stable.left-out-twice",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if which("coqc") is None:
        pytest.skip("coqc is not installed")
    folder = tmp_path_factory.mktemp("library")
    compile_library(folder)
    return folder


def checked(certificates: Sequence[Certificate], library: Path, folder: Path) -> dict[str, Checked]:
    found: dict[str, Checked] = {}

    def keep(each: Checked) -> None:
        found[each.certificate.id] = each

    check(certificates, library, folder / "theorems.v", keep)
    return found


@pytest.fixture(scope="module")
def both(library: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checked]:
    """A true claim, and the same without its condition: false, and with the same proof."""
    bare = replace(BY_ID["c.other"], id="c.other.bare", conditions=())
    theorems = [as_proved("c.other"), as_proved(bare)]
    return checked(theorems, library, tmp_path_factory.mktemp("both"))


@pytest.mark.slow
def test_many_true_and_false_claims_in_one_file_are_told_apart(
    library: Path, tmp_path: Path
) -> None:
    """Coq starts anew after each false one, which takes seconds."""
    in_turn = [as_proved(each) for pair in zip(TRUE, FALSE, strict=True) for each in pair]
    found = checked(in_turn, library, tmp_path)
    assert {id for id, each in found.items() if each.accepted} == set(TRUE)
    assert all(found[id].complaint for id in FALSE)


@pytest.mark.slow
def test_a_claim_without_the_condition_it_needs_is_not_accepted(both: dict[str, Checked]) -> None:
    assert both["c.other"].accepted, both["c.other"].reason
    assert not both["c.other.bare"].accepted
    assert both["c.other.bare"].complaint


@pytest.mark.slow
def test_accepted_theorems_rest_on_the_axioms_of_the_reals_alone(both: dict[str, Checked]) -> None:
    found = both["c.other"].axioms
    assert found <= axioms(at_witness=False)
    assert "ClassicalDedekindReals.sig_forall_dec" in found  # or they were not read


@pytest.mark.slow
def test_a_false_claim_is_refuted_at_its_witness_and_a_true_one_at_none(
    library: Path, tmp_path: Path
) -> None:
    theorems = [as_refuted("slip.e.square"), as_refuted("e.complement"), as_refuted("slip.e.plus")]
    found = checked(theorems, library, tmp_path)
    assert {id for id, each in found.items() if each.accepted} == {"slip.e.square", "slip.e.plus"}


@pytest.mark.slow
@pytest.mark.skipif(not (which("coqc") and which("make")), reason="Coq or make is not installed")
def test_what_is_emitted_is_checked_as_its_readme_says(tmp_path: Path) -> None:
    emit([as_proved("e.complement")], tmp_path)
    (command,) = [line for line in README.splitlines() if "coq_makefile" in line]
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "word2vec_e.vo").exists()
    assert "Axioms:" in done.stdout
    assert "Warning" not in done.stdout + done.stderr


def _cheat(name: str, proof: str, before: str = "") -> Certificate:
    text = f"Module {name}.\n{before}\nTheorem holds : 1 = 2.\n{proof}\nEnd {name}.\n"
    return Certificate("word2vec", name, "x", f"{name}.holds", text, smooth=False)


@pytest.mark.slow
def test_a_proof_by_an_axiom_of_its_own_and_one_left_out_are_refused(
    library: Path, tmp_path: Path
) -> None:
    own = _cheat("own", "Proof. exact wish. Qed.", before="Axiom wish : 1 = 2.")
    theorems = [own, _cheat("left_out", "Proof. Admitted."), as_proved("e.forms")]
    found = checked(theorems, library, tmp_path)
    assert not found["own"].accepted
    assert "own.wish" in found["own"].reason
    assert not found["left_out"].accepted
    assert "left_out.holds" in found["left_out"].reason
    assert found["e.forms"].accepted


SMOOTH = r"""```given
size n >= 1
index i, k in 1..n
vector x in R^n
scalar a > 0
scalar b, r, w
define m = \sum_i x_i^2 + a
define z_i = w x_i
define L = \sum_i z_i^2
```
$$\frac{d}{db} \sin(w b) = w \cos(w b)$$
$$\frac{d}{db} \arctan(w b) = \frac{w}{1 + w^2 b^2}$$
$$\frac{d}{da} a^r = r a^{r - 1}$$
$$\frac{d^2}{db^2} \cos(b) = -\cos(b)$$
$$\frac{\partial}{\partial x_k} \sqrt{m} = \frac{x_k}{\sqrt{m}}$$
$$\log(\sqrt{a} a^2) = \frac{5}{2} \log a$$
$$\frac{\partial L}{\partial z} = 2 z$$
$$\frac{d}{db} \cos(b) = \sin(b)$$
$$\frac{\partial}{\partial x_k} \sqrt{m} = \frac{x_k}{m}$$
$$\frac{\partial L}{\partial z} = z$$
$$\frac{d^2}{db^2} \sum_i \log(1 + e^{b x_i}) = \sum_i \frac{x_i^2 e^{b x_i}}{(1 + e^{b x_i})^2}$$
$$\frac{d}{dr} \sum_i r^2 |x_i| = 2 r \sum_k |x_k|$$
$$\frac{d^2}{db^2} \sum_i \log(1 + e^{b x_i}) = \sum_i \frac{x_i e^{b x_i}}{(1 + e^{b x_i})^2}$$
$$\frac{d}{dr} \sum_i r^2 |x_i| = 2 r \sum_k x_k$$
"""
WRONG = ("line.8", "line.9", "line.10", "line.13", "line.14")


@pytest.mark.slow
def test_of_functions_and_roots_the_true_lines_are_accepted_and_no_false_one(
    library: Path, tmp_path: Path
) -> None:
    lines = [line for line in derivation(SMOOTH, "smooth").lines if isinstance(line, Line)]
    proved = [certificate("smooth", Judgement(each.claim, Verdict.PROVED)) for each in lines]
    found = checked(proved, library, tmp_path)
    assert {id for id, each in found.items() if not each.accepted} == set(WRONG)
    assert len(found) == 14


WRONG_USAGE = 2


@pytest.fixture
def without_coq(monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.slow
def test_what_was_accepted_before_is_not_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from derivations.certify import certify_command

    asked: list[str] = []

    def pretend(certificates: list[object], library: Path, file: Path, on_checked: object) -> None:
        for each in certificates:
            asked.append(each.id)  # type: ignore[attr-defined]
            on_checked(coqc.Checked(each, frozenset()))  # type: ignore[operator, arg-type]

    for module in (certify_command, coqc):
        monkeypatch.setattr(module, "version", lambda: "pretended")
    monkeypatch.setattr(coqc, "compile_library", lambda folder: None)
    monkeypatch.setattr(coqc, "check", pretend)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    arguments = ["e.complement", "--format", "json"]
    for _ in range(2):
        assert main(arguments) == 0
        page = json.loads(capsys.readouterr().out)
        assert page["summary"] == {"accepted": 1, "missing": [], "not_certified": []}
    assert asked == ["e.complement"]
    for kept in (tmp_path / "proved-kernels" / "accepted").iterdir():
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
