"""What is emitted says what was claimed, and a wrong translation is seen."""

import ast
import os
import re
from pathlib import Path

import pytest
from flint import arb
from sympy import Symbol

import derivations.certify
from derivations.certify.certify_command import WORD2VEC, documents, is_further
from derivations.certify.coqc import recorded, subject_of
from derivations.certify.theorem import certificate
from derivations.certify.writer import RESERVED, Letters, NotCovered, Writer
from derivations.claim import Claim, Judgement, Verdict
from derivations.language.functions import EVERY, Elementary
from derivations.report.subject import document, of_file
from tests.certify import claimed, theorem_syntax, theorem_values
from tests.certify.correspondence import (
    CONDITIONS,
    EXPRESSIONS,
    Apart,
    compare,
    covered,
    curried,
    emitted,
    mutants,
    same_said,
)
from tests.certify.theorem_syntax import UnknownSyntax
from tests.certify.theorem_values import IllTyped, NoValue, Sides, rational
from tests.planting import Mutant

# What each elementary function is called in Coq, and that those without a name are not stated.


Z = Symbol("z", real=True)
NOT_STATED = {"sign", "above", "not below", "tan", "arcsin", "arccos", "arcsinh", "erf"}


def written(row: Elementary) -> str:
    letters = Letters()
    letters.declare(Z)
    return Writer(letters).real(row.symbolic(Z)).text


@pytest.mark.parametrize("row", [row for row in EVERY if row.coq], ids=lambda row: row.name)
def test_a_function_with_a_name_in_coq_is_written_by_it(row: Elementary) -> None:
    assert written(row) == f"{row.coq} z"
    assert row.coq in RESERVED


@pytest.mark.parametrize("row", [row for row in EVERY if not row.coq], ids=lambda row: row.name)
def test_a_function_without_one_is_written_by_others_or_not_at_all(row: Elementary) -> None:
    if row.name in NOT_STATED:
        with pytest.raises(NotCovered, match="no counterpart in the library"):
            written(row)
    else:
        assert any(f"{name} " in written(row) for name in ("exp", "ln", "Rabs"))


# Each emitted statement says what its claim says, by an interpreter that knows only the text.
#
# The claims are evaluated by the project's own evaluator, with the derivatives that SymPy takes.
# More points: ``CORRESPONDENCE_POINTS=50 pytest -m '' tests/certify``.


POINTS = int(os.environ.get("CORRESPONDENCE_POINTS", "5"))
PARTS, FEW = 12, 3  # of twelve parts the first three; all of them are slow


@pytest.mark.parametrize(
    "part",
    [pytest.param(n, marks=[pytest.mark.slow] if n >= FEW else []) for n in range(PARTS)],
)
def test_the_texts_say_what_the_claims_say(part: int) -> None:
    for key in list(covered())[part::PARTS]:
        claim = covered()[key]
        texts = emitted(claim)
        assert compare(claim, texts.holds, texts.letters, POINTS) > 0, key
        if texts.falls is not None:
            same_said(texts.holds, texts.falls)


def test_every_subject_is_there() -> None:
    subjects = {key.partition("/")[0] for key in covered()}
    assert subjects == {"word2vec", "cbow", "glove", "contrastive", "hierarchical_softmax"}
    assert len(covered()) > 340


# The interpreter of Coq text: its grammar and types, and what the library's words mean.


LIBRARY = Path(derivations.certify.__file__).parent / "library"
U = curried(lambda w, k: rational(10 * w + k), 2)


