"""The results in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from derivations.claim import Verdict
from derivations.report.folded import Folded
from derivations.report.marks import BAD, GOOD, HEADING, counted, duration
from derivations.report.results import Results, has_fallen, is_proved


def summary(results: Results, file: str = "") -> RenderableType:
    """How many claims and lines are proved, false claims fell, and what is not as it should be."""
    mark, style = ("✓", GOOD) if results.passed else ("✗", BAD)
    failures = [f"  {failure.id} is {failure.verdict.value}" for failure in results.failures]
    lines: list[RenderableType] = [Folded([f"{mark} {' · '.join(_counts(results))}"], style)]
    if failures:
        name = results.failures[0].id.split(" ")[0]
        of_file = f" {file}" if file else ""
        advice = f"  in full: python -m derivations.verify{of_file} --explain {name}"
        # a command is never broken, so that it can be copied
        lines += [Folded(failures, BAD), Text(advice, no_wrap=True, overflow="ignore")]
    return Group(*lines)


def left_out(results: Results, *, places: bool) -> Iterator[RenderableType]:
    """What of a file was not read beside its lines, and where its other equalities are."""
    if results.problems:
        yield Text("not read:", HEADING)
        yield Padding(Folded([str(each) for each in results.problems], BAD), (0, 0, 1, 2))
    told = results.elsewhere if places else ()
    if told:
        yield Text("not judged, as not displayed:", HEADING)
        lines = [f"{each.place}: {each.kind}: {each.text}" for each in told]
        yield Padding(Folded(lines), (0, 0, 1, 2))


def _lines(results: Results) -> str:
    """How many lines are proved, and how the others came out."""
    proved = sum(line.verdict is Verdict.PROVED for line in results.lines)
    kinds = Counter(line.verdict for line in results.lines)
    others = [f"{n} {kind.value}" for kind, n in kinds.items() if kind is not Verdict.PROVED]
    corrected = [line for line in results.lines if line.correction]
    details = f" ({', '.join(others)})" if others else ""
    if corrected:
        right = sum(is_proved(line.correction) for line in corrected if line.correction)
        details += f" · {right} of {counted(len(corrected), 'correction')} proved"
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
    if results.problems:
        number = len(results.problems)
        of = "declaration or remark" if number == 1 else "declarations or remarks"
        yield f"{number:,} {of} not read"
    if results.elsewhere:
        count = sum(each.count for each in results.elsewhere)
        where = ", ".join(f"{number:,} {kind}" for kind, number in results.left_out.items())
        yield f"{counted(count, 'equality')} outside of displays not judged ({where})"
    yield f"{counted(results.instances, 'instance')} decided"
    yield duration(results.seconds)
