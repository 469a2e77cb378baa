"""The scalar core: bounds over all floats by subdivision, running the emitted code on intervals.

Each function of one number z is the emitted code itself, or a kernel at the smallest size at
which it is that function. A ball of numbers z goes in, an exact value and an error come out; an
interval is halved until the error is within what is claimed: so many times u |value|, and where
that is less, half the smallest subnormal. The balls are a little wider than the intervals.

H2 and H3 are measured: how far NumPy's exp and log1p are off, in ulp, at worst. float32 is compared
with NumPy's float64, whose own error is some 2^-29 ulp there, and can be measured at every float;
float64 with ball arithmetic, at sampled points. Contiguous arrays, strided ones and single numbers
are measured apart: NumPy may compute them by different code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from flint import arb, ctx
from numpy.typing import ArrayLike, NDArray

from codegen.interpret.errors import (
    ZERO,
    Hypotheses,
    Numbers,
    Unbounded,
    all_runs,
    lifted,
    ulp,
    with_errors,
    with_new_error,
)
from generated import naive_softmax
from generated._sigmoid import log_sigmoid, sigmoid

Floats = NDArray[np.floating]
Balls = NDArray[np.object_]
Z = TypeVar("Z", Numbers, Floats)
Exact = TypeVar("Exact", Balls, Floats)
INTEGERS: dict[int, type[np.int32 | np.int64]] = {4: np.int32, 8: np.int64}
REFERENCE = 128
FLOATS_AT_ONCE = 2**17
BALLS: dict[str, Callable[[arb], arb]] = {"exp": lambda x: x.exp(), "log1p": lambda x: x.log1p()}
NUMPY: dict[str, Callable[[Floats], Floats]] = {"exp": np.exp, "log1p": np.log1p}


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
    points = _sampled_points(function, h, count, seed)
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
    for start in range(first, last + 1, FLOATS_AT_ONCE):
        bits = np.arange(
            start, min(start + FLOATS_AT_ONCE, last + 1), dtype=INTEGERS[h.dtype.itemsize]
        )
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
    with ctx.workprec(REFERENCE):
        for x, y in zip(points.tolist(), got.tolist(), strict=True):
            exact = BALLS[function](arb(x))
            yield float(abs(arb(y) - exact) / ulp(h, exact))


def _sampled_points(function: str, h: Hypotheses, count: int, seed: int) -> Floats:
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


Function = Callable[[Numbers, Numbers], Numbers]  # of z, and of 0
PRECISION = 96  # bits of the balls
DEEPEST = 40  # times that an interval is halved


@dataclass(frozen=True)
class Limit:
    """What is claimed: the error in units, on a range of z.

    Where it ``grows``, z comes with a rounding error, and the limit is that many times 1 + |z|.
    """

    units: float
    low: float
    high: float
    grows: bool = False


@dataclass(frozen=True)
class Proof:
    """How a claim about all floats was proved: intervals, and the largest bound on any of them.

    ``failed`` is an interval for which the claim is not proved.
    """

    intervals: int
    bound: float
    failed: tuple[float, float] | None

    @property
    def holds(self) -> bool:
        """Whether the claim is proved on every interval, of which there are some."""
        return self.failed is None and self.intervals > 0


def prove(function: Function, h: Hypotheses, claim: Limit) -> Proof:
    """Whether the error is within the limit for every z of its range, and at 0."""
    intervals, worst = 0, ZERO
    with ctx.workprec(PRECISION):
        waiting = [(start, end, 0) for start, end in _pieces(claim.low, claim.high, h)]
        while waiting:
            start, end, depth = waiting.pop()
            bound = _on(function, h, start, end, claim.grows)
            if bound is None or not bound <= claim.units:
                if depth == DEEPEST or start == end:
                    return Proof(intervals, float("inf"), (float(start), float(end)))
                middle = ((start + end) / 2).mid()
                waiting += [(start, middle, depth + 1), (middle, end, depth + 1)]
                continue
            intervals += 1
            worst = worst.max(bound)
    return Proof(intervals, float(worst), None)


def unit(h: Hypotheses, value: arb) -> arb:
    """What errors are counted in: u times the value, and at least half the smallest subnormal."""
    return (h.u * value.abs_lower()).max(h.subnormal / 2)


def _on(function: Function, h: Hypotheses, start: arb, end: arb, grows: bool) -> arb | None:
    """A bound over an interval, in units; None where there is none."""
    value = start if start == end else start.union(end)
    size = value.abs_upper() if grows else ZERO
    z = np.empty(1, object)
    z[0] = with_new_error(value, {}, ZERO, h.u * size)
    zero = lifted(np.zeros(1, h.dtype), h)
    scale = 1 + value.abs_lower() if grows else 1
    try:
        runs = all_runs(lambda: function(with_errors(z, h), zero).entries.reshape(-1)[0])
    except Unbounded:
        return None
    worst = ZERO
    for number in runs:
        worst = worst.max((number.deviation / (unit(h, number.value) * scale)).upper())
    return worst


def _pieces(low: float, high: float, h: Hypotheses) -> Iterator[tuple[arb, arb]]:
    """The range cut at 0 and at powers of two down to the smallest number, and 0 itself.

    At all of them from 2^-64 on; nothing happens below, where every function is flat.
    """
    yield ZERO, ZERO
    least = int(h.subnormal.man_exp()[1])
    sizes = [arb(2) ** k for k in (*range(least, -64, 16), *range(-64, 1025))]
    for sign in (1, -1):
        for ends in pairwise(sizes):
            start, end = sorted(sign * end for end in ends)
            start, end = start.max(arb(low)), end.min(arb(high))
            if start < end:
                yield start, end


# The scalar core, as emitted: which functions, on which ranges, and within how many units.
#
# Units are those of `codegen.rounding.scalar_core`: u |value|, and at least half the smallest
# subnormal. The limits are for the hypotheses as they stand; weaker ones prove less.


Apply: TypeAlias = Callable[..., tuple[Z, ...]]  # the results of a kernel at its arguments


class Evaluate(Protocol):
    """A function of z and another number, by the results of kernels."""

    def __call__(self, apply: Apply[Z], z: Z, other: Z, /) -> Z: ...


class Defined(Protocol):
    """A function of z as it is defined, for balls or for numbers in double."""

    def __call__(self, z: Exact, /) -> Exact: ...


LARGEST = {"float64": 1.7976931348623157e308, "float32": 3.4028234663852886e38}
WHOLE = {name: (-high, high) for name, high in LARGEST.items()}
MIDDLE = {name: (-high / 4, high / 4) for name, high in LARGEST.items()}  # products stay in range
SHIFTED = {"float64": (-745.0, 0.0), "float32": (-103.0, 0.0)}  # beyond, the weight is 0


@dataclass(frozen=True)
class Scalar:
    """A function of z, or of the difference z - other of two scores; its limits by dtype.

    ``exact`` is what it is equal to, as it is defined, for balls or for numbers in double.
    One that ``takes_arrays`` is evaluated at many points at a time; of the others ``evaluate``
    builds the arguments of many points at a time, and the kernel is called at each of them.
    """

    name: str
    evaluate: Evaluate
    exact: Defined
    limits: dict[str, Limit]
    takes_arrays: bool = False


def _limits(
    float64: float, float32: float, ranges: dict[str, tuple[float, float]], grows: bool = False
) -> dict[str, Limit]:
    units = {"float64": float64, "float32": float32}
    return {name: Limit(units[name], *ranges[name], grows) for name in units}


def _two_words(z: Z, other: Z) -> tuple[Z, Z]:
    """A center vector and outside vectors whose scores are z and other, without a rounding.

    z and other have one entry along their last axis; where they have more axes, so have both.
    """
    first, second = (np.array(column, z.dtype) for column in ([[1], [0]], [[0], [1]]))
    rows = (..., np.newaxis, slice(None))
    return z * 0 + 1, z[rows] * first + other[rows] * second


def _sigma(z: Exact) -> Exact:
    return np.exp(_log_sigma(z))


def _log_sigma(z: Exact) -> Exact:
    return -_softplus(-z)


def _softplus(z: Exact) -> Exact:
    return np.where(z > 0, z, 0 * z) + np.log1p(np.exp(-abs(z)))


def _sigmoid_of(apply: Apply[Z], z: Z, _: Z) -> Z:
    return apply(sigmoid, z)[0]


def _log_sigmoid_of(apply: Apply[Z], z: Z, _: Z) -> Z:
    return apply(log_sigmoid, z)[0]


def _softplus_of(apply: Apply[Z], z: Z, _: Z) -> Z:
    found: Z = -apply(log_sigmoid, -z)[0]
    return found


def _loss_of_two(apply: Apply[Z], z: Z, other: Z) -> Z:
    v, U = _two_words(z, other)
    return apply(naive_softmax.loss, v, 1, U)[0]


def _error_of_two(apply: Apply[Z], z: Z, other: Z) -> Z:
    v, U = _two_words(z, other)
    error: Z = apply(naive_softmax.value_and_grad, v, 1, U)[2][..., 0, 0]
    return error


CORE: tuple[Scalar, ...] = (
    Scalar(
        "sigmoid",
        _sigmoid_of,
        _sigma,
        _limits(5.25, 12, WHOLE),
        takes_arrays=True,
    ),
    Scalar(
        "log_sigmoid",
        _log_sigmoid_of,
        _log_sigma,
        _limits(4.5, 10.5, WHOLE),
        takes_arrays=True,
    ),
    Scalar(
        "softplus",
        _softplus_of,
        _softplus,
        _limits(4.5, 10.5, WHOLE),
        takes_arrays=True,
    ),
    Scalar("loss of two words", _loss_of_two, _softplus, _limits(4.5, 10.5, WHOLE)),
    Scalar("error of two words", _error_of_two, _sigma, _limits(4.5, 8.5, MIDDLE)),
    Scalar("error after a shift", _error_of_two, _sigma, _limits(4.5, 8.5, SHIFTED, grows=True)),
)


# The scalar core, measured: errors of the emitted code at points of the range, in units.


MEASURED_AT = 192
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
    with ctx.workprec(MEASURED_AT):
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


def _call(kernel: Callable[..., object], *arguments: ArrayLike) -> tuple[Floats, ...]:
    result = kernel(*arguments)
    return tuple(map(np.asarray, result if isinstance(result, tuple) else (result,)))


def _call_at_each(kernel: Callable[..., object], *arguments: ArrayLike) -> tuple[Floats, ...]:
    """The kernel at each place of the arrays' first axis, its results side by side."""
    each = (some if isinstance(some, np.ndarray) else repeat(some) for some in arguments)
    found = [_call(kernel, *at) for at in zip(*each, strict=False)]
    return tuple(np.array(part) for part in zip(*found, strict=True))


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
