"""One result against what is right: the error of every entry in units of u B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from derivations.implementation.exact import BITS, Expected


@dataclass(frozen=True, eq=False)
class Compared:
    """``errors`` in u B, what underflow may cost taken off; infinite where it is not finite.

    ``small`` are the errors in units of u times the sums as they are typed: a few where digits
    were lost by cancellation and nothing else is wrong.
    """

    got: NDArray[Any]
    want: NDArray[np.float64]
    errors: NDArray[np.float64]
    small: NDArray[np.float64]

    @property
    def worst(self) -> float:
        return float(self.errors.max(initial=0))

    def where(self, limit: float) -> tuple[int, ...]:
        """The first entry beyond the limit."""
        wrong = np.argwhere(self.errors > limit)
        return tuple(int(n) for n in wrong[0])


def compared(got: NDArray[Any], right: Expected, u: float, limit: float) -> Compared:
    """The errors of an array of the right shape."""
    errors, small = np.zeros(got.shape), np.zeros(got.shape)
    with ctx.workprec(BITS[-1]):
        for at in np.ndindex(got.shape):
            number = float(got[at])
            if not np.isfinite(number):
                errors[at] = small[at] = np.inf
                continue
            error = abs(arb(number) - right.values[at])
            if error < right.floor[at] or error.is_zero():
                continue
            errors[at] = _ratio(error, u * right.scale[at] + right.floor[at] / limit)
            small[at] = _ratio(error, u * right.naive[at])
    return Compared(got, right.floats, errors, small)


def _ratio(error: Any, unit: Any) -> float:
    if unit.is_zero():
        return float("inf")
    ratio = float(error / unit)
    return ratio if np.isfinite(ratio) else float("inf")
