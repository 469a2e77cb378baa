"""What Coq accepts, and that it accepts nothing else. Skipped where Coq is not installed."""

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from derivations.certify.coqc import README, Checked, check, compile_library, emit
from derivations.certify.theorem import Certificate, axioms, certificate
from derivations.claim import Judgement, Verdict
from derivations.reader.derivation import derivation
from derivations.reader.line import Line
from tests.certify.correspondence import BY_ID, as_proved, as_refuted

pytestmark = pytest.mark.skipif(which("coqc") is None, reason="coqc is not installed")

FEW = 2  # Coq starts anew after each false one, which takes seconds: of all six slowly
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
def mixed(library: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Checked]:
    """True claims and false ones in turn, all said to be proved, in one file."""
    unconditional = replace(BY_ID["c.other"], id="c.other.bare", conditions=())
    theorems = [*in_turn(TRUE[:FEW], FALSE[:FEW]), as_proved(unconditional)]
    return checked(theorems, library, tmp_path_factory.mktemp("mixed"))


def in_turn(true: Sequence[str], false: Sequence[str]) -> list[Certificate]:
    return [as_proved(each) for pair in zip(true, false, strict=True) for each in pair]


@pytest.mark.slow
@pytest.mark.parametrize("id", TRUE[:FEW])
def test_a_true_claim_is_accepted_beside_false_ones(id: str, mixed: dict[str, Checked]) -> None:
    assert mixed[id].accepted, mixed[id].reason


@pytest.mark.slow
@pytest.mark.parametrize("id", FALSE[:FEW])
def test_a_false_claim_given_the_proof_of_a_true_one_is_not_accepted(
    id: str, mixed: dict[str, Checked]
) -> None:
    assert not mixed[id].accepted
    assert mixed[id].complaint


@pytest.mark.slow
def test_many_true_and_false_claims_in_one_file_are_told_apart(
    library: Path, tmp_path: Path
) -> None:
    found = checked(in_turn(TRUE, FALSE), library, tmp_path)
    assert {id for id, each in found.items() if each.accepted} == set(TRUE)
    assert all(found[id].complaint for id in FALSE)


def test_a_claim_without_the_condition_it_needs_is_not_accepted(mixed: dict[str, Checked]) -> None:
    assert not mixed["c.other.bare"].accepted


def test_accepted_theorems_rest_on_the_axioms_of_the_reals_alone(
    mixed: dict[str, Checked],
) -> None:
    allowed = axioms(at_witness=False)
    found = {name for each in mixed.values() if each.accepted for name in each.axioms}
    assert found <= allowed
    assert "ClassicalDedekindReals.sig_forall_dec" in found  # or they were not read


@pytest.mark.slow
def test_a_false_claim_is_refuted_at_its_witness_and_a_true_one_at_none(
    library: Path, tmp_path: Path
) -> None:
    theorems = [as_refuted("slip.e.square"), as_refuted("e.complement"), as_refuted("slip.e.plus")]
    found = checked(theorems, library, tmp_path)
    assert {id for id, each in found.items() if each.accepted} == {"slip.e.square", "slip.e.plus"}


@pytest.mark.slow
@pytest.mark.skipif(which("make") is None, reason="make is not installed")
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