def sides(left: str, right: str = "0", before: str = "") -> Sides:
    declared = "forall (K : Z) (U : Z -> Z -> R) (x y : R), "
    text = f"{before}Theorem holds : {declared}{left} = {right}."
    return theorem_values.read(text).sides({"K": 3, "U": U, "x": rational(2), "y": rational(5)})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x - y - x", -5),
        ("x - (y - x)", -1),
        ("x / y * y", 2),
        ("x / (y * y) * 100", 8),
        ("- x ^ 2", -4),
        ("(- x) ^ 2", 4),
        ("- x * y + y", -5),
        ("2 * IZR K - IZR (K - 1)", 4),
        ("Sum 1 K (fun i => U i 1)", 63),
        ("Sum 2 (K - 2) (fun i => U i 1)", 0),
        ("Sum 1 K (fun i => Sum i K (fun j => delta i j))", 3),
        ("IZR (ISum (- 1) K (fun i => i * idelta i 2))", 2),
        ("(if Rle_dec x y then x else y)", 2),
        ("(if Rle_dec y x then x else y)", 5),
        ("Rmax x y - Rmin x y + Rabs (- x)", 5),
        ("exp (ln x)", 2),
        ("sqrt (x ^ 2 + y) ^ 2", 9),
        ("Derive (fun t : R => sqrt (t + 2)) x * 4", 1),
        ("partial2 (fun U => U 1 2 * U 1 2 + U 2 1) U 1 2", 24),
        ("partial2 (fun U => U 2 1) U 1 2", 0),
        ("partial (fun v => Sum 1 K (fun k => v k ^ 3)) (U 0) 2", 12),
        ("Derive (fun t : R => t * Derive (fun s : R => s * t * t) t) x", 12),
        ("Derive (fun t : R => x * Derive (fun s : R => s * t) y) x", 2),
        ("Derive (fun t : R => ln t / t + exp (- t)) 1 + exp (- 1)", 1),
    ],
)
def test_a_term_has_its_value(text: str, value: int) -> None:
    slopes = re.search("partial|Derive", text)
    if slopes:  # said to exist: read as a definition, where nothing of that kind is asked
        parameters = "(K : Z) (U : Z -> Z -> R) (x : R) (y : R)"
        found = sides("f K U x y", before=f"Definition f {parameters} : R := {text}.\n").left
    else:
        found = sides(text).left
    assert found.overlaps(arb(value))
    assert found.rad() < arb(2) ** -40


@pytest.mark.parametrize(
    "text",
    ["x ** y", "x + fun i => i", "Sum 1 K (fun i => x", "x ? y", "let z := x in z", "x + ", "x%R"],
)
def test_what_the_grammar_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(UnknownSyntax):
        sides(text)


@pytest.mark.parametrize(
    "text",
    [
        "z",
        "IZR x",
        "x + K",
        "U 1",
        "U x 1",
        "Sum 1 K",
        "Sum 1 K (fun i => i)",
        "(x)%Z",
        "x y",
        "(K <= 3)%Z",
        "Sum 1 K (fun exp => U exp 1)",
        "partial2 (fun U => U 1 2) U 1 2",
    ],
)
def test_what_coq_would_not_accept_is_refused(text: str) -> None:
    with pytest.raises(IllTyped):
        sides(text)


def test_a_definition_sees_its_parameters_and_nothing_else() -> None:
    assert sides("f y", before="Definition f (x : R) : R := x + 1.\n").left.overlaps(arb(6))
    with pytest.raises(IllTyped):
        sides("f y", before="Definition f (z : R) : R := z + x.\n")


def test_a_premise_about_all_integers_is_tried_at_many() -> None:
    text = "forall (K : Z) (n : Z -> Z), (forall j : Z, (1 <= j <= K)%Z -> n j <> K) -> 0 = 0."
    read = theorem_values.read(f"Theorem holds : {text}")
    assert read.admits({"K": 3, "n": lambda j: 4 - 4 * j})
    assert not read.admits({"K": 3, "n": lambda j: j})


def test_a_slope_that_does_not_exist_is_not_said_to() -> None:
    text = "Theorem holds : forall (x : R), Derive (fun t : R => Rabs t) x = 1 /\\ "
    read = theorem_values.read(text + "ex_derive (fun t : R => Rabs t) x.")
    assert read.exists({"x": rational(2)})
    assert not read.exists({"x": rational(0)})


