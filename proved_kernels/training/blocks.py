"""A stretch of text as blocks of consecutive centers, the form the kernel takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .noise import Noise

Words = NDArray[np.intp]

CENTERS = 12  # consecutive centers of a block
SAMPLES = 8  # negative samples that they share
STEP = 192  # blocks of a step, at most


@dataclass(frozen=True)
class Blocks:
    """Arrays with a row for each block; a list is the text around the centers, then samples.

    ``before`` and ``after`` say how many words on either side are in the window of a center.
    """

    centers: Words
    lists: Words
    before: Words
    after: Words

    def __len__(self) -> int:
        return len(self.centers)

    def __getitem__(self, rows: slice) -> Blocks:
        return Blocks(self.centers[rows], self.lists[rows], self.before[rows], self.after[rows])


def blocks_of(
    ids: Words,
    bounds: NDArray[np.int64],
    keep: NDArray[np.float64],
    noise: Noise,
    window: int,
    rng: np.random.Generator,
    *,
    together: int = STEP,
) -> Blocks:
    """Thin the words out, draw a window for each that stays, and cut the rest into blocks.

    ``bounds`` are those of the sentences in ``ids``; no window reaches across them.
    The samples of so many blocks ``together`` are spread over the noise.
    """
    sentence = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    stays = rng.random(len(ids)) < keep[ids]
    ids, sentence = ids[stays], sentence[stays]
    before, after = _reach(sentence, rng.integers(1, window, len(ids), endpoint=True))
    count = max(-(-len(ids) // CENTERS), 1)
    missing = count * CENTERS - len(ids)  # the last block is filled with centers of no window
    padded = np.pad(ids, (window, window + missing))
    places = sliding_window_view(padded, CENTERS + 2 * window)[::CENTERS]
    samples = noise.evenly((count, SAMPLES), together * SAMPLES, rng)
    return Blocks(
        padded[window : window + count * CENTERS].reshape(count, CENTERS),
        np.concatenate((places, samples), axis=1),
        np.pad(before, (0, missing)).reshape(count, CENTERS),
        np.pad(after, (0, missing)).reshape(count, CENTERS),
    )


def _reach(sentence: Words, width: Words) -> tuple[Words, Words]:
    """How many words before and after each place are in its window and in its sentence."""
    place = np.arange(len(sentence))
    begins = np.flatnonzero(np.diff(sentence, prepend=-1))
    ends = np.append(begins, len(sentence))[1:]
    lengths = ends - begins
    to_start = place - np.repeat(begins, lengths)
    to_end = np.repeat(ends, lengths) - 1 - place
    return np.minimum(width, to_start), np.minimum(width, to_end)
