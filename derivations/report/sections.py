"""What was found out about one claim, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from derivations.claim import Judgement, Proof, Witness
from derivations.language.tree import Misfit, spelled
from derivations.report.counterexample import as_python
from derivations.report.folded import Folded
from derivations.report.marks import HEADING, counted
from derivations.report.meanings import definitions, ranges
from derivations.report.statement import in_words, readings
from derivations.report.steps import steps

Section = tuple[str, list[str]]


def sections(judgement: Judgement) -> Iterator[Section]:
    """Statement, conditions, definitions, steps, proofs and counterexample."""
    claim = judgement.claim
    yield "Statement", readings(claim)
    if not isinstance(claim.left, Misfit) and claim.left.shape:
        yield "Shape of the left side", [spelled(claim.left.shape)]
    yield "For all", ranges(claim)
    yield "Provided that", list(map(in_words, claim.conditions))
    yield "Where", definitions(claim)
    yield from steps(claim)
    yield "Arguments", list(map(_argument, judgement.proofs))
    yield "Reason", judgement.reason.splitlines()
    if judgement.witness:
        yield from _counterexample(judgement.witness)


def page(parts: Iterable[RenderableType], found: Iterable[Section]) -> RenderableType:
    """The parts, then the sections that hold anything, each under its heading."""
    return Group(*parts, *(_shown(heading, lines) for heading, lines in found if lines))


def _argument(proof: Proof) -> str:
    mark = "✓" if proof.holds else "✗"
    covered = f" ({counted(proof.instances, 'instance')})" if proof.instances else ""
    return f"{mark} {proof.name}: {proof.detail}{covered}"


def _counterexample(witness: Witness) -> Iterator[Section]:
    yield (
        "Counterexample, to try by hand (first index: the row; all counts from one)",
        as_python(witness),
    )
    sides = {"left": witness.left, "right": witness.right}
    yield "Then", [f"{name} side {_enclosed(*ends)}" for name, ends in sides.items()]


def _enclosed(low: str, high: str) -> str:
    return f"= {low}" if low == high else f"between {low} and {high}"


def _shown(heading: str, lines: list[str]) -> RenderableType:
    return Group(Text(f"\n{heading}", HEADING), Padding(Folded(lines), (0, 0, 0, 2)))
