"""Branches that rounding decides: every way that a run may go, one run for each.

The leading score is the one that is largest as computed. Where rounding leaves it open which,
a run is repeated with each of those that may be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from codegen.rounding.number import Unbounded

T = TypeVar("T")
MOST = 64  # runs


@dataclass
class Path:
    """The choices of one run: a prefix that is given, then the first of each."""

    given: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)


_path: ContextVar[Path] = ContextVar("path")


def choose(options: Sequence[int]) -> int:
    """One of the options; the others are taken by other runs."""
    path = _path.get()
    place = len(path.widths)
    path.widths.append(len(options))
    if place == len(path.given):
        path.given.append(0)
    return options[path.given[place]]


def all_runs(run: Callable[[], T]) -> list[T]:
    """The results of all ways to choose. Raises Unbounded if there are more than `MOST`."""
    results: list[T] = []
    given: list[int] | None = []
    while given is not None:
        if len(results) == MOST:
            raise Unbounded(f"rounding leaves more than {MOST} ways open")
        path = Path(given)
        token = _path.set(path)
        try:
            results.append(run())
        finally:
            _path.reset(token)
        given = _next(path)
    return results


def _next(path: Path) -> list[int] | None:
    """The prefix of the next run: the last choice that has an option left, moved on."""
    for place in reversed(range(len(path.widths))):
        if path.given[place] + 1 < path.widths[place]:
            return [*path.given[:place], path.given[place] + 1]
    return None
