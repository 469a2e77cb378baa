"""The lines of a derivation as a table: what is printed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.table import Table

from derivations.claim import Judgement, Verdict
from derivations.reader.line import Line, NotRead
from derivations.report.counterexample import fault
from derivations.report.folded import Folded
from derivations.report.grid import Note, Row, grid
from derivations.report.marks import BAD, GOOD, QUIET, duration, ruling
from derivations.report.results import JudgedLine, is_proved
from derivations.report.roles import MARKS

RECOVERS = "the chain's end does follow from its start"


def line_table(lines: Iterable[JudgedLine], *, roomy: bool) -> Table:
    """One row a line; what is said of it stands below what is printed."""

    def row(judged: JudgedLine) -> Row:
        line = judged.line
        said: list[str | Note] = [line.latex, *remarks(judged)]
        ruled = ruling(judged.told, passes=judged.as_expected, mark=MARKS.get(judged.role, "✓"))
        return Row(line.id, line.part, said, [ruled, duration(judged.seconds)])

    return grid(("line", "as printed", "verdict", "time"), map(row, lines), roomy)


def line_rows(lines: Iterable[Line | NotRead]) -> Iterator[Row]:
    """The lines before they are judged."""
    for line in lines:
        said: list[str | Note] = [line.latex]
        if isinstance(line, NotRead):
            said.append((f"not read: {line.problem}", BAD))
        yield Row(line.id, line.part, said, [Folded([line.place.row])])


def remarks(judged: JudgedLine) -> Iterator[Note]:
    """What is wrong with a line, what it should be, and how it was read."""
    if judged.verdict is not Verdict.PROVED:
        said = fault(judged.judgement) if judged.judgement else judged.reason
        yield said, QUIET if judged.as_expected else BAD
    if not judged.as_expected and judged.line.expected:
        yield f"expected: {judged.expected.value}", BAD
    if judged.chain_recovers:
        yield RECOVERS, QUIET
    elif judged.from_start and judged.from_start.verdict is not judged.verdict:
        yield f"from the start of the chain to here: {in_brief(judged.from_start)}", QUIET
    if judged.correction is not None:
        style = GOOD if is_proved(judged.correction) else BAD
        yield f"should be: {judged.correction.claim.title}  {in_brief(judged.correction)}", style
    yield from suggested(judged)
    for note in judged.notes:
        yield f"note: {note}", QUIET


def suggested(judged: JudgedLine) -> Iterator[Note]:
    """What small edits make of the line, each proved."""
    if judged.unsearched:
        yield f"the search for small edits was given up: {judged.unsearched}", QUIET
    if judged.suggestions == ():
        yield "no small edit was found that makes it true", QUIET
    for suggestion in judged.suggestions or ():
        how = list(suggestion.edits)
        if suggestion.before:
            how.append(f"going on from the repaired {suggestion.before}")
        yield f"perhaps: {suggestion.latex}  ✓ proved", GOOD
        yield f"({'; '.join(how)})", QUIET


def in_brief(judgement: Judgement) -> str:
    """The verdict, and where it is a bad one the reason."""
    if is_proved(judgement):
        return "✓ proved"
    return f"✗ {judgement.verdict.value}: {fault(judgement)}"
