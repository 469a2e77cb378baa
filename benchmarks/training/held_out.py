"""The loss on held-out text: fixed pairs and samples, the same for whoever trained."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.split import Split
from generated import negative_sampling
from proved_kernels.training.noise import noise_of
from proved_kernels.training.settings import Settings
from proved_kernels.training.vocabulary import keep_probabilities

MOST = 30_000  # pairs
_AT_ONCE = 2_000


@dataclass(frozen=True)
class HeldOut:
    """Pairs of a center and an outside word, and samples for each."""

    centers: NDArray[np.intp]
    outsides: NDArray[np.intp]
    negatives: NDArray[np.intp]

    def loss(self, V: NDArray[np.float32], U: NDArray[np.float32]) -> float:
        """The negative sampling loss of a pair, on average."""
        total = 0.0
        for k in range(0, len(self.centers), _AT_ONCE):
            part = slice(k, k + _AT_ONCE)
            losses, _, _ = negative_sampling.batch_value_and_grad(
                V, U, self.centers[part], self.outsides[part], self.negatives[part]
            )
            total += float(losses.sum(dtype=np.float64))
        return total / len(self.centers)


def held_out(split: Split, settings: Settings) -> HeldOut:
    """Pairs as training meets them: words thinned out, windows of random width, samples drawn.

    Where there are more than MOST, some are drawn from them.
    """
    rng = np.random.default_rng(0)
    keep = keep_probabilities(split.corpus, settings.sample)[split.held_ids]
    stays = rng.random(len(keep)) < keep
    sentence = np.repeat(np.arange(len(split.held_bounds) - 1), np.diff(split.held_bounds))[stays]
    ids = split.held_ids[stays]
    width = rng.integers(1, settings.window, len(ids), endpoint=True)
    centers, outsides = [], []
    for apart in range(1, settings.window + 1):
        together = sentence[apart:] == sentence[:-apart]
        left, right = ids[:-apart], ids[apart:]
        for center, outside, reach in (
            (left, right, width[:-apart]),
            (right, left, width[apart:]),
        ):
            within = together & (reach >= apart)
            centers.append(center[within])
            outsides.append(outside[within])
    some = rng.permutation(sum(map(len, centers)))[:MOST]
    noise = noise_of(split.corpus.counts, settings.ns_exponent)
    negatives = noise.draw((len(some), settings.negative), rng)
    return HeldOut(np.concatenate(centers)[some], np.concatenate(outsides)[some], negatives)
