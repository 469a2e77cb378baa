"""What a training came to: the held-out loss, seconds to it, and similarity as people see it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.corpora import Split, test_data
from generated import negative_sampling
from proved_kernels.training.trainer import Settings
from proved_kernels.training.word_counts import keep_probabilities, noise_of

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


SETS = {"wordsim353": "wordsim353.tsv", "simlex999": "simlex999.txt"}


@dataclass(frozen=True)
class Rank:
    """Spearman's correlation, and the share of pairs whose words are known."""

    spearman: float
    known: float


def similarity(words: list[str], V: NDArray[np.float32]) -> dict[str, Rank]:
    """For each set that gensim ships."""
    from gensim.models import KeyedVectors

    logging.getLogger("gensim").setLevel(logging.ERROR)
    keyed = KeyedVectors(V.shape[1])
    keyed.add_vectors(words, V)
    found = {}
    for name, file in SETS.items():
        try:
            _, spearman, unknown = keyed.evaluate_word_pairs(test_data(file))
        except ValueError:  # no pair is known
            found[name] = Rank(float("nan"), 0.0)
        else:
            found[name] = Rank(float(spearman[0]), 1 - unknown / 100)
    return found


@dataclass(frozen=True)
class Trained:
    """Seconds of training alone, vectors in the order of the vocabulary, and the way there.

    ``curve`` has held-out losses and the seconds until each; taking them is not counted.
    """

    who: str
    seed: int
    seconds: float
    V: NDArray[np.float32]
    U: NDArray[np.float32]
    curve: list[tuple[float, float]]

    @property
    def loss(self) -> float:
        """The held-out loss at the end."""
        return self.curve[-1][1]

    def seconds_to(self, loss: float) -> float:
        """Until the held-out loss was at most this; infinite if it never was."""
        return next((seconds for seconds, reached in self.curve if reached <= loss), float("inf"))
