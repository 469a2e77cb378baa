"""The noise that negative samples are drawn from: counts to a power, ¾ by default."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Noise:
    """Words laid out on a line, each as long as it is likely; ``ends`` is where they end."""

    ends: NDArray[np.float64]

    def draw(self, shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.intp]:
        """Independent words."""
        return self._at(rng.random(shape))

    def evenly(
        self, shape: tuple[int, ...], together: int, rng: np.random.Generator
    ) -> NDArray[np.intp]:
        """Words of which every ``together`` are spread over the line, one from each part of it.

        Their order is random, so that each is as likely to be a word as an independent one is;
        but a word that should be there once is hardly ever there thrice.
        """
        runs = -(-prod(shape) // together)
        spots = (np.arange(together) + rng.random((runs, together))) / together
        words = rng.permuted(self._at(spots), axis=1)
        return words.ravel()[: prod(shape)].reshape(shape)

    def guided(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """The ends in units of 2^-64, and the word at the start of each of as many equal parts.

        The guide table of Chen and Asau (1974): from there a word is found in a step or two.
        """
        size = np.uint64(len(self.ends))
        ends = np.minimum(self.ends / self.ends[-1] * 2.0**64, 2.0**64 - 2048).astype(np.uint64)
        ends[-1] = np.iinfo(np.uint64).max
        half = np.uint64(32)
        parts = np.arange(size, dtype=np.uint64) << half
        starts = (parts + size - np.uint64(1)) // size << half  # by the upper 32 bits of a spot
        return ends, np.searchsorted(ends, starts).astype(np.int32)

    def _at(self, spots: NDArray[np.float64]) -> NDArray[np.intp]:
        """The words at spots of a line of length one."""
        found = np.searchsorted(self.ends, spots * self.ends[-1], side="right")
        words: NDArray[np.intp] = np.minimum(found, len(self.ends) - 1)
        return words


def noise_of(counts: NDArray[np.int64], exponent: float) -> Noise:
    """Each word as often as its count to the power of ``exponent`` says."""
    shares = counts.astype(np.float64) ** exponent
    return Noise(np.cumsum(shares / shares.sum()))
