"""Findings about lines: in cells, in a sentence each, on the first screen, in tables, in full.

The first screen holds what of a file needs looking at, and no more.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from sympy import Derivative

from derivations.claim import FALLEN, Claim, Judgement, Proof, Verdict, Witness
from derivations.language.tree import Misfit, spelled
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.normal_form import spelled as in_normal_form
from derivations.proof.reductions import Case, cases_by_sign
from derivations.reader.equation import Line, NotRead
from derivations.reader.source import Place, Unreadable
from derivations.reader.unparser import both_sides
from derivations.report.results import (
    MARKS,
    FileResult,
    JudgedLine,
    Results,
    Role,
    has_fallen,
    is_proved,
)
from derivations.report.statement import (
    as_python,
    definitions,
    fault,
    in_words,
    mathematics,
    ranges,
    readings,
    sides_in_short,
)
from derivations.report.stdio import called
from derivations.report.style import (
    BAD,
    GOOD,
    HEADING,
    QUIET,
    TITLE,
    Folded,
    Note,
    Row,
    argument,
    counted,
    duration,
    fold,
    grid,
    ruling,
)
from derivations.report.subject import Subject
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
        if line.unread:
            said.append((f"not read: {line.unread}", BAD))
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
    problem = judged.line.unread
    if problem:
        seen = f"at {problem.seen}: " if problem.token else ""
        yield f"{seen}{problem.said}", ""
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
    return line.unread.place if line.unread else line.place


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
    if line.unread:
        part, seen = line.unread.token, line.unread.place
        near += seen.column - line.place.column if seen.line == line.place.line else 0
    elif isinstance(line, Line) and line.claim.misfit and judged.verdict is Verdict.ILL_TYPED:
        part = line.claim.misfit.part
    found = [each.start() for each in re.finditer(re.escape(part), line.latex)] if part else []
    if not found or (len(found) > 1 and not line.unread):
        return sign, 1
    return min(found, key=lambda at: abs(at - near)), len(part)


def _well(judged: JudgedLine) -> Iterator[RenderableType]:
    style = GOOD if judged.verdict is Verdict.PROVED else QUIET
    mark = MARKS.get(judged.role, "✓")
    yield Folded([(f"{mark} {judged.line.id}  {judged.line.latex}  {judged.told}", style)])
    said = [f"note: {note}" for note in judged.notes]
    said += [f"perhaps {each.latex}  (proved)" for each in (judged.suggestions or ())[:1]]
    yield from (Folded([(f"  {each}", QUIET)]) for each in said)


# The results as tables for a person.


ROOMY = 130


def table(results: Results, width: int, file: str = "", *, places: bool = False) -> RenderableType:
    """Claims, false claims, lines and a summary; evidence below on a narrow page.

    ``file`` is the derivation file that was judged, where there is one; ``places`` says that the
    equalities that were not judged are told one by one.
    """
    roomy = width >= ROOMY
    tables = [
        *([_claims(results.claims, roomy=roomy)] if results.claims else []),
        *([_slips(results.slips, roomy=roomy)] if results.slips else []),
        *([line_table(results.lines, roomy=roomy)] if results.lines else []),
    ]
    told = (*required(results, everything=True), *_left_out(results, file, places))
    return Group(*tables, *told, summary(results, file))


def _left_out(results: Results, file: str, places: bool) -> list[RenderableType]:
    said = list(left_out(results, file, places=places))
    return [*said, Text()] if said else []


def table_of_many(files: Sequence[FileResult], width: int, *, places: bool) -> RenderableType:
    """Each file under its name, and how many are as they should be."""
    pages: list[RenderableType] = []
    for file in files:
        pages.append(Text(f"\n{file.name}", HEADING))
        if file.taken_in_by:
            pages.append(Folded([f"judged in {file.taken_in_by}, which takes it in"], QUIET))
        elif file.results is None:
            pages.append(Folded([file.error], BAD))
            if file.proposal:
                pages.append(Text(f"\n{file.proposal.rstrip()}"))
        else:
            pages.append(table(file.results, width, file.name, places=places))
    failed = [f"  {file.name}: exit code {file.code}" for file in files if file.code]
    return Group(
        *pages, Text(), as_they_should_be(files), *([Folded(failed, BAD)] if failed else [])
    )


def listing(subject: Subject, width: int) -> RenderableType:
    """What there is to judge, without verdicts."""
    return Group(*_listings(subject, roomy=width >= ROOMY))


def _listings(subject: Subject, *, roomy: bool) -> Iterator[RenderableType]:
    for kind, members in (("claim", subject.claims), ("false claim", subject.slips)):
        if members:
            yield grid((kind, "what it says", "in the document"), map(_listed, members), roomy)
    if subject.lines:
        headings = ("line", "as printed", "in the file")
        yield grid(headings, line_rows(subject.lines), roomy)


def _listed(claim: Claim) -> Row:
    said: list[str | Note] = [(claim.title, TITLE), *readings(claim)]
    return Row(claim.id, claim.part, said, [Folded([claim.place])])


def _claims(judgements: Sequence[Judgement], *, roomy: bool) -> Table:
    """One column for each kind of argument, so that one sees at a glance which apply."""
    names = list(dict.fromkeys(proof.name for each in judgements for proof in each.proofs))

    def row(judgement: Judgement) -> Row:
        passes = is_proved(judgement)
        notes = [] if passes else [(fault(judgement), BAD)]
        marks = {proof.name: argument(proof) for proof in judgement.proofs}
        if not roomy:
            notes.append((" · ".join(f"{name} {mark}" for name, mark in marks.items()), QUIET))
        columns = [marks.get(name, "-") for name in names] if roomy else []
        claim, time = judgement.claim, duration(judgement.seconds)
        said: list[str | Note] = [*readings(claim), *notes]
        ruled = ruling(judgement.verdict.value, passes=passes)
        return Row(claim.id, claim.part, said, [*columns, ruled, time])

    columns = names if roomy else []
    headings = ("claim", "what it says", *columns, "verdict", "time")
    return grid(headings, map(row, judgements), roomy)


def _slips(judgements: Sequence[Judgement], *, roomy: bool) -> Table:
    def row(judgement: Judgement) -> Row:
        claim, reason = judgement.claim, fault(judgement)
        below = [] if roomy else [(reason, QUIET)]
        said: list[str | Note] = [(claim.title, TITLE), *readings(claim), *below]
        ruled = ruling(judgement.verdict.value, passes=has_fallen(judgement))
        further: list[RenderableType] = [ruled, duration(judgement.seconds)]
        if roomy:
            further.insert(0, Folded([reason]))
        return Row(claim.id, claim.part, said, further)

    headings = ("false claim", "what it says", *(["how it falls"] if roomy else []))
    return grid((*headings, "verdict", "time"), map(row, judgements), roomy)


# A run without a file: the word2vec document part by part, its errata, and what to type next.


NEXT = (
    ("homework.md", "your own derivation"),
    ("--explain b.2", "one line or claim in full"),
    ("--all", "everything that was judged"),
    ("--help", "the rest"),
)


def overview(results: Results) -> RenderableType:
    """One row a part: claims, planted false claims, printed lines, and which of these are wrong."""
    table = Table(box=SIMPLE_HEAD, header_style=HEADING, pad_edge=False)
    for heading in ("part", "claims", "false claims", "lines", "errata, each with its correction"):
        table.add_column(heading, no_wrap=heading not in ("errata, each with its correction",))
    for part in _parts(results):
        claims = [each for each in results.claims if each.claim.part == part]
        slips = [each for each in results.slips if each.claim.part == part]
        lines = [each for each in results.lines if each.line.part == part]
        proved = sum(line.verdict is Verdict.PROVED for line in lines)
        table.add_row(
            part,
            _share(claims, is_proved, "proved"),
            _share(slips, has_fallen, "fell"),
            f"{proved} of {len(lines)} proved" if lines else "",
            Folded([", ".join(map(_erratum, _wrong(lines)))]),
        )
    commands = [f"{called('verify')} {rest}" for rest, _ in NEXT]
    width = max(map(len, commands))
    told = [
        Text(f"  {command:{width}}  {what}", QUIET, no_wrap=True)
        for command, (_, what) in zip(commands, NEXT, strict=True)
    ]
    return Group(table, summary(results), Text(), *told)


def _parts(results: Results) -> Iterator[str]:
    of_claims = (each.claim.part for each in (*results.claims, *results.slips))
    of_lines = (each.line.part for each in results.lines)
    yield from dict.fromkeys(chain(of_claims, of_lines))


def _share(judgements: list[Judgement], passes: Callable[[Judgement], bool], word: str) -> Text:
    if not judgements:
        return Text()
    good = sum(map(passes, judgements))
    style = "" if good == len(judgements) else BAD
    return Text(f"{good} of {len(judgements)} {word}", style)


def _wrong(lines: list[JudgedLine]) -> list[JudgedLine]:
    return [line for line in lines if line.verdict is not Verdict.PROVED]


def _erratum(line: JudgedLine) -> str:
    """The id of a wrong line and its verdict; what is not as expected is marked."""
    said = f"{line.line.id} {line.verdict.value}"
    return said if not line.failures else f"✗ {said}"


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
    if line.unread:
        yield from _not_read(line.unread)
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
