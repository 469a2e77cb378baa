"""The first screen: what of a file needs looking at, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from derivations.claim import FALLEN, Verdict
from derivations.reader.line import NotRead
from derivations.report.findings import (
    Styled,
    as_they_should_be,
    corrections,
    findings,
    in_full,
    in_other_roles,
    left_out,
    located,
    not_judged,
    place_of,
    required,
    required_shown,
)
from derivations.report.results import MARKS, FileResult, JudgedLine, Results, Role
from derivations.report.style import BAD, GOOD, HEADING, QUIET, Folded, counted, duration, fold

INDENT, BELOW = 4, 2


def screen(results: Results, width: int, file: str, *, everything: bool) -> RenderableType:
    """A headline, where to start, and each line that is not as it should be.

    ``everything`` adds the lines that are, and where the equalities stand that were not judged.
    """
    bad = [line for line in results.lines if line.failures]
    shown = results.lines if everything else bad
    parts: list[RenderableType] = [headline(results, file)]
    if bad:
        parts.append(Folded([_start(results, file, bad[0])]))
    for line in shown:
        said = list(looked_at(line, file, width) if line.failures else _well(line))
        parts += [Text(), *said] if line.failures else said
    told = list(required(results, everything=everything))
    parts += [Text(), *told] if told else []
    parts += [Text()] if results.problems else []
    parts += left_out(results, file, places=everything)
    if bad:
        parts += [Text(), in_full(file, bad[0].line.id, QUIET)]
    return Group(*parts)


def screens(files: Sequence[FileResult], width: int, *, everything: bool) -> RenderableType:
    """Each file in which something is to be looked at, and how many are as they should be.

    ``everything`` adds the others.
    """
    parts: list[RenderableType] = []
    for file in files:
        if not (file.code or everything):
            continue
        if file.taken_in_by:
            parts.append(
                Folded([f"{file.name}: judged in {file.taken_in_by}, which takes it in"], QUIET)
            )
        elif file.results is None:
            parts.append(Folded([f"✗ {file.name}: {file.error}"], BAD))
            parts += [Text(f"\n{file.proposal.rstrip()}")] if file.proposal else []
        else:
            parts.append(screen(file.results, width, file.name, everything=everything))
        if file.code:
            parts.append(Text())
    return Group(*parts, as_they_should_be(files))


def headline(results: Results, file: str) -> RenderableType:
    """How many lines there are, are proved and want looking at; the time, if it was taken."""
    mark, style = ("✓", GOOD) if results.passed else ("✗", BAD)
    proved = sum(line.verdict is Verdict.PROVED for line in results.lines)
    wrong = sum(line.as_expected and line.verdict in FALLEN for line in results.lines)
    bad = sum(bool(line.failures) for line in results.lines) + len(results.problems)
    corrected = corrections(results)
    elsewhere, where = not_judged(results)
    shown = required_shown(results)
    counts = [
        counted(len(results.lines), "step"),
        f"{proved:,} proved",
        *in_other_roles(results),
        *([f"{wrong:,} wrong, as the file says"] if wrong else []),
        *([corrected] if corrected else []),
        *([shown] if shown else []),
        *([f"{bad:,} to look at"] if bad else []),
        *([f"{elsewhere:,} not judged ({where}; -v says which)"] if elsewhere else []),
        *([duration(results.seconds)] if results.seconds else []),
    ]
    return Folded([f"{mark} {file}: {' · '.join(counts)}"], style)


def _start(results: Results, file: str, first: JudgedLine) -> str:
    lines = results.lines
    unread = min((each.place for each in results.problems), default=None)
    if unread is not None and unread < first.line.place:
        return f"start with {located(file, unread)}, which is not read"
    before = lines[: lines.index(first)]
    if not before:
        return f"start with {first.line.id}"
    proved = all(line.verdict is Verdict.PROVED or line.role is not Role.CLAIM for line in before)
    how = "proved" if proved else "as expected"
    return f"start with {first.line.id}; everything before it is {how}"


def looked_at(judged: JudgedLine, file: str, width: int) -> Iterator[RenderableType]:
    """A line that is not as it should be: where it stands, what it says, what is wrong with it."""
    yield where(judged, file)
    yield Folded(_pointed(judged, width - INDENT))
    yield Folded([(" " * BELOW + said, style) for said, style in findings(judged)])


def where(judged: JudgedLine, file: str) -> Text:
    """Where a line stands, which it is, and its verdict; a place is never broken, to be clicked."""
    place = located(file, place_of(judged))
    text = Text(str(place), HEADING, no_wrap=True, overflow="ignore")
    return text.append(f"  {judged.line.id}  ", "not bold").append(judged.verdict.value, BAD)


def _pointed(judged: JudgedLine, width: int) -> Iterator[Styled]:
    """The line as printed, and a caret below the part that fails."""
    latex = judged.line.latex
    at, length = _failing_part(judged)
    done = 0
    for piece in fold(latex, width):
        text = piece.lstrip()
        begins = latex.index(text, done)
        done = begins + len(text)
        yield " " * INDENT + piece, ""
        if begins <= at < done:
            room = min(length, done - at)
            yield " " * (INDENT + len(piece) - len(text) + at - begins) + "^" * room, BAD


def _failing_part(judged: JudgedLine) -> tuple[int, int]:
    """Where in the printed line the caret stands, else at the sign, and how long it is."""
    line = judged.line
    sign, part = (len(line.left) + 1 if line.left else 0), ""
    near = sign
    if isinstance(line, NotRead):
        part, seen = line.problem.token, line.problem.place
        near += seen.column - line.place.column if seen.line == line.place.line else 0
    elif judged.verdict is Verdict.ILL_TYPED and line.claim.misfit is not None:
        part = line.claim.misfit.part
    found = [each.start() for each in re.finditer(re.escape(part), line.latex)] if part else []
    if not found or (len(found) > 1 and not isinstance(line, NotRead)):
        return sign, 1
    return min(found, key=lambda at: abs(at - near)), len(part)


def _well(judged: JudgedLine) -> Iterator[RenderableType]:
    style = GOOD if judged.verdict is Verdict.PROVED else QUIET
    mark = MARKS.get(judged.role, "✓")
    yield Folded([(f"{mark} {judged.line.id}  {judged.line.latex}  {judged.told}", style)])
    said = [f"note: {note}" for note in judged.notes]
    said += [f"perhaps {each.latex}  (proved)" for each in (judged.suggestions or ())[:1]]
    yield from (Folded([(f"  {each}", QUIET)]) for each in said)
