"""One claim or line in full: all that was found out about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from rich.console import RenderableType
from rich.text import Text

from derivations.claim import Judgement
from derivations.language.tree import Misfit
from derivations.reader.latex import both_sides
from derivations.reader.line import Line
from derivations.report.line_table import RECOVERS, in_brief, suggested
from derivations.report.marks import HEADING, QUIET, TITLE, duration, verdict
from derivations.report.results import JudgedLine, Results
from derivations.report.sections import Section, page, sections


def explanation(results: Results, further: Iterable[Section] = ()) -> RenderableType:
    """The only result, claim, false claim or line, and what else there is to say of it."""
    passes = not results.failures
    if results.lines:
        return _line(results.lines[0], further, passes=passes)
    (judgement,) = results.claims + results.slips
    claim = judgement.claim
    kind = "claim" if results.claims else "false claim"
    title = Text(f"{claim.title} ({kind}; in the document: {claim.place})", TITLE)
    heading = _heading(judgement, passes=passes)
    return page([heading, title], chain(sections(judgement), further))


def _heading(judgement: Judgement, *, passes: bool) -> Text:
    heading = Text(f"{judgement.claim.id}  ", HEADING)
    heading.append(verdict(judgement, passes=passes))
    return heading.append(f"  in {duration(judgement.seconds)}", QUIET)


def _line(judged: JudgedLine, further: Iterable[Section], *, passes: bool) -> RenderableType:
    line = judged.line
    title = Text(f"{line.latex} (line {line.place.line} of the file)", TITLE)
    heading = _heading(judged.judgement, passes=passes)
    return page([heading, title], chain(_of_line(judged), further))


def _of_line(judged: JudgedLine) -> Iterator[Section]:
    yield "Read as", _read_as(judged.line)
    yield from sections(judged.judgement)
    yield "Notes on the reading", list(judged.line.notes)
    if not judged.as_expected and judged.line.expected:
        yield "Expected", [judged.expected.value]
    if judged.from_start is not None:
        extra = [RECOVERS] if judged.chain_recovers else []
        yield "From the start of the chain to here", [in_brief(judged.from_start), *extra]
    if judged.correction is not None:
        yield "It should be", [judged.correction.claim.title, in_brief(judged.correction)]
    yield "Small edits that make it true", [text for text, _ in suggested(judged)]


def _read_as(line: Line) -> list[str]:
    """What was understood, with every bracket; nothing where a side has no meaning."""
    read = line.equality
    left, right = read.left, read.right
    if isinstance(left, Misfit) or isinstance(right, Misfit):
        return []
    sides = both_sides(left, right, read.scope, read.assumed, fully_parenthesised=True)
    return [" = ".join(sides)]
