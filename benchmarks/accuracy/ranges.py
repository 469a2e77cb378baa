"""Where the scalar functions are evaluated.

A range is an interval of |x|, and both signs are drawn. Half of the points are uniform among
the floats of the range, so that subnormals and all exponents turn up, the other half are
uniform in value, which is dense where a result becomes subnormal.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.kernels.cases import Floats

NAMES = ("tiny", "moderate", "tail", "subnormal", "saturated")
# exp(-|x|) is lost beside 1 from the third on, subnormal shortly after the fourth, 0 at the fifth
EDGES: dict[np.dtype[Any], tuple[float, ...]] = {
    np.dtype(np.float64): (0.0, 1e-8, 36.0, 700.0, 746.0, float(np.finfo(np.float64).max)),
    np.dtype(np.float32): (0.0, 1e-4, 17.0, 87.0, 104.0, float(np.finfo(np.float32).max)),
}
WHOLE: dict[np.dtype[Any], Any] = {np.dtype(np.float64): np.int64, np.dtype(np.float32): np.int32}


def points(name: str, dtype: np.dtype[np.floating], count: int, seed: int) -> Floats:
    """About `count` points of a range, its edges among them; with both infinities, the last."""
    place = NAMES.index(name)
    low, high = np.array(EDGES[dtype][place : place + 2], dtype)
    rng = np.random.default_rng([seed, place])
    first, last = np.array([low, high]).view(WHOLE[dtype]).tolist()
    by_bits = rng.integers(first, last, size=count // 2, dtype=WHOLE[dtype]).view(dtype)
    by_value = rng.uniform(low, high, size=count - count // 2).astype(dtype)
    edges = [low, high, np.nextafter(low, high), np.nextafter(high, low)]
    if place == len(NAMES) - 1:
        edges.append(np.array(np.inf, dtype))
    sizes = np.concatenate([by_bits, by_value, np.array(edges, dtype)])
    drawn: Floats = np.concatenate([sizes, -sizes])
    return rng.permutation(drawn)
