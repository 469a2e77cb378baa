"""Sums that NumPy takes in double, whatever the precision of the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from codegen.rounding.arithmetic import converted
from codegen.rounding.array import Objects, Rounded
from codegen.rounding.hypotheses import FLOAT64, Hypotheses
from codegen.rounding.sums import total


class InDouble(Rounded):
    """Numbers in double that came from those of another dtype, and may become such again."""

    def __init__(self, entries: Objects, narrow: Hypotheses) -> None:
        super().__init__(entries, FLOAT64)
        self.narrow = narrow

    def astype(self, dtype: Any) -> Rounded:
        if np.dtype(dtype) != self.narrow.dtype:
            return super().astype(dtype)
        found = [converted(self.narrow, each) for each in self.entries.reshape(-1)]
        entries = np.empty(self.size, object)
        entries[:] = found
        return Rounded(entries.reshape(self.shape), self.narrow)


def bincount(h: Hypotheses, places: Any, weights: Rounded, minlength: int = 0) -> Rounded:
    """The sum of the numbers at each place, in double: n numbers by n - 1 additions, in any order.

    The conversion to double is exact. So each sum is off by gamma(n - 1) times the sum of sizes,
    with the unit roundoff of double, and carries on what the numbers were off by.
    """
    places = np.asarray(places)
    is_double = h.dtype == FLOAT64.dtype
    entries = np.empty(max(minlength, int(places.max(initial=-1)) + 1), object)
    for place in range(len(entries)):
        terms = weights.entries[places == place]
        entries[place] = total(h if is_double else FLOAT64, list(terms))
    return Rounded(entries, h) if is_double else InDouble(entries, h)
