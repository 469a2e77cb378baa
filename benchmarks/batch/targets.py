"""What was promised, and whether it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import geometric_mean

from benchmarks.batch.row import Row

COMPILED = "ours, compiled"


@dataclass(frozen=True)
class Target:
    """A bound on ratios of medians, over the sizes that it is about.

    ``typical`` judges the geometric mean, otherwise the worst size counts.
    """

    says: str
    bound: float
    ratios: Callable[[list[Row], Row], Iterable[float]]
    typical: bool = False


@dataclass(frozen=True)
class Outcome:
    """A target judged for one of our rows, by name."""

    says: str
    ours: str
    dtype: str
    bound: float
    sizes: int
    mean: float
    worst: float
    kept: bool


def over_fastest(
    part: str, pairs: tuple[int, ...], way: str = ""
) -> Callable[[list[Row], Row], list[float]]:
    """Ours, or one way of ours, by the fastest peer."""

    def ratios(_: list[Row], ours: Row) -> list[float]:
        if ours.to_peer is None or ours.part != part or ours.size.B not in pairs:
            return []
        if way and ours.contender != way:
            return []
        return [ours.to_peer]

    return ratios


def over_limit(_: list[Row], ours: Row) -> list[float]:
    """Ours by the limit."""
    if ours.to_limit is None or ours.size.d < 100 or ours.size.B != 1024:
        return []
    return [ours.to_limit]


def over_peer(
    prefix: str, pairs: int = 1024, way: str = ""
) -> Callable[[list[Row], Row], list[float]]:
    """Ours, or one way of ours, by the faster of the contenders whose names begin so."""

    def ratios(rows: list[Row], ours: Row) -> list[float]:
        if ours.part != "sampling" or pairs != ours.size.B or (way and ours.contender != way):
            return []
        peers = [
            row.median
            for row in rows
            if (row.part, row.size) == (ours.part, ours.size) and row.contender.startswith(prefix)
        ]
        return [ours.median / min(peers)] if peers else []

    return ratios


TARGETS = (
    Target("softmax, B >= 32: fastest peer", 1.0, over_fastest("softmax", (32, 1024)), True),
    Target("softmax, d >= 100, B = 1024: limit", 1.3, over_limit),
    Target("sampling, B = 1024: Numba", 2.5, over_peer("Numba")),
    Target("sampling, B = 1024: jax, the faster", 0.5, over_peer("jax")),
    Target("sampling, B = 1024: torch", 0.5, over_peer("torch")),
    Target("softmax, one pair: leanest NumPy", 1.5, over_fastest("softmax_pair", (1,))),
    Target("sampling, one pair: leanest NumPy", 1.5, over_fastest("sampling_pair", (1,))),
    Target("compiled, B = 1: Numba", 1.1, over_peer("Numba", 1, COMPILED)),
    Target("compiled, B = 32: Numba", 0.7, over_peer("Numba", 32, COMPILED)),
    Target("compiled, B = 1024: Numba", 0.5, over_peer("Numba", 1024, COMPILED)),
    Target("compiled, softmax pair", 0.2, over_fastest("softmax_pair", (1,), COMPILED)),
    Target("compiled, sampling pair", 0.2, over_fastest("sampling_pair", (1,), COMPILED)),
)


def judged(rows: list[Row]) -> list[Outcome]:
    """Every target for each of our ways and each dtype that were measured."""
    ways = dict.fromkeys((row.contender, row.size.dtype) for row in rows if row.ours)
    return [
        outcome
        for target in TARGETS
        for name, dtype in ways
        for outcome in _judged(target, name, dtype, rows)
    ]


def _judged(target: Target, name: str, dtype: str, rows: list[Row]) -> list[Outcome]:
    ours = [row for row in rows if (row.contender, row.size.dtype) == (name, dtype)]
    found = [ratio for row in ours for ratio in target.ratios(rows, row)]
    if not found:
        return []
    mean, worst = geometric_mean(found), max(found)
    kept = (mean if target.typical else worst) <= target.bound
    return [Outcome(target.says, name, dtype, target.bound, len(found), mean, worst, kept)]
