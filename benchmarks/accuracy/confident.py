"""A softmax that is sure: what is left of its loss and of the gradient of the outside word.

Both are about (N - 1) exp(-gap), and inputs and scores are exact, so that every digit could be
right. -log yhat and yhat - 1 by their names lose those that 1 hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import numpy as np
from flint import arb, ctx

from benchmarks.accuracy.cases import confident
from benchmarks.accuracy.implementation import DTYPES, Implementation
from benchmarks.accuracy.ulps import ulps
from tests.kernels.oracle import WORKING, oracle

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
                loss = _lost(got.loss, exact.loss, dtype)
                grad = _lost(got.grad_U[pair.o, 0], exact.grad_U[pair.o, 0], dtype)
                yield ConfidentError(gap, dtype.name, each.name, loss, grad)


def _lost(got: Any, exact: arb, dtype: np.dtype[np.floating]) -> Lost:
    number = np.array([got], dtype)
    with ctx.workprec(WORKING):
        relative = float(abs((float(got) - exact) / exact))
    u = float(np.finfo(dtype).eps) / 2
    digits = max(0.0, log10(max(relative, u) / u))
    error = ulps(number, np.array([exact], dtype=object), dtype)
    return Lost(float(error[0]), min(digits, -log10(u)), not relative < 1)
