"""Everything that is measured, in one go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.accuracy.cases import D, N, large, one_sided, small
from benchmarks.accuracy.condition import ConditionedError, conditioned_errors
from benchmarks.accuracy.confident import ConfidentError, confident_errors
from benchmarks.accuracy.extent import Extent
from benchmarks.accuracy.implementation import Implementation
from benchmarks.accuracy.scalars import ScalarError, scalar_errors

Watched = Callable[[Iterable[Any], str], Iterable[Any]]  # an iteration whose progress is shown


@dataclass(frozen=True)
class Measured:
    """The three tables."""

    scalars: list[ScalarError]
    conditioned: list[ConditionedError]
    confident: list[ConfidentError]


def measure(
    implementations: Sequence[Implementation],
    extent: Extent,
    seed: int,
    watched: Watched = lambda each, _: each,
) -> Measured:
    """The same numbers for the same seed; the small pairs are the same for every seed."""
    scalars = list(watched(scalar_errors(implementations, extent.points, seed), "functions"))
    conditioned: list[ConditionedError] = []
    for name, pairs in (
        ("small adversarial", small(extent.small)),
        (f"d = {D}, N = {N}", large(extent.scales, seed)),
        ("one-sided sums", one_sided() if extent.one_sided else ()),
    ):
        conditioned += conditioned_errors(name, watched(pairs, name), implementations)
    return Measured(scalars, conditioned, list(confident_errors(implementations)))
