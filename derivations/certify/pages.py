"""The outcome as a table of coverage, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from derivations.certify.coverage import Entry, Outcome, subject_of
from derivations.report.stdio import escaped
from derivations.report.style import BAD, GOOD, HEADING


def table(outcome: Outcome) -> RenderableType:
    """How many theorems of each subject and kind were accepted, and what has none, by name."""
    entries = list(outcome.entries)
    counts = Table(box=SIMPLE_HEAD, header_style=HEADING)
    counts.add_column("subject")
    for heading in ("proved", "certified", "refuted", "certified", "without a certificate"):
        counts.add_column(heading, justify="right")
    for subject in dict.fromkeys(subject_of(entry.key) for entry in entries):
        of_it = [entry for entry in entries if subject_of(entry.key) == subject]
        counts.add_row(subject, *_counts(of_it))
    bare = [entry for entry in entries if not entry.accepted]
    names = [f"  {entry.key}  ({entry.verdict})  {entry.reason}" for entry in bare]
    reasons = [Text("\nWithout a certificate", HEADING), *map(Text, names)] if names else []
    return Group(counts, *reasons, Text("\n"), _summary(outcome, entries))


def _counts(entries: list[Entry]) -> list[str]:
    cells = []
    for verdict in ("proved", "refuted"):
        of_kind = [entry for entry in entries if entry.verdict == verdict]
        cells += [str(len(of_kind)), str(sum(entry.accepted for entry in of_kind))]
    return [*cells, str(sum(not entry.accepted for entry in entries))]


def _summary(outcome: Outcome, entries: Iterable[Entry]) -> Text:
    accepted = [entry for entry in entries if entry.accepted]
    kinds = [sum(entry.verdict == kind for entry in accepted) for kind in ("proved", "refuted")]
    text = (
        f"Coq accepts {len(accepted)} theorems: {kinds[0]} for all sizes, {kinds[1]} at a witness"
    )
    if outcome.not_reached:
        text += f" · {len(outcome.not_reached)} judged and not stated in Coq"
    if outcome.failures:
        return Text(f"✗ {text} · {len(outcome.failures)} stated and not accepted", BAD)
    return Text(f"✓ {text}", GOOD)


def as_json(outcome: Outcome) -> str:
    """Every judgement with its theorem, and the numbers of each kind."""
    entries = list(outcome.entries)
    shown = [
        {
            "id": entry.key,
            "verdict": entry.verdict,
            "theorem": entry.theorem or None,
            "accepted": entry.accepted,
            "reason": entry.reason,
        }
        for entry in entries
    ]
    summary = {
        "accepted": sum(entry.accepted for entry in entries),
        "missing": [entry.key for entry in outcome.failures],
        "not_certified": [entry.key for entry in outcome.not_reached],
    }
    content = {"certificates": shown, "summary": summary}
    return escaped(json.dumps(content, indent=2, ensure_ascii=False)) + "\n"
