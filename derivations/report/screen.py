"""The first screen: what of a file needs looking at, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from derivations.claim import FALLEN, Verdict
from derivations.reader.line import NotRead
from derivations.report.findings import Styled, findings
from derivations.report.fold import fold
from derivations.report.folded import Folded
from derivations.report.marks import BAD, GOOD, HEADING, QUIET, counted, duration
from derivations.report.results import FileResult, JudgedLine, Results, is_proved
from derivations.report.summary import left_out

INDENT, BELOW = 4, 2


def screen(results: Results, width: int, file: str, *, everything: bool) -> RenderableType:
    """A headline, where to start, and each line that is not as it should be.

    ``everything`` adds the lines that are, and where the equalities stand that were not judged.
    """
    bad = [line for line in results.lines if line.failures]
    shown = results.lines if everything else bad
    parts: list[RenderableType] = [_headline(results, file)]
    if bad:
        parts.append(Folded([_start(results.lines, bad[0])]))
    for line in shown:
        said = list(_looked_at(line, file, width) if line.failures else _well(line))
        parts += [Text(), *said] if line.failures else said
    parts += [Text(), *left_out(results, places=everything)] if results.problems else []
    if everything and not results.problems:
        parts += left_out(results, places=True)
    if bad:
        advice = f"in full: python -m derivations.verify {file} --explain {bad[0].line.id}"
        # a command is never broken, so that it can be copied
        parts += [Text(), Text(advice, QUIET, no_wrap=True, overflow="ignore")]
    return Group(*parts)


def screens(files: Sequence[FileResult], width: int, *, everything: bool) -> RenderableType:
    """Each file in turn, and how many are as they should be."""
    parts: list[RenderableType] = []
    for file in files:
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
    passed = sum(file.code == 0 for file in files)
    mark, style = ("✓", GOOD) if passed == len(files) else ("✗", BAD)
    said = f"{mark} {passed} of {counted(len(files), 'file')} as they should be"
    return Group(*parts, Text(said, style))


def _headline(results: Results, file: str) -> RenderableType:
    mark, style = ("✓", GOOD) if results.passed else ("✗", BAD)
    proved = sum(line.verdict is Verdict.PROVED for line in results.lines)
    wrong = sum(line.as_expected and line.verdict in FALLEN for line in results.lines)
    bad = sum(bool(line.failures) for line in results.lines) + len(results.problems)
    corrections = [line.correction for line in results.lines if line.correction]
    right = f"{sum(map(is_proved, corrections)):,} of {counted(len(corrections), 'correction')}"
    elsewhere = sum(results.left_out.values())
    where = ", ".join(f"{number:,} {kind}" for kind, number in results.left_out.items())
    counts = [
        counted(len(results.lines), "step"),
        f"{proved:,} proved",
        *([f"{wrong:,} wrong, as the file says"] if wrong else []),
        *([f"{right} proved"] if corrections else []),
        *([f"{bad:,} to look at"] if bad else []),
        *([f"{elsewhere:,} not judged ({where}; -v says which)"] if elsewhere else []),
        duration(results.seconds),
    ]
    return Folded([f"{mark} {file}: {' · '.join(counts)}"], style)


def _start(lines: Sequence[JudgedLine], first: JudgedLine) -> str:
    before = lines[: lines.index(first)]
    if not before:
        return f"start with {first.line.id}"
    proved = all(line.verdict is Verdict.PROVED for line in before)
    how = "proved" if proved else "as expected"
    return f"start with {first.line.id}; everything before it is {how}"


def _looked_at(judged: JudgedLine, file: str, width: int) -> Iterator[RenderableType]:
    line = judged.line
    at = line.problem.place if isinstance(line, NotRead) else line.place
    where = f"{file}:{at.line}:{at.column}" if not at.within else f"{file}:{at}"
    # a place is never broken, so that it can be clicked
    place = Text(where, HEADING, no_wrap=True, overflow="ignore")
    yield place.append(f"  {line.id}  ", "not bold").append(judged.verdict.value, BAD)
    yield Folded(_pointed(judged, width - INDENT))
    yield Folded([(" " * BELOW + said, style) for said, style in findings(judged)])


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
    part = ""
    if isinstance(line, NotRead):
        part = line.problem.token
    elif judged.verdict is Verdict.ILL_TYPED and line.claim.misfit is not None:
        part = line.claim.misfit.part
    if part and line.latex.count(part) == 1:
        return line.latex.index(part), len(part)
    return (len(line.left) + 1 if line.left else 0), 1


def _well(judged: JudgedLine) -> Iterator[RenderableType]:
    style = GOOD if judged.verdict is Verdict.PROVED else QUIET
    yield Folded([(f"✓ {judged.line.id}  {judged.line.latex}  {judged.verdict.value}", style)])
    said = [f"note: {note}" for note in judged.line.notes]
    said += [f"perhaps {each.latex}  (proved)" for each in (judged.suggestions or ())[:1]]
    yield from (Folded([(f"  {each}", QUIET)]) for each in said)
