"""A run without a file: the word2vec document part by part, its errata, and what to type next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from derivations.claim import Judgement, Verdict
from derivations.report.called import called
from derivations.report.folded import Folded
from derivations.report.marks import BAD, HEADING, QUIET
from derivations.report.results import JudgedLine, Results, has_fallen, is_proved
from derivations.report.summary import summary

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
