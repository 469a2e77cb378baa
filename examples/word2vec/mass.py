"""The mass of a vector in a block: how many pairs move it, samples counted with their weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .blocks import Blocks

BUCKETS = 200  # no power of two: sums down a column would fight for one cache line


def masses(blocks: Blocks, draws: int) -> NDArray[np.float64]:
    """A row for each block: the masses of center vectors, then those of outside vectors.

    Words that are equal modulo BUCKETS are counted as one, which may say too much of a vector,
    never too little. Frequent words have the lowest numbers and are counted apart.
    """
    pairs = blocks.before + blocks.after
    weight = draws / blocks.negatives.shape[1] * pairs.sum(axis=1, keepdims=True)
    words = np.concatenate((blocks.centers, blocks.contexts, blocks.negatives), axis=1) % BUCKETS
    words[:, blocks.centers.shape[1] :] += BUCKETS
    mass = np.concatenate(
        (
            pairs * (1.0 + draws),
            _uses(blocks),
            np.broadcast_to(weight, blocks.negatives.shape),
        ),
        axis=1,
    )
    return _added(words, mass, 2 * BUCKETS)


def _uses(blocks: Blocks) -> NDArray[np.float64]:
    """How many centers of the block have each of its context places in their window."""
    width, length = blocks.centers.shape[1], blocks.contexts.shape[1]
    own = np.arange(width) + (length - width) // 2
    ones = np.ones(blocks.centers.shape)
    starts = _added(own - blocks.before, ones, length + 1)
    ends = _added(own + blocks.after + 1, ones, length + 1)
    uses = np.cumsum(starts - ends, axis=1)[:, :length]
    uses[:, own] -= 1  # a center is not its own context
    return uses


def _added(
    columns: NDArray[np.intp], values: NDArray[np.float64], length: int
) -> NDArray[np.float64]:
    """Values summed by column in each row, into (rows, length)."""
    rows = len(columns)
    flat = (np.arange(rows)[:, np.newaxis] * length + columns).ravel()
    sums = np.bincount(flat, values.ravel(), rows * length).astype(np.float64, copy=False)
    return sums.reshape(rows, length)
