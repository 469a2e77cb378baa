"""How much is measured: all of it takes minutes, the quick share seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Extent:
    """Points of a range, for each sign; draws of small pairs; scales of large ones; long sums."""

    points: int
    small: int
    scales: tuple[float, ...]
    one_sided: bool = True


FULL = Extent(points=10_000, small=2000, scales=(0.01, 0.3, 2.0))
QUICK = Extent(points=2000, small=300, scales=(0.3,))
