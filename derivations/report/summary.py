"""The results in a few lines."""

from __future__ import annotations

from rich.text import Text

from derivations.report.marks import BAD, GOOD, counted, duration
from derivations.report.results import Results, has_fallen, is_proved


def summary(results: Results) -> Text:
    """How many claims are proved and false claims fell, and which are not as they should be."""
    counts = []
    if results.claims:
        proved = sum(map(is_proved, results.claims))
        counts.append(f"{proved} of {len(results.claims)} claims proved")
    if results.slips:
        kinds = ", ".join(f"{number} {name}" for name, number in results.fallen.items())
        fallen = sum(map(has_fallen, results.slips))
        details = f" ({kinds})" if kinds else ""
        counts.append(f"{fallen} of {len(results.slips)} false claims fell{details}")
    counts += [f"{counted(results.instances, 'instance')} decided", duration(results.seconds)]
    mark, style = ("✗", BAD) if results.failures else ("✓", GOOD)
    text = Text(f"{mark} {' · '.join(counts)}", style)
    for judgement in results.failures:
        text.append(f"\n  {judgement.claim.id} is {judgement.verdict.value}", BAD)
    if results.failures:
        name = results.failures[0].claim.id
        text.append(f"\n  in full: python -m derivations.verify --explain {name}", "default")
    return text
