"""The training loop: stretches of text, each in steps, and what has been reached so far.

Everything random in a stretch follows from the seed, the epoch and the stretch alone, so that
training goes on from any stretch as if it had never stopped.

A step adds up the gradients of all its pairs, each taken at the old vectors. Where one word is in
many of them its vector overshoots, the next step pulls it back too far, and so on. What decides is
the mass of the vector, the number of pairs that move it, samples counted with their weight, times
its learning rate. Vectors that point the same way and are equally long have curvature
2 |z| σ(z) σ(−z) for each pair, never above 0.448, and a step brings them nearer to the minimum
while rate × mass × curvature is below 2, so while rate × mass is below 4.46. (An estimate, not a
proof.) So the vectors of words that a step meets too often move at a lower rate, down to BOUND /
mass; all others at the rate that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generated import blocks as kernel

from .blocks import STEP, Blocks, blocks_of
from .noise import noise_of
from .settings import Settings
from .vocabulary import Corpus, keep_probabilities
from .weights import Weights

STRETCH = 100_000  # words, if a sentence ends there
BOUND = 4.4  # of rate × mass, for every vector
_KEPT = 16_000_000  # bytes
_PROBED = 32  # blocks of a stretch whose loss is shown


@dataclass
class Model:
    """Center vectors V, outside vectors U, and how many stretches they have been trained on."""

    V: NDArray[np.float32]
    U: NDArray[np.float32]
    stretches: int = 0


@dataclass(frozen=True)
class Reached:
    """After a stretch: words trained on, rare ones included, and the loss a pair before it."""

    words: int
    loss: float
    rate: float


def new_model(size: int, settings: Settings) -> Model:
    """Small random center vectors; outside vectors of zeros."""
    rng = np.random.default_rng(settings.seed)
    d = settings.vector_size
    V = (rng.random((size, d), np.float32) - np.float32(0.5)) * np.float32(2 / d)
    return Model(V, np.zeros_like(V))


def stretch_bounds(corpus: Corpus) -> NDArray[np.int64]:
    """Where to cut the text: at the first end of a sentence after every STRETCH words."""
    ends = np.arange(STRETCH, len(corpus.ids), STRETCH)
    cuts = corpus.bounds[np.searchsorted(corpus.bounds, ends)]
    return np.unique(np.concatenate(([0], cuts, [len(corpus.ids)])))


def train(model: Model, corpus: Corpus, settings: Settings) -> Iterator[Reached]:
    """Train the model in place to the end, from where it stands; yields after every stretch."""
    _keep_memory()
    keep = keep_probabilities(corpus, settings.sample)
    noise = noise_of(corpus.counts, settings.ns_exponent)
    weights = Weights(settings.window, settings.negative)
    cuts = stretch_bounds(corpus)
    for number in range(model.stretches, settings.epochs * (len(cuts) - 1)):
        epoch, stretch = divmod(number, len(cuts) - 1)
        done = (epoch * len(corpus.ids) + cuts[stretch : stretch + 2]) / len(corpus.ids)
        rates = settings.alpha + (settings.min_alpha - settings.alpha) * done / settings.epochs
        first, last = np.searchsorted(corpus.bounds, cuts[stretch : stretch + 2])
        blocks = blocks_of(
            corpus.ids[cuts[stretch] : cuts[stretch + 1]],
            corpus.bounds[first : last + 1] - cuts[stretch],
            keep,
            noise,
            settings.window,
            np.random.default_rng([settings.seed, epoch, stretch]),
        )
        loss = pair_loss(model, blocks[:_PROBED], weights)
        _train_stretch(model, blocks, weights, *rates.tolist())
        model.stretches = number + 1
        yield Reached(words_done(model, corpus), loss, rates[1])


def _keep_memory() -> None:
    """Free a large array, so that the GNU C library gives smaller ones back no more.

    It keeps up to twice the largest that was ever freed; a step frees about five megabytes, and
    asking the system for them again would take as long as the step.
    """
    np.empty(_KEPT, np.uint8)


def words_done(model: Model, corpus: Corpus) -> int:
    """Words the model was trained on so far, rare ones included."""
    cuts = stretch_bounds(corpus)
    epoch, stretch = divmod(model.stretches, len(cuts) - 1)
    return round((epoch + int(cuts[stretch]) / len(corpus.ids)) * corpus.read)


def pair_loss(model: Model, blocks: Blocks, weights: Weights) -> float:
    """The loss of a pair with its samples, on average over the blocks."""
    pairs = int((blocks.before + blocks.after).sum())
    given = blocks.centers, blocks.lists, *weights.of(blocks), weights.signs
    return kernel.loss(model.V, model.U, *given) / pairs if pairs else 0.0


def _train_stretch(
    model: Model, blocks: Blocks, weights: Weights, rate: float, last: float
) -> None:
    slope = (last - rate) / len(blocks)
    for first in range(0, len(blocks), STEP):
        step = blocks[first : first + STEP]
        given = step.centers, step.lists, *weights.of(step), weights.signs
        kernel.sgd_step(model.V, model.U, *given, rate + slope * first, BOUND)
