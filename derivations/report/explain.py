"""One claim in full: all that was found out about it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from derivations.array import Array
from derivations.claim import Judgement, Proof, Witness
from derivations.report.folded import Folded
from derivations.report.marks import HEADING, QUIET, TITLE, counted, duration, verdict
from derivations.report.results import Results
from derivations.report.statement import in_words, readings
from derivations.report.steps import steps
from derivations.report.vocabulary import definitions, ranges
from derivations.report.witness import as_python

Section = tuple[str, list[str]]


def explanation(results: Results) -> RenderableType:
    """Statement, conditions, definitions, steps, proofs and counterexample of the only result."""
    (judgement,) = results.claims + results.slips
    claim = judgement.claim
    heading = Text(f"{claim.id}  ", HEADING)
    heading.append(verdict(judgement, passes=not results.failures))
    heading.append(f"  in {duration(judgement.seconds)}", QUIET)
    kind = "claim" if results.claims else "false claim"
    title = Text(f"{claim.title} ({kind}; in the document: {claim.place})", TITLE)
    return Group(heading, title, *(_shown(*section) for section in _sections(judgement)))


def _sections(judgement: Judgement) -> Iterator[Section]:
    claim = judgement.claim
    yield "Statement", readings(claim)
    if isinstance(claim.left, Array) and claim.left.axes:
        yield "Shape of the left side", [claim.left.shape]
    yield "For all", ranges(claim)
    yield "Provided that", list(map(in_words, claim.conditions))
    yield "Where", definitions(claim)
    yield from steps(claim)
    yield "Arguments", list(map(_argument, judgement.proofs))
    yield "Reason", judgement.reason.splitlines()
    if judgement.witness:
        yield from _counterexample(judgement.witness)


def _argument(proof: Proof) -> str:
    mark = "✓" if proof.holds else "✗"
    covered = f" ({counted(proof.instances, 'instance')})" if proof.instances else ""
    return f"{mark} {proof.name}: {proof.detail}{covered}"


def _counterexample(witness: Witness) -> Iterator[Section]:
    yield "Counterexample, to try by hand (rows are words; all counts from one)", as_python(witness)
    sides = {"left": witness.left, "right": witness.right}
    yield "Then", [f"{name} side {_enclosed(*ends)}" for name, ends in sides.items()]


def _enclosed(low: str, high: str) -> str:
    return f"= {low}" if low == high else f"between {low} and {high}"


def _shown(heading: str, lines: list[str]) -> RenderableType:
    if not lines:
        return Group()
    return Group(Text(f"\n{heading}", HEADING), Padding(Folded(lines), (0, 0, 0, 2)))
