"""One claim or line in full: all that was found out about it, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text
from sympy import Derivative

from derivations.claim import Claim, Judgement, Proof, Witness
from derivations.language.tree import Misfit, spelled
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.normal_form_text import spelled as in_normal_form
from derivations.proof.reductions import Case, cases_by_sign
from derivations.reader.line import Line, NotRead
from derivations.reader.source import Unreadable
from derivations.reader.unparser import both_sides
from derivations.report.findings import RECOVERS, in_brief, suggested
from derivations.report.results import JudgedLine, Results
from derivations.report.statement import (
    as_python,
    definitions,
    in_words,
    mathematics,
    ranges,
    readings,
)
from derivations.report.style import HEADING, QUIET, TITLE, Folded, counted, duration, ruling

# The steps of the first argument for one claim: derivatives found, and normal forms.


Step = tuple[str, list[str]]


def steps(claim: Claim) -> Iterator[Step]:
    """What was differentiated and what it all normalises to; nothing for an ill-typed claim."""
    if claim.misfit is not None:
        return
    left, right = claim.sides.left, claim.sides.right
    try:
        cases = cases_by_sign(left, right, claim.conditions)
    except OutsideFragment as node:
        yield "Normal form", [f"none: outside the fragment at {node}"]
        return
    for case in cases:
        yield from _steps(claim, case)


def _steps(claim: Claim, case: Case) -> Iterator[Step]:
    signs = ((mathematics(term), "≥" if sign > 0 else "<") for term, sign in case.signs.items())
    where = "".join(f" where {term} {relation} 0" for term, relation in signs)
    left, right = case.left, case.right
    typed = (claim.sides.left, claim.sides.right)
    for name, side, taken in zip(("left", "right"), typed, (left, right), strict=True):
        if side.has(Derivative):
            yield f"Derivative found on the {name}{where}", [mathematics(taken)]
    try:
        forms = {
            "the left side": normal_form(left, claim.conditions),
            "the right side": normal_form(right, claim.conditions),
            "the difference": difference(left, right, claim.conditions),
        }
    except OutsideFragment as node:
        yield f"Normal form{where}", [f"none: outside the fragment at {node}"]
        return
    for name, form in forms.items():
        yield f"Normal form of {name}{where}", in_normal_form(form)


# What was found out about one claim, section by section.


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


# One claim or line in full: all that was found out about it.


def explanation(results: Results, found: Iterable[Section]) -> RenderableType:
    """The only result, claim, false claim or line, under its heading, and what is found of it."""
    if results.lines:
        (judged,) = results.lines
        line = judged.line
        title = f"{line.latex} ({line.place.row} of the file)"
        heading = _heading(line.id, judged.told, judged.seconds, passes=results.passed)
    else:
        (judgement,) = results.claims + results.slips
        claim = judgement.claim
        kind = "claim" if results.claims else "false claim"
        title = f"{claim.title} ({kind}; in the document: {claim.place})"
        verdict, seconds = judgement.verdict.value, judgement.seconds
        heading = _heading(claim.id, verdict, seconds, passes=results.passed)
    return page([heading, Text(title, TITLE)], found)


def _heading(name: str, told: str, seconds: float, *, passes: bool) -> Text:
    heading = Text(f"{name}  ", HEADING)
    heading.append(ruling(told, passes=passes))
    return heading.append(f"  in {duration(seconds)}", QUIET)


def explained(results: Results) -> Iterator[Section]:
    """All there is to say of the only result, section by section."""
    if results.lines:
        yield from _of_line(results.lines[0])
    else:
        (judgement,) = results.claims + results.slips
        yield from sections(judgement)


def in_short(results: Results, reason: str) -> Iterator[Section]:
    """What was found, where saying all there is to say was given up for a reason."""
    for judgement in results.judgements[:1]:
        yield "Reason", _reason(judgement)
    yield "Not told in full", [reason]


def _reason(judgement: Judgement) -> list[str]:
    return [in_brief(judgement)]


def _of_line(judged: JudgedLine) -> Iterator[Section]:
    line = judged.line
    if isinstance(line, NotRead):
        yield from _not_read(line.problem)
    if isinstance(line, Line):
        yield "Read as", _read_as(line)
    if judged.judgement is not None:
        yield from sections(judged.judgement)
    if judged.judgement is not None and judged.judgement.shown:
        yield "What was shown", [judged.judgement.shown]
    yield "Notes on the reading", list(line.notes)
    if not judged.as_expected and line.expected:
        yield "Expected", [judged.expected.value]
    if judged.from_start is not None:
        extra = [RECOVERS] if judged.chain_recovers else []
        yield "From the start of the chain to here", [in_brief(judged.from_start), *extra]
    if judged.correction is not None:
        yield "It should be", [judged.correction.claim.title, in_brief(judged.correction)]
    yield "Small edits that make it true", [text for text, _ in suggested(judged)]


def _not_read(problem: Unreadable) -> Iterator[Section]:
    yield "Where", [f"{problem.place.row}, column {problem.place.column}"]
    yield "Seen there", [problem.token] if problem.token else []
    yield "Why it is not read", [problem.what]
    yield "What would settle it", [problem.advice] if problem.advice else []


def _read_as(line: Line) -> list[str]:
    """What was understood, with every bracket; nothing where a side has no meaning."""
    read = line.equality
    left, right = read.left, read.right
    if isinstance(left, Misfit) or isinstance(right, Misfit):
        return []
    sides = both_sides(left, right, read.scope, read.assumed, fully_parenthesised=True)
    return [" = ".join(sides)]
