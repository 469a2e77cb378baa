"""Everything that is measured, in one go, of the libraries that are installed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from benchmarks.accuracy import by_generated, by_jax, by_scipy, by_torch
from benchmarks.accuracy.errors import (
    ConditionedError,
    ConfidentError,
    ScalarError,
    conditioned_errors,
    confident_errors,
    scalar_errors,
)
from benchmarks.accuracy.implementation import Implementation
from benchmarks.accuracy.inputs import D, N, large, one_sided, small


@dataclass(frozen=True)
class Extent:
    """Points of a range, for each sign; draws of small pairs; scales of large ones; long sums."""

    points: int
    small: int
    scales: tuple[float, ...]
    one_sided: bool = True


FULL = Extent(points=10_000, small=2000, scales=(0.01, 0.3, 2.0))
QUICK = Extent(points=2000, small=300, scales=(0.3,))


LIBRARIES: tuple[ModuleType, ...] = (by_generated, by_scipy, by_torch, by_jax)


def installed(without: list[str]) -> tuple[list[Implementation], list[str]]:
    """What was loaded, and a message for each library that is missing."""
    loaded: list[Implementation] = []
    missing: list[str] = []
    for library in LIBRARIES:
        if library.NAME in without:
            continue
        try:
            loaded.append(library.load())
        except ModuleNotFoundError:
            missing.append(f"{library.NAME} is not installed: pip install {library.NAME}")
    return loaded, missing


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
