"""Suggestions for the lines that do not hold, sought in processes that can be ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derivations.claim import FALLEN
from derivations.reader.line import Line
from derivations.repair import Before, Budget, ending, suggestions
from derivations.report import workers
from derivations.report.progress import progress
from derivations.report.results import JudgedLine, Results, Suggested
from derivations.report.workers import Limits, Stopped

UNEXPECTED, ALL, NONE = "unexpected", "all", "none"


def with_suggestions(results: Results, which: str, limits: Limits) -> Results:
    """The results with suggestions for wrong lines: the unexpected ones, all, or none.

    A search ends after twice the budget of a line; it is ended from outside after three times.
    """
    shares = list(_runs(results, which))
    if not shares:
        return results
    searches = _Searches(2 * limits.seconds, shares)
    found: dict[str, object] = {}
    with progress(sum(map(len, shares))) as on_searched:

        def done(name: str, outcome: object) -> None:
            found[name] = outcome
            on_searched(f"repairs of {name}")

        names = [[line.id for line in share] for share in shares]
        allowed = replace(limits, seconds=3 * limits.seconds)
        if workers.FORKS:
            processes = min(workers.cores(), len(shares))
            workers.run(lambda: searches.search, names, allowed, processes, done)
        else:
            for name in (name for share in names for name in share):
                done(name, workers.outcome_of(searches.search, name, allowed))
    return replace(results, lines=tuple(_with(each, found) for each in results.lines))


def _runs(results: Results, which: str) -> Iterator[list[Line]]:
    """The wrong lines, those together of which each goes on from the one before it."""
    run: list[Line] = []
    for judged in results.lines:
        sought = judged.verdict in FALLEN and (which == ALL or not judged.as_expected)
        line = judged.line if sought and which != NONE else None
        if run and not (isinstance(line, Line) and _goes_on(run[-1], line)):
            yield run
            run = []
        if isinstance(line, Line):
            run.append(line)
    if run:
        yield run


def _goes_on(before: Line, line: Line) -> bool:
    return line.from_start is not None and before.equality.right == line.equality.left


@dataclass
class _Searches:
    """One search after the other; each knows the repair of the line that it goes on from."""

    seconds: float
    runs: list[list[Line]]
    repaired: Before | None = None

    def search(self, name: str) -> tuple[Suggested, ...]:
        """What is suggested for a line, as plain data."""
        line, first = next(
            (line, line is run[0]) for run in self.runs for line in run if line.id == name
        )
        before = None if first else self.repaired
        self.repaired = None
        found = suggestions(line, Budget(seconds=self.seconds), before)
        self.repaired = ending(line, found)
        return tuple(Suggested(each.latex, each.edits, each.before) for each in found)


def _with(judged: JudgedLine, found: dict[str, object]) -> JudgedLine:
    outcome = found.get(judged.line.id)
    if isinstance(outcome, Stopped):
        return replace(judged, unsearched=outcome.reason)
    if isinstance(outcome, tuple):
        return replace(judged, suggestions=outcome)
    return judged
