"""Steps take the text in order, once, and no vector's mass is above the bound."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from examples.word2vec.blocks import Blocks, blocks_of
from examples.word2vec.mass import masses
from examples.word2vec.noise import noise_of
from examples.word2vec.steps import BOUND, steps_of

DRAWS = 5
WORDS = 50  # fewer than there are buckets: no two are counted together


def text_of(seed: int, top: float) -> Blocks:
    rng = np.random.default_rng(seed)
    shares = np.full(WORDS, (1 - top) / (WORDS - 1))
    shares[0] = top
    ids = rng.choice(WORDS, 3000, p=shares)
    bounds = np.unique(np.concatenate(([0, 3000], rng.integers(0, 3000, 100))))
    noise = noise_of(np.bincount(ids, minlength=WORDS), 0.75)
    return blocks_of(ids, bounds, np.ones(WORDS), noise, 5, rng)


def counted(blocks: Blocks) -> NDArray[np.float64]:
    """The largest mass, pair by pair."""
    centers, outsides = np.zeros(WORDS), np.zeros(WORDS)
    width = blocks.centers.shape[1]
    window = (blocks.contexts.shape[1] - width) // 2
    for row in range(len(blocks)):
        for p in range(width):
            own = p + window
            for q in range(own - blocks.before[row, p], own + blocks.after[row, p] + 1):
                if q != own:
                    centers[blocks.centers[row, p]] += 1 + DRAWS
                    outsides[blocks.contexts[row, q]] += 1
                    np.add.at(outsides, blocks.negatives[row], DRAWS / len(blocks.negatives[row]))
    return np.concatenate((centers, outsides))


def test_the_mass_is_the_number_of_pairs() -> None:
    blocks = text_of(0, 0.3)[:7]
    assert masses(blocks, DRAWS).sum(axis=0).max() == pytest.approx(counted(blocks).max())


@pytest.mark.parametrize("top", [0.02, 0.3, 0.98])
@pytest.mark.parametrize("rate", [1e-4, 0.025, 0.1])
def test_no_vector_moves_more_than_the_bound_allows(top: float, rate: float) -> None:
    blocks = text_of(1, top)
    for step in steps_of(blocks, DRAWS, rate):
        assert step.rate <= rate
        assert step.rate * counted(step.blocks).max() <= BOUND * (1 + 1e-9)


@pytest.mark.parametrize("top", [0.02, 0.3, 0.98])
@pytest.mark.parametrize("rate", [0.025, 0.1])
def test_every_center_is_in_one_step_in_order(top: float, rate: float) -> None:
    blocks = text_of(2, top)
    steps = list(steps_of(blocks, DRAWS, rate))
    assert np.array_equal(
        np.concatenate([step.blocks.centers.ravel() for step in steps]), blocks.centers.ravel()
    )
    sizes = [step.blocks.centers.size for step in steps]
    assert [step.place for step in steps] == [0, *np.cumsum(sizes)[:-1].tolist()]


def test_only_a_single_center_is_taken_at_a_lower_rate() -> None:
    steps = list(steps_of(text_of(3, 0.98), DRAWS, 0.1))
    assert any(step.rate < 0.1 for step in steps)
    assert all(step.blocks.centers.size == 1 for step in steps if step.rate < 0.1)


def test_the_bound_keeps_two_vectors_that_point_the_same_way_stable() -> None:
    z = np.linspace(-40, 40, 100_001)
    curvature = 2 * np.abs(z) / (2 + np.exp(z) + np.exp(-z))  # 2 |z| σ(z) σ(−z)
    assert curvature.max() == pytest.approx(0.448, abs=5e-4)
    assert 0.95 * 2 < BOUND * curvature.max() < 2
