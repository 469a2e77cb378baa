"""What a center counts the words of its block: rows of weights by its place and its window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generated import spans

from .blocks import CENTERS, SAMPLES, Blocks

_LARGEST = 2**22  # weights of a table for windows of all sizes

Table = NDArray[np.float32]


class Weights:
    """The weights of windows of up to ``window`` words on either side, each with samples."""

    def __init__(self, window: int, draws: int) -> None:
        self.window, self.draws = window, draws
        places = CENTERS + 2 * window
        self.signs = np.repeat(np.array([-1, 1], np.float32), (places, SAMPLES))
        windows = (window + 1) ** 2
        is_small = windows * CENTERS * len(self.signs) <= _LARGEST
        self.table = self._rows(np.arange(windows)) if is_small else None

    def of(self, blocks: Blocks) -> tuple[NDArray[np.intp], Table]:
        """The kinds of the centers, and a table with a row for each kind."""
        windows = blocks.before * (self.window + 1) + blocks.after
        table = self.table
        if table is None:
            found, windows = np.unique(windows, return_inverse=True)
            table = self._rows(found)
        return windows.reshape(blocks.centers.shape) * CENTERS + np.arange(CENTERS), table

    def _rows(self, windows: NDArray[np.intp]) -> Table:
        """For each window a row for each place that its center may have in a block."""
        before, after = (
            np.repeat(side[:, np.newaxis], CENTERS, axis=1)
            for side in np.divmod(windows, self.window + 1)
        )
        one, none = np.zeros((1, 1), np.float32), np.zeros_like
        places = np.zeros((len(windows), CENTERS + 2 * self.window), np.intp)
        samples = np.zeros((len(windows), SAMPLES), np.intp)
        band, share = spans.weights(
            one, one, none(before), places, before, after, samples, self.draws
        )
        shares = np.repeat(share[:, :, np.newaxis], SAMPLES, axis=2)
        return np.concatenate((band, shares), axis=2).reshape(-1, len(self.signs))
