"""What is said of lines: in cells of a table, in a sentence each, and of all in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivations.claim import Judgement, Verdict
from derivations.reader.line import Line, NotRead
from derivations.reader.source import Place, Unreadable
from derivations.report.results import (
    MARKS,
    FileResult,
    JudgedLine,
    Results,
    Role,
    has_fallen,
    is_proved,
)
from derivations.report.statement import as_python, fault, sides_in_short
from derivations.report.stdio import called
from derivations.report.style import (
    BAD,
    GOOD,
    HEADING,
    QUIET,
    Folded,
    Note,
    Row,
    counted,
    duration,
    grid,
    ruling,
)
from derivations.report.verify_options import is_derivation

# The lines of a derivation as a table: what is printed, and what is wrong with it.


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


# What is said of one line that is not as it should be, a sentence each.


Styled = tuple[str, str]  # a text and its style


def in_a_sentence(judged: JudgedLine) -> str:
    """The verdict and all that is said of it, on one line."""
    if judged.role is Role.DEFINITION:
        return f"definition of {judged.defines}"
    if not judged.failures:
        return judged.told
    return f"{judged.verdict.value}: {'; '.join(text for text, _ in findings(judged))}"


def findings(judged: JudgedLine) -> Iterator[Styled]:
    """Why it is not as it should be: difference, numbers to try, the best suggestion."""
    judgement = judged.judgement
    if isinstance(judged.line, NotRead):
        seen = f"at {judged.line.problem.seen}: " if judged.line.problem.token else ""
        yield f"{seen}{judged.line.problem.said}", ""
    elif judgement is None or judgement.witness is None:
        yield judged.reason, ""
    else:
        if judgement.difference:
            yield f"the sides differ by {judgement.difference}", ""
        numbers = "; ".join(as_python(judgement.witness))
        left, right = sides_in_short(judgement.witness)
        where = f"at {numbers}: " if numbers else ""
        yield f"{where}left {left}, right {right}", ""
        if judgement.shown:
            yield judgement.shown, ""
    if judged.line.expected and not judged.as_expected:
        yield f"expected: {judged.expected.value}", BAD
    if judged.chain_recovers:
        yield RECOVERS, QUIET
    if judged.correction is not None and not is_proved(judged.correction):
        yield f"should be: {judged.correction.claim.title}  {in_brief(judged.correction)}", BAD
    if judged.unsearched:
        yield f"the search for small edits was given up: {judged.unsearched}", QUIET
    for best in (judged.suggestions or ())[:1]:
        yield f"perhaps {best.latex}  (proved)", GOOD


def place_of(judged: JudgedLine) -> Place:
    """Where a line stands, or the part of it that could not be read."""
    line = judged.line
    return line.problem.place if isinstance(line, NotRead) else line.place


@dataclass(frozen=True)
class Located:
    """A place as other programs take it: a file, and line and column unless it is in a cell."""

    file: str
    line: int
    column: int
    cell: str = ""

    def __str__(self) -> str:
        """As it can be clicked on in a terminal."""
        within = f"{self.cell}:" if self.cell else ""
        return f"{self.file}:{within}{self.line}:{self.column}"


def located(file: str, place: Place) -> Located:
    """A place of a file, which may be one in a file beside it that it takes in."""
    if is_derivation(place.within):
        taken = str(Path(file).parent / place.within)
        return Located(taken, place.line, place.column)
    return Located(file, place.line, place.column, place.within)


@dataclass(frozen=True)
class Found:
    """Where a line stands, or the part of it that could not be read, and what is said of it."""

    line: int
    column: int
    message: str


def of_line(judged: JudgedLine) -> Found:
    """What other programs are told of a line."""
    place = place_of(judged)
    return Found(place.line, place.column, in_a_sentence(judged))


# The results in a few lines.


def summary(results: Results, file: str = "") -> RenderableType:
    """How many claims and lines are proved, false claims fell, and what is not as it should be."""
    mark, style = ("✓", GOOD) if results.passed else ("✗", BAD)
    failures = [f"  {failure.id} is {failure.verdict.value}" for failure in results.failures]
    lines: list[RenderableType] = [Folded([f"{mark} {' · '.join(_counts(results))}"], style)]
    if failures:
        name = results.failures[0].id.split(" ")[0]
        lines += [Folded(failures, BAD), Text("  ").append(in_full(file, name))]
    return Group(*lines)


def in_full(file: str, name: str, style: str = "") -> Text:
    """The command that tells all of one line or claim; never broken, so that it can be copied."""
    of_file = f" {file}" if file else ""
    advice = f"in full: {called('verify')}{of_file} --explain {name}"
    return Text(advice, style, no_wrap=True, overflow="ignore")


def corrections(results: Results) -> str:
    """How many corrections of lines are proved; empty where there are none."""
    found = [line.correction for line in results.lines if line.correction]
    right = sum(map(is_proved, found))
    return f"{right:,} of {counted(len(found), 'correction')} proved" if found else ""


def in_other_roles(results: Results) -> list[str]:
    """How many lines are definitions, and how many conditions; nothing where there are none."""
    counts = Counter(line.role for line in results.lines)
    return [counted(counts[role], role.value) for role in MARKS if counts[role]]


def not_judged(results: Results) -> tuple[int, str]:
    """How many equalities stand outside of displays, and where."""
    kinds = results.left_out
    return sum(kinds.values()), ", ".join(f"{number:,} {kind}" for kind, number in kinds.items())


def as_they_should_be(files: Sequence[FileResult]) -> Text:
    """How many of the files pass, and how many steps in all of them are proved."""
    passed = sum(file.code == 0 for file in files)
    lines = [line for file in files if file.results for line in file.results.lines]
    proved = sum(line.verdict is Verdict.PROVED for line in lines)
    mark, style = ("✓", GOOD) if passed == len(files) else ("✗", BAD)
    told = f"{mark} {passed} of {counted(len(files), 'file')} as they should be"
    return Text(f"{told} · {counted(len(lines), 'step')} · {proved:,} proved", style)


def required(results: Results, *, everything: bool) -> Iterator[RenderableType]:
    """The required equalities that are not shown, or all of them."""
    for shown in results.required if everything else results.not_shown:
        mark, style = ("✓", GOOD) if shown.is_shown else ("✗", BAD)
        part = f" in part {shown.required.part}" if shown.required.part else ""
        yield Folded([(f"{mark} {shown.id}{part}  {shown.required.latex}", style)])
        yield Folded([f"  {shown.said}"])


def required_shown(results: Results) -> str:
    """How many of the required equalities are shown; empty where nothing is required."""
    number = len(results.required)
    return f"{number - len(results.not_shown):,} of {number:,} required shown" if number else ""


def left_out(results: Results, file: str, *, places: bool) -> Iterator[RenderableType]:
    """What of a file was not read beside its lines, and where its other equalities are."""
    if results.problems:
        yield Text("not read:", HEADING)
        said = [f"{located(file, each.place)}{_after(each)}" for each in results.problems]
        yield Padding(Folded(said, BAD), (0, 0, 0, 2))
    told = results.elsewhere if places else ()
    if told:
        yield Text("not judged, as not displayed:", HEADING)
        yield Padding(Folded(map(str, told)), (0, 0, 0, 2))


def _after(problem: Unreadable) -> str:
    """What is said of a problem behind its place."""
    return str(problem).removeprefix(str(problem.place))


def _lines(results: Results) -> str:
    """How many lines are proved, and how the others came out."""
    proved = sum(line.verdict is Verdict.PROVED for line in results.lines)
    kinds = Counter(line.verdict for line in results.lines)
    others = [f"{n} {kind.value}" for kind, n in kinds.items() if kind is not Verdict.PROVED]
    details = f" ({', '.join(others)})" if others else ""
    corrected = corrections(results)
    details += f" · {corrected}" if corrected else ""
    return f"{proved} of {counted(len(results.lines), 'line')} proved{details}"


def _counts(results: Results) -> Iterator[str]:
    if results.claims:
        proved = sum(map(is_proved, results.claims))
        yield f"{proved} of {counted(len(results.claims), 'claim')} proved"
    if results.slips:
        fallen = sum(map(has_fallen, results.slips))
        kinds = ", ".join(f"{number} {verdict}" for verdict, number in results.fallen.items())
        details = f" ({kinds})" if kinds else ""
        yield f"{fallen} of {counted(len(results.slips), 'false claim')} fell{details}"
    if results.lines:
        yield _lines(results)
    if results.required:
        yield required_shown(results)
    if results.problems:
        number = len(results.problems)
        of = "declaration or remark" if number == 1 else "declarations or remarks"
        yield f"{number:,} {of} not read"
    if results.elsewhere:
        count, where = not_judged(results)
        yield f"{counted(count, 'equality')} outside of displays not judged ({where})"
    yield f"{counted(results.instances, 'instance')} decided"
    yield duration(results.seconds)
