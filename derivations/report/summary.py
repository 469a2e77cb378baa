"""The results in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType

from derivations.report.folded import Folded
from derivations.report.marks import BAD, GOOD, counted, duration
from derivations.report.results import Results, has_fallen, is_proved


def summary(results: Results) -> RenderableType:
    """How many claims are proved and false claims fell, and which are not as they should be."""
    mark, style = ("✗", BAD) if results.failures else ("✓", GOOD)
    failures = [
        f"  {judgement.claim.id} is {judgement.verdict.value}" for judgement in results.failures
    ]
    lines = [Folded([f"{mark} {' · '.join(_counts(results))}"], style)]
    if failures:
        name = results.failures[0].claim.id
        advice = f"  in full: python -m derivations.verify --explain {name}"
        lines += [Folded(failures, BAD), Folded([advice])]
    return Group(*lines)


def _counts(results: Results) -> Iterator[str]:
    if results.claims:
        proved = sum(map(is_proved, results.claims))
        yield f"{proved} of {counted(len(results.claims), 'claim')} proved"
    if results.slips:
        fallen = sum(map(has_fallen, results.slips))
        kinds = ", ".join(f"{number} {verdict}" for verdict, number in results.fallen.items())
        details = f" ({kinds})" if kinds else ""
        yield f"{fallen} of {counted(len(results.slips), 'false claim')} fell{details}"
    yield f"{counted(results.instances, 'instance')} decided"
    yield duration(results.seconds)
