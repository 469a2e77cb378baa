"""A stretch of text as blocks of consecutive centers, the form the kernel takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .noise import Noise

Words = NDArray[np.intp]

CENTERS = 16  # consecutive centers of a block
SAMPLES = 16  # negative samples that they share


@dataclass(frozen=True)
class Blocks:
    """Arrays with a row for each block: what `generated.spans` calls them."""

    centers: Words
    contexts: Words
    before: Words
    after: Words
    negatives: Words

    def __len__(self) -> int:
        return len(self.centers)

    def __getitem__(self, rows: slice) -> Blocks:
        return Blocks(*(array[rows] for array in self.arrays()))

    def narrowed(self, width: int) -> Blocks:
        """The same centers in blocks of fewer, each with all the samples."""
        parts = self.centers.shape[1] // width
        reach = self.contexts.shape[1] - self.centers.shape[1]
        contexts = sliding_window_view(self.contexts, width + reach, axis=1)[:, ::width]
        return Blocks(
            self.centers.reshape(-1, width),
            contexts.reshape(-1, width + reach),
            self.before.reshape(-1, width),
            self.after.reshape(-1, width),
            np.repeat(self.negatives, parts, axis=0),
        )

    def arrays(self) -> tuple[Words, Words, Words, Words, Words]:
        """In the order in which the kernel takes them."""
        return self.centers, self.contexts, self.before, self.after, self.negatives


def blocks_of(
    ids: Words,
    bounds: NDArray[np.int64],
    keep: NDArray[np.float64],
    noise: Noise,
    window: int,
    rng: np.random.Generator,
) -> Blocks:
    """Thin the words out, draw a window for each that stays, and cut the rest into blocks.

    ``bounds`` are those of the sentences in ``ids``; no window reaches across them.
    """
    sentence = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    stays = rng.random(len(ids)) < keep[ids]
    ids, sentence = ids[stays], sentence[stays]
    before, after = _reach(sentence, rng.integers(1, window, len(ids), endpoint=True))
    count = max(-(-len(ids) // CENTERS), 1)
    missing = count * CENTERS - len(ids)  # the last block is filled with centers of no window
    padded = np.pad(ids, (window, window + missing))
    contexts = sliding_window_view(padded, CENTERS + 2 * window)[::CENTERS]
    return Blocks(
        padded[window : window + count * CENTERS].reshape(count, CENTERS),
        np.ascontiguousarray(contexts),
        np.pad(before, (0, missing)).reshape(count, CENTERS),
        np.pad(after, (0, missing)).reshape(count, CENTERS),
        noise.draw((count, SAMPLES), rng),
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
