"""One claim or line in full: all that was found out about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from derivations.claim import Judgement
from derivations.language.tree import Misfit
from derivations.reader.line import Line, NotRead
from derivations.reader.source import Unreadable
from derivations.reader.unparser import both_sides
from derivations.report.line_table import RECOVERS, in_brief, suggested
from derivations.report.marks import HEADING, QUIET, TITLE, duration, ruling
from derivations.report.results import JudgedLine, Results
from derivations.report.sections import Section, page, sections


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
