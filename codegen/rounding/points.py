"""The scalar core, measured: errors of the emitted code at points of the range, in units."""

from __future__ import annotations

from collections.abc import Callable
from itertools import repeat
from typing import Any

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from codegen.interpret.hypotheses import Hypotheses
from codegen.rounding.core import Scalar
from codegen.rounding.measure import INTEGERS
from codegen.rounding.scalars import Limit, unit

Floats = NDArray[Any]
PRECISION = 192
CHUNK = 10_000
LONGEST = {"float64": 750.0, "float32": 110.0}  # beyond, results are saturated


def measured(scalar: Scalar, h: Hypotheses, count: int, seed: int) -> list[float]:
    """The error at so many points, in units; in units times 1 + |z| where the limit grows."""
    limit = scalar.limits[h.dtype.name]
    first, second = _points(limit, h, count, np.random.default_rng(seed))
    found: list[float] = []
    for start in range(0, len(first), CHUNK):
        some = slice(start, start + CHUNK)
        found += _errors(scalar, h, limit, first[some], second[some])
    return found


def _errors(scalar: Scalar, h: Hypotheses, limit: Limit, z: Floats, other: Floats) -> list[float]:
    with np.errstate(all="ignore"):
        got = computed(scalar, z, other)
        if h.dtype == np.float32:
            return _errors_in_double(scalar, h, limit, got, z.astype(float) - other)
    balls = np.empty(len(z), object)
    with ctx.workprec(PRECISION):
        balls[:] = [arb(x) - y for x, y in zip(z.tolist(), other.tolist(), strict=True)]
        found = []
        for number, exact, at in zip(got.tolist(), scalar.exact(balls), balls, strict=True):
            scale = unit(h, exact) * (1 + abs(at) if limit.grows else 1)
            found.append(float(abs(arb(number) - exact) / scale))
    return [each if each == each else float("inf") for each in found]


def _errors_in_double(
    scalar: Scalar, h: Hypotheses, limit: Limit, got: Floats, z: Floats
) -> list[float]:
    """Of float32: what float64 gives is exact but for some 1e-8 of a unit."""
    exact = scalar.exact(z)
    scale = np.maximum(float(h.u) * abs(exact), float(h.subnormal) / 2)
    errors = abs(got - exact) / scale / (1 + abs(z) if limit.grows else 1)
    found: list[float] = np.where(np.isnan(errors), np.inf, errors).tolist()
    return found


def computed(scalar: Scalar, z: Floats, other: Floats) -> Floats:
    """The function as floats compute it, at each z and other."""
    if scalar.takes_arrays:
        return np.asarray(scalar.evaluate(_call, z, other))
    found = scalar.evaluate(_call_at_each, z[:, np.newaxis], other[:, np.newaxis])
    return np.asarray(found)


def _call(kernel: Callable[..., Any], *arguments: Any) -> Any:
    return kernel(*arguments)


def _call_at_each(kernel: Callable[..., Any], *arguments: Any) -> Any:
    """The kernel at each place of the arrays' first axis, its results side by side."""
    each = (some if isinstance(some, np.ndarray) else repeat(some) for some in arguments)
    found = [kernel(*at) for at in zip(*each, strict=False)]
    if isinstance(found[0], tuple):
        return tuple(np.array(part) for part in zip(*found, strict=True))
    return np.array(found)


def _points(
    limit: Limit, h: Hypotheses, count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """z and what is subtracted from it: 0, but where a shift is rounded."""
    widest = LONGEST[h.dtype.name]
    low, high = (h.dtype.type(each) for each in (limit.low, limit.high))
    if limit.grows:
        more = count + count // 10  # some of which are outside
        first = (widest / 2 * rng.normal(size=more)).astype(h.dtype)
        second = (first + widest * rng.random(more) ** 3).astype(h.dtype)
        difference = first.astype(float) - second
        inside = (limit.low <= difference) & (difference <= limit.high)
        return first[inside][:count], second[inside][:count]
    integer = INTEGERS[h.dtype.itemsize]
    top = int(high.view(integer))
    by_bits = rng.integers(0, top, count // 2, dtype=integer, endpoint=True).view(h.dtype)
    by_bits = by_bits * rng.choice(np.array([-1, 1], h.dtype), len(by_bits))
    by_value = rng.uniform(-widest, widest, count - count // 2 - 3).astype(h.dtype)
    z = np.concatenate([by_bits, by_value, np.array([low, high, 0], h.dtype)])
    return z, np.zeros_like(z)
