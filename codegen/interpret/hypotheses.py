"""What the bounds assume of the arithmetic: named hypotheses, one record for each precision.

H1  + - * / sqrt and conversions are rounded to nearest with gradual underflow (IEEE 754); negation,
    absolute value, minimum, comparison and selection are exact.
H2  exp(x) is within ``exp_ulps`` of the exact value in units in the last place, wherever that is
    in range; exp(0) is 1.
H3  log1p(x) is within ``log1p_ulps`` likewise, for x >= -1/2; log1p(0) is 0.
H4  A sum of n terms is n - 1 additions in some order, an inner product of length n is n products
    and n - 1 additions, any of them fused. So a product of matrices is not of Strassen's kind, and
    not in a lower precision.

A unit in the last place is the spacing of floats at the exact value, and no smaller than the
smallest subnormal. H2 and H3 are measured (`codegen.rounding.library_functions`), not
proved: NumPy states no bound. With NumPy 2.4.6 on x86-64, with AVX-512, with AVX2 and with neither,
the worst was

    float64, sampled points      exp 0.72    log1p 0.70
    float32, every float         exp 2.54    log1p 1.96    (AVX-512; the others less, at points)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb


@dataclass(frozen=True)
class Hypotheses:
    """H1 to H4 for one dtype, with the bounds of H2 and H3 in ulp."""

    dtype: np.dtype[Any]
    exp_ulps: float
    log1p_ulps: float

    @cached_property
    def u(self) -> arb:
        """The unit roundoff: half a spacing of floats at 1."""
        return arb(float(np.finfo(self.dtype).eps)) / 2

    @cached_property
    def subnormal(self) -> arb:
        """The smallest number above 0."""
        return arb(float(np.finfo(self.dtype).smallest_subnormal))

    @cached_property
    def normal(self) -> arb:
        """The smallest number of full precision."""
        return arb(float(np.finfo(self.dtype).smallest_normal))

    @cached_property
    def largest(self) -> arb:
        """The largest finite number."""
        return arb(float(np.finfo(self.dtype).max))


FLOAT64 = Hypotheses(np.dtype(np.float64), exp_ulps=1, log1p_ulps=1)
FLOAT32 = Hypotheses(np.dtype(np.float32), exp_ulps=3, log1p_ulps=2)
ASSUMED = (FLOAT64, FLOAT32)
