"""The weights of a block count each pair of a window once, and its samples for all its pairs."""

from __future__ import annotations

import numpy as np
import pytest

from proved_kernels.training import weights as module
from proved_kernels.training.blocks import CENTERS, SAMPLES, Blocks, blocks_of
from proved_kernels.training.negative_sampling import BOUND
from proved_kernels.training.noise import noise_of
from proved_kernels.training.weights import Weights

DRAWS = 5


def text_of(window: int) -> Blocks:
    rng = np.random.default_rng(window)
    ids = rng.integers(0, 50, 400)
    bounds = np.unique(np.concatenate(([0, 400], rng.integers(0, 400, 20))))
    noise = noise_of(np.bincount(ids, minlength=50), 0.75)
    return blocks_of(ids, bounds, np.ones(50), noise, window, rng)


@pytest.mark.parametrize("window", [1, 5])
def test_a_center_counts_the_words_of_its_window_and_the_samples(window: int) -> None:
    blocks, weights = text_of(window), Weights(window, DRAWS)
    kinds, table = weights.of(blocks)
    for g, p in np.ndindex(*blocks.centers.shape):
        wanted = np.zeros(CENTERS + 2 * window + SAMPLES)
        own, before, after = p + window, blocks.before[g, p], blocks.after[g, p]
        wanted[own - before : own + after + 1] = 1
        wanted[own] = 0
        wanted[-SAMPLES:] = DRAWS * (before + after) / SAMPLES
        assert table[kinds[g, p]] == pytest.approx(wanted)
    assert weights.signs.tolist() == [-1] * (CENTERS + 2 * window) + [1] * SAMPLES


def test_where_a_table_of_all_windows_is_too_large_it_is_of_those_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks = text_of(5)
    kinds, table = Weights(5, DRAWS).of(blocks)
    monkeypatch.setattr(module, "_LARGEST", 0)
    few = Weights(5, DRAWS)
    assert few.table is None
    some_kinds, some = few.of(blocks)
    assert len(some) < len(table)
    assert np.array_equal(some[some_kinds], table[kinds])


def test_the_bound_keeps_two_vectors_that_point_the_same_way_stable() -> None:
    z = np.linspace(-40, 40, 100_001)
    curvature = 2 * np.abs(z) / (2 + np.exp(z) + np.exp(-z))  # 2 |z| σ(z) σ(−z)
    assert curvature.max() == pytest.approx(0.448, abs=5e-4)
    assert BOUND * curvature.max() < 2 / 2  # half of what it bears
