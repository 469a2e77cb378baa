"""H2 and H3, measured: how far NumPy's exp and log1p are off, in ulp, at worst.

float32 is compared with NumPy's float64, whose own error is some 2^-29 ulp there, and can be
measured at every float; float64 with ball arithmetic, at sampled points. Contiguous arrays,
strided ones and single numbers are measured apart: NumPy may compute them by different code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from codegen.interpret.errors import Hypotheses, ulp

Floats = NDArray[Any]
INTEGERS: dict[int, Any] = {4: np.int32, 8: np.int64}
PRECISION = 128
CHUNK = 2**17
BALLS: dict[str, Callable[[arb], arb]] = {"exp": lambda x: x.exp(), "log1p": lambda x: x.log1p()}
NUMPY: dict[str, Callable[[Any], Any]] = {"exp": np.exp, "log1p": np.log1p}


@dataclass(frozen=True)
class Worst:
    """The largest error in ulp, where, and of how many points."""

    ulps: float
    at: float
    points: int

    def or_worse(self, other: Worst) -> Worst:
        """The worse of both, of all points."""
        worse = self if self.ulps >= other.ulps else other
        return Worst(worse.ulps, worse.at, self.points + other.points)


def domain(function: str, h: Hypotheses) -> tuple[float, float]:
    """Where the result is in range: for exp from below underflow, for log1p from -1/2."""
    low, high = float(h.subnormal.log()) - 1, float(h.largest.log().lower())
    inside = float(np.nextafter(h.dtype.type(high), h.dtype.type(0)))
    return (low, inside) if function == "exp" else (-0.5, float(h.largest))


def sampled(function: str, h: Hypotheses, count: int, seed: int) -> Worst:
    """The worst of so many points: uniform among the floats and in value, and beside k log 2."""
    points = _points(function, h, count, seed)
    worst = _measure(function, h, points)
    strided = np.repeat(points, 2)[::2]
    some = points[:: max(1, len(points) // 2000)]
    singles = np.array([NUMPY[function](x) for x in some])
    if not np.array_equal(NUMPY[function](strided), NUMPY[function](points)):
        worst = worst.or_worse(_compare(function, h, strided, NUMPY[function](strided)))
    return worst.or_worse(_compare(function, h, some, singles))


def exhaustive(function: str, h: Hypotheses, low: float, high: float) -> Worst:
    """The worst of all floats between two of one sign, both included. For float32 alone."""
    first, last = np.sort(np.array([low, high], h.dtype).view(INTEGERS[h.dtype.itemsize])).tolist()
    worst = Worst(0.0, low, 0)
    for start in range(first, last + 1, CHUNK):
        bits = np.arange(start, min(start + CHUNK, last + 1), dtype=INTEGERS[h.dtype.itemsize])
        worst = worst.or_worse(_measure(function, h, bits.view(h.dtype)))
    return worst


def _measure(function: str, h: Hypotheses, points: Floats) -> Worst:
    with np.errstate(all="ignore"):
        return _compare(function, h, points, NUMPY[function](points))


def _compare(function: str, h: Hypotheses, points: Floats, got: Floats) -> Worst:
    assert got.dtype == h.dtype, got.dtype
    if h.dtype == np.float32:
        with np.errstate(all="ignore"):
            exact = NUMPY[function](points.astype(np.float64))
        binade = np.frexp(exact)[1] - 24
        spacing = np.ldexp(1.0, np.maximum(binade, -149))
        errors = np.abs(got - exact) / spacing
    else:
        errors = np.fromiter(_ball_errors(function, h, points, got), float, len(points))
    errors = np.where(np.isnan(errors), np.inf, errors)
    place = int(errors.argmax())
    return Worst(float(errors[place]), float(points[place]), len(points))


def _ball_errors(function: str, h: Hypotheses, points: Floats, got: Floats) -> Iterator[float]:
    with ctx.workprec(PRECISION):
        for x, y in zip(points.tolist(), got.tolist(), strict=True):
            exact = BALLS[function](arb(x))
            yield float(abs(arb(y) - exact) / ulp(h, exact))


def _points(function: str, h: Hypotheses, count: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    low, high = domain(function, h)
    parts = []
    for edge in (low, high):
        bits = np.array(edge, h.dtype).__abs__().view(INTEGERS[h.dtype.itemsize]).item()
        drawn = rng.integers(0, bits, count // 6, dtype=INTEGERS[h.dtype.itemsize], endpoint=True)
        parts.append(np.copysign(drawn.view(h.dtype), h.dtype.type(edge)))
    widest = 700.0 if h.dtype == np.float64 else 87.0
    value = rng.uniform(max(low, -widest), min(high, widest), count // 3).astype(h.dtype)
    halves = rng.integers(int(low * 2.9) if function == "exp" else 0, 2 * 120, count // 3)
    near = (halves * (np.log(2) / 2)).astype(h.dtype)
    steps = rng.integers(-40, 41, len(near), dtype=INTEGERS[h.dtype.itemsize])
    near = np.where(near == 0, near, (near.view(INTEGERS[h.dtype.itemsize]) + steps).view(h.dtype))
    parts += [value, near]
    found: Floats = np.concatenate(parts).astype(h.dtype)
    return found[(found >= low) & (found <= high)]
