"""Walker's alias table: a word drawn by any probabilities, from one place and one comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def alias_table(shares: NDArray[np.float64]) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """How likely each place stands for itself, in units of 2^-32, and its other otherwise.

    Vose's construction (1991): what a place has too much of fills up one that has too little.
    """
    left = shares / shares.sum() * len(shares)
    others = np.arange(len(shares), dtype=np.int32)
    few, many = (list(np.flatnonzero(which)) for which in (left < 1, left >= 1))
    while few and many:
        place, other = few.pop(), many[-1]
        others[place] = other
        left[other] -= 1 - left[place]
        if left[other] < 1:
            few.append(many.pop())
    left[[*few, *many]] = 1
    return np.minimum(np.round(left * 2.0**32), 2.0**32 - 1).astype(np.uint32), others
