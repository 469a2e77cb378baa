"""Repairs of all lines of a derivation, each told of the repair of the line before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from derivations.claim import FALLEN, Verdict
from derivations.reader.line import Line
from derivations.repair.budget import Budget, Spent
from derivations.repair.search import Before, suggestions
from derivations.repair.suggestion import Suggestion


@dataclass(frozen=True)
class Repair:
    """A line that does not hold, and what is suggested for it."""

    line: Line
    suggestions: tuple[Suggestion, ...]
    seconds: float


def repairs(
    lines: Sequence[Line],
    verdict: Callable[[Line], Verdict],
    budget: Budget | None = None,
    progress: Callable[[Spent], None] = lambda spent: None,
) -> Iterator[Repair]:
    """Suggestions for every line that is refuted or ill-typed, in order."""
    before: Before | None = None
    for line in lines:
        if line.from_start is None:
            before = None  # it begins a chain
        repaired = None
        if verdict(line) in FALLEN:
            start = perf_counter()
            found = tuple(suggestions(line, budget, before, progress))
            yield Repair(line, found, perf_counter() - start)
            repaired = ending(line, found)
        before = repaired


def ending(line: Line, found: Sequence[Suggestion]) -> Before | None:
    """What the line should have ended in, where that is something else."""
    if not found or found[0].equality.right == line.equality.right:
        return None
    return Before(line.id, found[0].equality.right)
