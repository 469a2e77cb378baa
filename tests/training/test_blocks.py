"""Blocks hold the windows of the text: each pair once, none across sentences."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from proved_kernels.training.blocks import CENTERS, SAMPLES, STEP, Blocks, blocks_of
from proved_kernels.training.noise import noise_of


class _Widths(np.random.Generator):
    """Draws the windows it is told; the rest as ever."""

    def __init__(self, widths: NDArray[np.intp]) -> None:
        super().__init__(np.random.PCG64(0))
        self.widths = widths

    def integers(self, *_: object, **__: object) -> Any:
        return self.widths


def pairs_of(blocks: Blocks) -> Counter[tuple[int, int]]:
    window = (blocks.lists.shape[1] - SAMPLES - CENTERS) // 2
    found: Counter[tuple[int, int]] = Counter()
    for row in range(len(blocks)):
        for p, center in enumerate(blocks.centers[row]):
            own = p + window
            assert blocks.lists[row, own] == center
            reach = range(own - blocks.before[row, p], own + blocks.after[row, p] + 1)
            found.update((int(center), int(blocks.lists[row, q])) for q in reach if q != own)
    return found


def made(lengths: list[int], window: int, seed: int) -> tuple[Blocks, Counter[tuple[int, int]]]:
    """Blocks of sentences of these lengths, every word another, and the pairs they should hold."""
    bounds = np.cumsum([0, *lengths])
    widths = np.random.default_rng(seed).integers(1, window + 1, bounds[-1])
    expected = Counter(
        (i, j)
        for first, last in pairwise(bounds)
        for i in range(first, last)
        for j in range(max(first, i - widths[i]), min(last, i + widths[i] + 1))
        if i != j
    )
    ids = np.arange(bounds[-1])
    keep = np.ones(len(ids))
    return blocks_of(
        ids, bounds, keep, noise_of(np.ones(1, int), 1), window, _Widths(widths)
    ), expected


@pytest.mark.parametrize("lengths", [[5], [1, 1, 1], [40], [3, 0, 20, 1, 17], [16, 16], []])
@pytest.mark.parametrize("window", [1, 5, 20])
def test_every_pair_of_a_window_is_there_once(lengths: list[int], window: int) -> None:
    blocks, expected = made(lengths, window, 0)
    assert pairs_of(blocks) == expected


def test_words_are_thinned_out_before_windows_are_drawn() -> None:
    keep = np.array([1.0, 0.0])
    ids = np.array([0, 1] * 20)
    rng = np.random.default_rng(0)
    blocks = blocks_of(ids, np.array([0, 40]), keep, noise_of(np.array([1, 1]), 1), 1, rng)
    assert pairs_of(blocks) == {(0, 0): 38}


def test_noise_is_drawn_by_counts_to_a_power() -> None:
    counts = np.array([1000, 100, 10, 1])
    found = noise_of(counts, 0.75).draw((100_000,), np.random.default_rng(0))
    shares = counts**0.75 / (counts**0.75).sum()
    assert np.bincount(found, minlength=4) / 100_000 == pytest.approx(shares, abs=0.005)


def test_samples_of_a_step_are_spread_over_the_noise_and_each_is_as_likely_as_alone() -> None:
    counts = np.array([1000, 100, 10, 1])
    shares = counts**0.75 / (counts**0.75).sum()
    together = 40
    noise, rng = noise_of(counts, 0.75), np.random.default_rng(0)
    found = noise.evenly((5000, together), together, rng)
    times = (found[:, :, np.newaxis] == np.arange(4)).sum(axis=1)
    assert np.abs(times - together * shares).max() < 2
    for place in (0, 17, together - 1):
        seen = np.bincount(found[:, place], minlength=4) / len(found)
        assert seen == pytest.approx(shares, abs=0.02)


def test_samples_of_a_stretch_are_drawn_step_by_step() -> None:
    counts = np.full(STEP * SAMPLES, 3)
    ids = np.zeros(3 * STEP * CENTERS, int)
    blocks = blocks_of(
        ids, np.array([0, len(ids)]), np.ones(1), noise_of(counts, 1), 2, np.random.default_rng(0)
    )
    samples = blocks.lists[:, -SAMPLES:].reshape(3, -1)
    assert all(len(set(step)) == len(counts) for step in samples.tolist())
