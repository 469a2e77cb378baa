"""What was decided, for a reader and for a program."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from codegen.execute.cases import ALL, DRAWN, PATTERNS
from codegen.execute.plan import Plan
from codegen.execute.work import Report

MOST_SHOWN = 3  # failures of one function


def summary(reports: Sequence[Report], seconds: float) -> str:
    """One line: how many functions, cases and entries, and whether all are as proved."""
    good = sum(report.proved for report in reports)
    cases = sum(report.count.cases for report in reports)
    entries = sum(report.count.entries for report in reports)
    most = max((report.most for report in reports), default=0)
    return (
        f"{good} of {len(reports)} functions compute what is proved: run on symbols at sizes up to "
        f"{most}, {cases:,} cases, {entries:,} entries, {seconds:.0f} s"
    )


def failures(reports: Sequence[Report]) -> Iterator[str]:
    """What is wrong, kernel by kernel."""
    for report in reports:
        found = report.count.failures
        yield from (f"{failure}" for failure in found[:MOST_SHOWN])
        if not found and not report.proved:
            yield f"{report.name}: nothing was decided"


def table(reports: Sequence[Report]) -> Iterator[str]:
    """A line for each function: what it was run at, and what was found."""
    width = max((len(report.name) for report in reports), default=0)
    yield f"{'function':{width}}  sizes   all words   patterns   drawn   cases     runs   entries"
    for report in reports:
        words = report.words
        sizes = sum(words.values())
        ways = [words[kind] for kind in _MEANING]
        count = report.count
        verdict = "✓" if report.proved else "✗"
        drawn = f"; paths drawn in {count.drawn_paths:,} cases" if count.drawn_paths else ""
        drawn += f"; {report.left_out:,} sizes left out" if report.left_out else ""
        yield (
            f"{report.name:{width}}  {sizes:5}   {ways[0]:9}   {ways[1]:8}   {ways[2]:5}  "
            f"{count.cases:6,}  {count.runs:7,}  {count.entries:8,}  {verdict} "
            f"{report.seconds:.1f} s{drawn}"
        )


def legend(reports: Sequence[Report], plan: Plan) -> Iterator[str]:
    """What the columns of the table mean, and how much was run of each kind."""
    sizes, cases = _totals(reports)
    for kind, meaning in _MEANING.items():
        yield f"{kind}: {meaning}; {cases[kind]:,} cases at {sizes[kind]:,} sizes"
    yield (
        f"each case on every path, where there are at most {plan.paths:,}, and on a few in one "
        "other way to load the package, drawn by a fixed seed; in all ways where memory is given"
    )


def _totals(reports: Sequence[Report]) -> tuple[Counter[str], Counter[str]]:
    """Sizes and cases by how their words were chosen."""
    sizes, cases = Counter[str](), Counter[str]()
    for report in reports:
        sizes += report.words
        cases += report.cases
    return sizes, cases


_MEANING = {
    ALL: "every choice of words and of windows",
    PATTERNS: "every pattern of equal words, each with every choice of windows",
    DRAWN: "some choices of words and windows, by a fixed seed, where there are more patterns",
}


def as_json(
    reports: Sequence[Report], seconds: float, rounding: Sequence[Mapping[str, Any]] = ()
) -> str:
    """All of it, for a program, with the bounds on rounding."""
    sizes, cases = _totals(reports)
    found = {
        "functions": [_function(report) for report in reports],
        "summary": {
            "functions": len(reports),
            "proved": sum(report.proved for report in reports),
            "cases": sum(report.count.cases for report in reports),
            "sizes_by_words": dict(sizes),
            "cases_by_words": dict(cases),
            "runs": sum(report.count.runs for report in reports),
            "entries": sum(report.count.entries for report in reports),
            "seconds": round(seconds, 2),
        },
        "rounding": list(rounding),
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _function(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "proved": report.proved,
        "sizes_up_to": report.most,
        "sizes": dict(report.words),
        "sizes_left_out": report.left_out,
        "cases": report.count.cases,
        "cases_by_words": dict(report.cases),
        "runs": report.count.runs,
        "entries": report.count.entries,
        "cases_with_drawn_paths": report.count.drawn_paths,
        "variants": list(report.variants),
        "seconds": round(report.seconds, 2),
        "failures": [
            {"variant": failure.variant, "case": failure.case, "what": failure.what}
            for failure in report.count.failures
        ],
    }
