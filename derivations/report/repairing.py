"""Suggestions for the lines that do not hold, sought with progress shown."""

from __future__ import annotations

from dataclasses import replace

from derivations.claim import FALLEN, Verdict
from derivations.reader.line import Line
from derivations.repair import repairs
from derivations.report.progress import progress
from derivations.report.results import Results

UNEXPECTED, ALL, NONE = "unexpected", "all", "none"


def with_suggestions(results: Results, which: str) -> Results:
    """The results with suggestions for wrong lines: the unexpected ones, all, or none."""
    wrong = {
        judged.line.id
        for judged in results.lines
        if judged.judgement.verdict in FALLEN and (which == ALL or not judged.as_expected)
    }
    if which == NONE or not wrong:
        return results

    def verdict(line: Line) -> Verdict:
        return Verdict.REFUTED if line.id in wrong else Verdict.PROVED

    found = {}
    with progress(len(wrong)) as on_searched:
        for repair in repairs([judged.line for judged in results.lines], verdict):
            found[repair.line.id] = repair.suggestions
            on_searched(f"repairs of {repair.line.id}")
    lines = (replace(each, suggestions=found.get(each.line.id)) for each in results.lines)
    return replace(results, lines=tuple(lines))
