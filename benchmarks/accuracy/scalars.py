"""The largest error of the scalar functions on each range."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.accuracy.implementation import DTYPES, Implementation
from benchmarks.accuracy.ranges import NAMES, points
from benchmarks.accuracy.ulps import EXACT, exact_values, ulps


@dataclass(frozen=True)
class ScalarError:
    """How far a function is off on one range, at worst, and where."""

    function: str
    dtype: str
    implementation: str
    range: str
    ulps: float
    at: float


def scalar_errors(
    implementations: Sequence[Implementation], count: int, seed: int
) -> Iterator[ScalarError]:
    """All functions on all ranges, in both precisions."""
    for function in EXACT:
        for dtype in DTYPES:
            for name in NAMES:
                x = points(name, dtype, count, seed)
                exact = exact_values(function, x)
                for each in implementations:
                    with np.errstate(all="ignore"):
                        got = each.scalars[function](x)
                    errors = ulps(got, exact, dtype)
                    worst = int(errors.argmax())
                    yield ScalarError(
                        function, dtype.name, each.name, name, float(errors[worst]), float(x[worst])
                    )
