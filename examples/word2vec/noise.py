"""The noise that negative samples are drawn from: counts to a power, ¾ by default."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Noise:
    """Walker's alias table: a place is drawn evenly, and is its word or, else, its alias."""

    threshold: NDArray[np.float64]
    alias: NDArray[np.intp]

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.intp]:
        """Independent words."""
        spot = rng.random(shape) * len(self.alias)
        place = spot.astype(np.intp)
        return np.where(spot - place < self.threshold[place], place, self.alias[place])


def noise_of(counts: NDArray[np.int64], exponent: float) -> Noise:
    """Each word as often as its count to the power of ``exponent`` says."""
    shares = counts.astype(np.float64) ** exponent
    threshold = shares * (len(shares) / shares.sum())
    alias = np.arange(len(shares))
    scant = np.flatnonzero(threshold < 1).tolist()
    ample = np.flatnonzero(threshold >= 1).tolist()
    left = threshold.tolist()
    while scant and ample:
        word, giver = scant.pop(), ample[-1]
        alias[word] = giver
        left[giver] -= 1 - left[word]
        if left[giver] < 1:
            scant.append(ample.pop())
    for word in scant + ample:  # one but for rounding
        left[word] = 1.0
    return Noise(np.array(left), alias)