def test_a_second_derivative_is_the_slope_of_the_first() -> None:
    cubed = "is_derive (fun s : R => s ^ 3) s slope"
    text = f"has_second_slope (fun s : R => fun slope => {cubed}) x (6 * x)"
    found = theorem_values.read(f"Theorem holds : forall (x : R), {text}.").sides(
        {"x": rational(2)}
    )
    assert found.left.overlaps(arb(12))
    mixed = "has_second2 (fun U => fun slope => has_partial2 (fun U => U 1 1 * U 1 2 ^ 2)"
    text = f"{mixed} U 1 1 slope) U 1 2 0"
    read = theorem_values.read(f"Theorem holds : forall (U : Z -> Z -> R), {text}.")
    assert read.sides({"U": lambda x: lambda i: rational(10 * x + i)}).left.overlaps(arb(24))


def test_a_root_of_what_is_below_zero_has_no_value() -> None:
    assert sides("PI").left.overlaps(arb.pi())
    with pytest.raises(NoValue):
        sides("sqrt (- x)")


def test_a_premise_may_be_that_numbers_are_above_zero() -> None:
    read = theorem_values.read(
        "Theorem holds : forall (a : R) (s : Z -> R), 0 < a -> (forall j : Z, 0 < s j) -> a = a."
    )
    assert read.admits({"a": rational(1), "s": lambda j: rational(j * j + 1)})
    assert not read.admits({"a": rational(0), "s": lambda j: rational(j * j + 1)})
    assert not read.admits({"a": rational(1), "s": lambda j: rational(j)})


# the interpreter says the same in Python: who changes these, changes that
MEANT = """
Fixpoint first (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => first m f + f m end.
Definition Sum (lo hi : Z) (f : Z -> R) : R :=
  first (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).
Fixpoint ifirst (n : nat) (f : nat -> Z) : Z :=
  match n with O => 0 | S m => ifirst m f + f m end%Z.
Definition ISum (lo hi : Z) (f : Z -> Z) : Z :=
  ifirst (Z.to_nat (hi - lo + 1)) (fun n => f (lo + Z.of_nat n)%Z).
Definition delta (a b : Z) : R :=
  if Z.eqb a b then 1 else 0.
Definition idelta (a b : Z) : Z :=
  if Z.eqb a b then 1%Z else 0%Z.
Definition upd (v : Z -> R) (i : Z) (t : R) : Z -> R :=
  fun k => if Z.eqb k i then t else v k.
Definition upd2 (U : Z -> Z -> R) (x i : Z) (t : R) : Z -> Z -> R :=
  fun w => if Z.eqb w x then upd (U w) i t else U w.
Definition has_partial (F : (Z -> R) -> R) v i l :=
  is_derive (fun t : R => F (upd v i t)) (v i) l.
Definition ex_partial (F : (Z -> R) -> R) v i :=
  ex_derive (fun t : R => F (upd v i t)) (v i).
Definition partial (F : (Z -> R) -> R) v i :=
  Derive (fun t : R => F (upd v i t)) (v i).
Definition has_partial2 (F : (Z -> Z -> R) -> R) U x i l :=
  is_derive (fun t : R => F (upd2 U x i t)) (U x i) l.
Definition ex_partial2 (F : (Z -> Z -> R) -> R) U x i :=
  ex_derive (fun t : R => F (upd2 U x i t)) (U x i).
Definition partial2 (F : (Z -> Z -> R) -> R) U x i :=
  Derive (fun t : R => F (upd2 U x i t)) (U x i).
Definition has_second (P : (Z -> R) -> R -> Prop) v i l :=
  exists G : R -> R, locally (v i) (fun t : R => P (upd v i t) (G t)) /\\ is_derive G (v i) l.
Definition has_second2 (P : (Z -> Z -> R) -> R -> Prop) U x i l :=
  exists G : R -> R,
    locally (U x i) (fun t : R => P (upd2 U x i t) (G t)) /\\ is_derive G (U x i) l.
Definition has_second_slope (P : R -> R -> Prop) (a : R) l :=
  exists G : R -> R, locally a (fun t : R => P t (G t)) /\\ is_derive G a l.
"""


