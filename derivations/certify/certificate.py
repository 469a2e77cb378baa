"""Certificates: a module of Coq with definitions, theorem and proof, on a library of lemmas."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from derivations.certify.theorem import Statement, above, at_witness, instance_of, statement
from derivations.certify.writer import NotCovered, identifier, parenthesised
from derivations.claim import Claim, Judgement, Verdict

# The library that all theorems rest on: its files, in the order in which Coq reads them.


FILES = ("Sums", "Derivatives", "Tactics", "Refutation")
SMOOTH = "Smooth"  # rests on all of these; only what needs it imports it
EVERY_FILE = (*FILES, SMOOTH)
# the subjects for which the first files are enough, and quicker
FIRST = ("cbow", "contrastive", "glove", "hierarchical_softmax", "word2vec")
FOLDER = Path(__file__).parent / "library"
LOGICAL = "Certify"

HEAD = f"""\
Require Import Reals ZArith Lra Lia List.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From {LOGICAL} Require Import {" ".join(FILES)}.
Open Scope R_scope.
"""
SMOOTH_HEAD = f"{HEAD}From {LOGICAL} Require Import {SMOOTH}.\n"
# what is known in that file alone
SMOOTH_WORDS = re.compile(r"\b(sqrt|PI|sin|cos|atan|has_second\w*)\b|\^ ([3-9]|[1-9]\d+)\b|\b0 < ")


def needs_smooth(statement: str) -> bool:
    """Whether a statement has something that the first files know nothing of."""
    return SMOOTH_WORDS.search(statement) is not None


def head(*, smooth: bool) -> str:
    """What stands above the theorems of a file."""
    return SMOOTH_HEAD if smooth else HEAD


@cache
def sources() -> dict[str, str]:
    """The text of each file of the library."""
    return {name: (FOLDER / f"{name}.v").read_text(encoding="utf-8") for name in EVERY_FILE}


@cache
def library_digest(*, smooth: bool = True) -> str:
    """What tells this library, and what is imported beside it, from any other."""
    files = EVERY_FILE if smooth else FILES
    texts = [*(sources()[name] for name in files), head(smooth=smooth)]
    return sha256("\n".join(texts).encode()).hexdigest()


@cache
def axioms(*, at_witness: bool) -> frozenset[str]:
    """The axioms that a theorem may rest on: those of the real numbers that Coquelicot uses.

    A counterexample may also use the machine integers with which intervals are computed.
    """
    files = ("axioms.txt", "axioms_of_witnesses.txt")[: 1 + at_witness]
    lines = (line for name in files for line in (FOLDER / name).read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


# One certificate: a module of Coq with the definitions, the theorem and its proof.


HOLDS, FALLS = "holds", "falls"
_TACTICS = {HOLDS: ("holds", "proved"), FALLS: ("falls", "refuted")}  # the second of Smooth.v


@dataclass(frozen=True)
class Certificate:
    """What is handed to Coq for one claim: ``theorem`` is its name there."""

    subject: str
    id: str
    part: str
    theorem: str
    text: str
    smooth: bool

    @property
    def key(self) -> str:
        """The id with its subject before it."""
        return f"{self.subject}/{self.id}"

    @property
    def file(self) -> str:
        """The file it belongs in: one or two for each part of a subject."""
        return module_name(f"{self.subject}_{self.part}") + ("_smooth" if self.smooth else "")

    @property
    def axioms(self) -> frozenset[str]:
        """What it may rest on."""
        return axioms(at_witness=self.theorem.endswith(FALLS))

    @property
    def digest(self) -> str:
        """Of the statement, the proof and the library that both are about."""
        return sha256(f"{library_digest(smooth=self.smooth)}\n{self.text}".encode()).hexdigest()


def certificate(subject: str, judgement: Judgement) -> Certificate:
    """The certificate of a judgement; raises NotCovered with the reason where there is none."""
    claim = judgement.claim
    if judgement.shown:
        raise NotCovered(judgement.shown)  # it is not the claim by itself that was shown
    if judgement.verdict is Verdict.PROVED:
        said = statement(_typed(claim))
        text = _universal(said)
        return _module(subject, claim, said, HOLDS, text)
    if judgement.verdict is Verdict.REFUTED:
        assert judgement.witness is not None
        said = statement(_typed(claim))
        instance = instance_of(said, judgement.witness)
        return _module(subject, claim, said, FALLS, at_witness(said), f"{instance} ")
    raise NotCovered(f"{judgement.verdict.value}: {judgement.reason}")


def _typed(claim: Claim) -> Claim:
    if claim.misfit is not None:
        raise NotCovered("ill-typed")
    return claim


def _universal(said: Statement) -> str:
    """For all letters that meet the hypotheses."""
    lines = [f"  forall {' '.join(said.declarations)},"] if said.declarations else []
    lines += [f"  {parenthesised(each)} ->" for each in said.hypotheses]
    conclusions = [said.holds, *said.existing]
    lines.append(" /\\\n".join(f"  ({each})" for each in conclusions))
    return "\n".join(lines)


def _module(
    subject: str, claim: Claim, said: Statement, theorem: str, text: str, instance: str = ""
) -> Certificate:
    smooth = subject not in FIRST or needs_smooth("\n".join([*said.definitions, text]))
    script = f"{instance}{_TACTICS[theorem][smooth]}."
    name = module_name(claim.id)
    opened = _opened(said) if theorem == HOLDS else _unfolded(said.names)
    lines = [
        f"Module {name}.",
        *said.definitions,
        f"Theorem {theorem} :\n{text}.",
        f"Proof. {opened}{script} Qed.",
        f"End {name}.",
    ]
    whole = "\n".join(lines) + "\n"
    return Certificate(subject, claim.id, claim.part, f"{name}.{theorem}", whole, smooth)


def _opened(said: Statement) -> str:
    """What opens a proof: definitions are unfolded.

    A derivative by what is defined is proved at any value of that: what it is made of is not seen.
    """
    if said.point.split(" ")[0] not in said.names:
        return _unfolded(said.names)
    first = above(said.point, said)[:-1]
    rest = [name for name in said.names if name not in first]
    seen = f"intros. {_unfolded(first)}cbv beta. " if first else "intros. "
    return f"{seen}generalize ({said.point}). intro. {_unfolded(rest)}"


def _unfolded(names: Iterable[str]) -> str:
    listed = " ".join(names)
    return f"cbv delta [{listed}]. " if listed else ""


def module_name(id: str) -> str:
    """The id as an identifier; different ids have different ones within a subject."""
    return identifier(id.replace("-", "_").replace(" ", "_").replace(".", "_"))
