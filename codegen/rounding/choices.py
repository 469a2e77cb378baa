"""Branches that rounding decides: every way that a run may go, one run for each.

The leading score is the one that is largest as computed. Where rounding leaves it open which,
a run is repeated with each of those that may be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import TypeVar

from codegen.interpret.paths import Path
from codegen.rounding.number import Unbounded

T = TypeVar("T")
MOST = 64  # runs

_path: ContextVar[Path] = ContextVar("path")


def choose(options: Sequence[int]) -> int:
    """One of the options; the others are taken by other runs."""
    return options[_path.get().choose(len(options))]


def all_runs(run: Callable[[], T]) -> list[T]:
    """The results of all ways to choose. Raises Unbounded if there are more than `MOST`."""
    results: list[T] = []
    path: Path | None = Path()
    while path is not None:
        if len(results) == MOST:
            raise Unbounded(f"rounding leaves more than {MOST} ways open")
        token = _path.set(path)
        try:
            results.append(run())
        finally:
            _path.reset(token)
        path = path.following()
    return results