def test_the_library_defines_what_the_interpreter_assumes() -> None:
    texts = ((LIBRARY / f"{name}.v").read_text() for name in ("Sums", "Derivatives", "Smooth"))
    text = " ".join(" ".join(texts).split())
    found = re.findall(r"(?:Definition|Fixpoint) .*?\.(?= )", text)
    assert found == re.findall(r"(?:Definition|Fixpoint) .*?\.(?= |$)", " ".join(MEANT.split()))
    assert len(found) == 17


def test_it_knows_nothing_of_the_translator() -> None:
    files = [Path(str(module.__file__)) for module in (claimed, theorem_syntax, theorem_values)]
    assert [path.name for path in files if "certify" in _imported(path)] == []


def _imported(path: Path) -> set[str]:
    """The packages of ``derivations`` that a file imports."""
    nodes = ast.walk(ast.parse(path.read_text()))
    modules = [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {module.split(".")[1] for module in modules if module.startswith("derivations.")}


# A wrong translation is seen: planted into the translator, or made in the text.


PLANTS = (*EXPRESSIONS, *CONDITIONS)


WRONG = (Apart, IllTyped, UnknownSyntax)
MUTATED = (
    "word2vec/b.columns",
    "word2vec/c.other",
    "word2vec/e.forms",
    "word2vec/e.derivative",
    "word2vec/stable.log-sigmoid",
    "contrastive/s.4",
    "glove/p.2",
)
# that a size is at least one also follows from an index that is a member of its set
IMPLIED = re.compile(r"  \(\d <=? \w+\)%Z ->")


def corresponds(claim: Claim) -> None:
    texts = emitted(claim)
    compare(claim, texts.holds, texts.letters)
    if texts.falls is not None:
        same_said(texts.holds, texts.falls)


@pytest.mark.parametrize("mutant", PLANTS, ids=str)
def test_a_wrong_translation_is_seen(mutant: Mutant) -> None:
    claim = covered()[mutant.seen_by]
    corresponds(claim)
    with mutant.planted(), pytest.raises(WRONG):
        corresponds(claim)


def test_no_two_plants_are_called_the_same() -> None:
    assert len({mutant.meant for mutant in PLANTS}) == len(PLANTS)


@pytest.mark.parametrize("key", MUTATED)
def test_a_changed_text_is_told_from_the_emitted_one(key: str) -> None:
    claim = covered()[key]
    texts = emitted(claim)
    passed, seen = [], 0
    for line, text in mutants(texts.holds):
        try:
            compare(claim, text, texts.letters)
        except WRONG:
            seen += 1
        else:
            passed.append(line)
    assert seen > 2 * len(passed)
    assert [line for line in passed if not IMPLIED.fullmatch(line)] == []


# The further subjects: each line is what Coq accepted, or says why it is not stated there.


IN_A_DEFINITION = "a derivative in the definition of phi2"
NO_SIGN = "Signum has no counterpart in the library: Signum(a(j))"
NOT_STATED_OF_FURTHER_SUBJECTS = {
    "two_layer_network/h.5": IN_A_DEFINITION,
    "two_layer_network/h.6": IN_A_DEFINITION,
    "two_layer_network/r.4": NO_SIGN,
    "two_layer_network/r.5": NO_SIGN,
    "two_layer_network/r.6 corrected": NO_SIGN,
    "two_layer_network/r.7 corrected": NO_SIGN,
    "two_layer_network/r.9 corrected": NO_SIGN,
}


def typed(name: str) -> list[Claim]:
    return [claim for claim in of_file(str(document(name))).everything if claim.misfit is None]


@pytest.mark.slow  # all lines of a subject are translated
@pytest.mark.parametrize("name", [name for name in documents() if is_further(name)])
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
    assert reasons == {
        key: why for key, why in NOT_STATED_OF_FURTHER_SUBJECTS.items() if subject_of(key) == name
    }


def test_the_record_is_of_all_subjects_and_of_no_other() -> None:
    assert set(map(subject_of, recorded())) == {WORD2VEC, *documents()}
