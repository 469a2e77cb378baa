"""One result against what is right: the error of every entry in units of u B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derivations.implementation.exact import Right


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
    reach: float = 0.0  # the largest score, where it is known

    @property
    def worst(self) -> float:
        return float(self.errors.max(initial=0))

    def where(self) -> tuple[int, ...]:
        """The entry of the largest error, the first of them."""
        at = np.unravel_index(int(self.errors.argmax()), self.errors.shape)
        return tuple(int(n) for n in at)


def compared(got: NDArray[Any], right: Right, u: float, limit: float) -> Compared:
    """The errors of an array of the right shape.

    A value is known as the sum of two floats: the error is theirs to 2^-50 of itself. Where it is
    zero and nothing is rounded, what is u^2 of the other entries is no error.
    """
    known, rest = right.apart
    numbers = got.astype(np.float64)
    with np.errstate(all="ignore"):
        error = abs((numbers - known) - rest)
        unit = u * right.scales + right.floors / limit
        top = float(np.max(right.scales, initial=0.0, where=np.isfinite(right.scales)))
        unit = np.where((known == 0) & (rest == 0), np.maximum(unit, u * u * top), unit)
        inside = (error < right.floors) | (error == 0)
        errors = np.where(inside, 0.0, np.where(unit > 0, error / unit, np.inf))
        small = np.where(inside, 0.0, error / (u * right.naives))
    bad = ~np.isfinite(numbers)
    errors = np.where(bad | np.isnan(errors), np.inf, errors)
    small = np.where(bad | np.isnan(small), np.inf, small)
    return Compared(got, known, errors, small, right.reach)
