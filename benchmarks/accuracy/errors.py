"""Errors by ball arithmetic: in units in the last place, in units of u B, where a softmax is sure.

An ulp is the spacing of floats in the binade of the exact value, and nowhere smaller than that of
subnormals: where the exact value is below half of the smallest one, 0 is right. u is half a spacing
of floats at 1; B is defined in `generated/__init__.py`. To u B comes what underflow may cost, as in
the accuracy promise that the kernels are tested against.

Of a softmax that is sure, loss and gradient of the outside word are about (N - 1) exp(-gap), and
inputs and scores are exact, so that every digit could be right. -log yhat and yhat - 1 by their
names lose those that 1 hides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import numpy as np
from flint import arb, ctx

from benchmarks.accuracy.implementations import DTYPES, Implementation
from benchmarks.accuracy.inputs import NAMES, D, N, confident, large, one_sided, points, small
from tests.kernels.cases import Floats, Pair, Result
from tests.kernels.oracle import WORKING, Answer, Balls, C, allowance, balls, oracle


def exact_sigmoid(x: float) -> arb:
    """1 / (1 + exp(-x)), for x < 0 as exp(x) / (1 + exp(x))."""
    small = (-abs(arb(x))).exp()
    return (small if x < 0 else 1) / (1 + small)


def exact_log_sigmoid(x: float) -> arb:
    """-log(1 + exp(-x)), for x < 0 as x - log(1 + exp(x))."""
    return arb(min(x, 0.0)) - (-abs(arb(x))).exp().log1p()


EXACT = {"sigmoid": exact_sigmoid, "log_sigmoid": exact_log_sigmoid}


def exact_values(function: str, x: Floats) -> Balls:
    """A ball for every point, far narrower than a rounding."""
    with ctx.workprec(WORKING):
        return np.array([EXACT[function](number) for number in x.tolist()], dtype=object)


def ulps(got: Floats, exact: Balls, dtype: np.dtype[np.floating]) -> Floats:
    """The distance of each number from its exact value, rounded up; infinite for NaN."""
    assert got.dtype == dtype, f"results are {got.dtype}, not {dtype}"
    with ctx.workprec(WORKING):
        pairs = zip(got.tolist(), exact, strict=True)
        found = np.array([_ulps(number, ball, dtype) for number, ball in pairs])
    return np.where(np.isnan(found), np.inf, found)


def _ulps(got: float, exact: arb, dtype: np.dtype[np.floating]) -> float:
    if not exact.is_finite():
        return 0.0 if exact == got else np.inf
    error = (got - exact).abs_upper()
    return float(error / arb(2) ** _exponent(exact, dtype))


def _exponent(exact: arb, dtype: np.dtype[np.floating]) -> int:
    """Of the spacing of floats around a value; where a ball holds two spacings, the smaller."""
    info = np.finfo(dtype)
    mantissa, exponent = exact.abs_lower().man_exp()
    binade = int(exponent) + int(mantissa).bit_length() - 1 if mantissa else int(info.minexp)
    return max(binade, int(info.minexp)) - int(info.nmant)


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


PARTS = ("loss", "grad_v", "grad_U")
LIMIT = 16.0  # of u B, which the kernels of this project have to keep to
to_float: Callable[[Any], Any] = np.frompyfunc(float, 1, 1)


@dataclass(frozen=True)
class ConditionedError:
    """Errors of one implementation in one precision over a set of cases, at worst.

    `beyond` is the number of cases in which some part is further off than the limit.
    """

    cases: str
    loss: str
    dtype: str
    implementation: str
    count: int
    beyond: int
    worst: dict[str, float]


def conditioned_errors(
    cases: str, pairs: Iterable[Pair], implementations: Sequence[Implementation]
) -> Iterator[ConditionedError]:
    """One result for each loss, precision and implementation among the pairs."""
    found: dict[tuple[str, str, str], list[dict[str, float]]] = {}
    for pair in pairs:
        loss = "naive softmax" if pair.negatives is None else "negative sampling"
        exact, unit = _exact_and_unit(pair)
        for each in implementations:
            key = (loss, pair.U.dtype.name, each.name)
            errors = in_units(each.value_and_grad(pair), exact, unit)
            found.setdefault(key, []).append(errors)
    for key, rows in found.items():
        worst = {part: max(row[part] for row in rows) for part in PARTS}
        beyond = sum(max(row.values()) > LIMIT for row in rows)
        yield ConditionedError(cases, *key, len(rows), beyond, worst)


def in_units(got: Result, exact: Answer, unit: Answer) -> dict[str, float]:
    """The largest error of each part in its unit; infinite for a result that is not finite."""
    with ctx.workprec(WORKING):
        return {
            part: _largest(getattr(got, part), getattr(exact, part), getattr(unit, part))
            for part in PARTS
        }


def _exact_and_unit(pair: Pair) -> tuple[Answer, Answer]:
    """The exact answer, and u B with the cost of underflow. Not kept: a large one is large."""
    with ctx.workprec(WORKING):
        exact, scale = oracle.__wrapped__(pair)
        promised = allowance(pair, scale)
        return exact, Answer(*(part / C for _, part in promised.parts()))


def _largest(got: Any, exact: Balls, unit: Balls) -> float:
    ratios: Floats = np.asarray(to_float(abs(balls(np.asarray(got)) - exact) / unit), dtype=float)
    return float(np.where(np.isnan(ratios), np.inf, ratios).max(initial=0))


GAPS = (10.0, 20.0, 40.0)


@dataclass(frozen=True)
class Lost:
    """An error in ulp and the decimal digits lost by it; all, where none is right."""

    ulps: float
    digits: float
    all: bool


@dataclass(frozen=True)
class ConfidentError:
    """Loss and gradient by the outside word's row, at one gap."""

    gap: float
    dtype: str
    implementation: str
    loss: Lost
    grad_U_o: Lost


def confident_errors(implementations: Sequence[Implementation]) -> Iterator[ConfidentError]:
    """All gaps in both precisions."""
    for dtype in DTYPES:
        for gap in GAPS:
            pair = confident(gap, dtype)
            exact, _ = oracle(pair)
            for each in implementations:
                got = each.value_and_grad(pair)
                loss = _what_is_lost(got.loss, exact.loss, dtype)
                grad = _what_is_lost(got.grad_U[pair.o, 0], exact.grad_U[pair.o, 0], dtype)
                yield ConfidentError(gap, dtype.name, each.name, loss, grad)


def _what_is_lost(got: Any, exact: arb, dtype: np.dtype[np.floating]) -> Lost:
    number = np.array([got], dtype)
    with ctx.workprec(WORKING):
        relative = float(abs((float(got) - exact) / exact))
    u = float(np.finfo(dtype).eps) / 2
    digits = max(0.0, log10(max(relative, u) / u))
    error = ulps(number, np.array([exact], dtype=object), dtype)
    return Lost(float(error[0]), min(digits, -log10(u)), not relative < 1)


@dataclass(frozen=True)
class Extent:
    """Points of a range, for each sign; draws of small pairs; scales of large ones; long sums."""

    points: int
    small: int
    scales: tuple[float, ...]
    one_sided: bool = True


FULL = Extent(points=10_000, small=2000, scales=(0.01, 0.3, 2.0))
QUICK = Extent(points=2000, small=300, scales=(0.3,))


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
