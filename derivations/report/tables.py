"""Results as tables for a person, and the overview of a run without a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from derivations.claim import Claim, Judgement, Verdict
from derivations.report.findings import (
    as_they_should_be,
    left_out,
    line_rows,
    line_table,
    required,
    summary,
)
from derivations.report.results import FileResult, JudgedLine, Results, has_fallen, is_proved
from derivations.report.statement import fault, readings
from derivations.report.stdio import called
from derivations.report.style import (
    BAD,
    HEADING,
    QUIET,
    TITLE,
    Folded,
    Note,
    Row,
    argument,
    duration,
    grid,
    ruling,
)
from derivations.report.subject import Subject

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
