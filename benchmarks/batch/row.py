"""What is told of one contender at one size."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.batch.size import Size


@dataclass(frozen=True)
class Row:
    """One contender at one size. Seconds a call; ratios are of medians."""

    part: str
    size: Size
    contender: str
    gives: str
    ours: bool
    median: float
    fastest: float
    slowest: float
    busy: float
    to_peer: float | None  # the fastest peer; None where there is no other
    to_limit: float | None  # None but for a softmax batch


@dataclass(frozen=True)
class Skipped:
    """A contender that was not asked."""

    part: str
    size: Size
    contender: str
    reason: str
