"""One certificate: a module of Coq with the definitions, the theorem and its proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from derivations.certify.coq_names import identifier
from derivations.certify.coq_text import parenthesised
from derivations.certify.library import FIRST, axioms, library_digest, needs_smooth
from derivations.certify.refutation import at_witness, instance_of
from derivations.certify.theorem import Statement, above, statement
from derivations.certify.writer import NotCovered
from derivations.claim import Claim, Judgement, Verdict

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
