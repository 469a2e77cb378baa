"""Exact sigmoids in ball arithmetic, and distances from them in units in the last place.

An ulp is the spacing of floats in the binade of the exact value, and nowhere smaller than
that of subnormals: where the exact value is below half of the smallest one, 0 is right.
"""

from __future__ import annotations

import numpy as np
from flint import arb, ctx

from tests.kernels.cases import Floats
from tests.kernels.oracle import WORKING, Balls


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
