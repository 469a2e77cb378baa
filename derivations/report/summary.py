"""The results in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from derivations.claim import Verdict
from derivations.reader.source import Unreadable
from derivations.report.called import called
from derivations.report.findings import located
from derivations.report.folded import Folded
from derivations.report.marks import BAD, GOOD, HEADING, counted, duration
from derivations.report.results import FileResult, Results, has_fallen, is_proved
from derivations.report.roles import MARKS


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
