"""The training loop: stretches of text, each in steps, and what has been reached so far.

Everything random in a stretch follows from the seed, the epoch and the stretch alone, so that
training goes on from any stretch as if it had never stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generated import spans

from .blocks import Blocks, blocks_of
from .noise import noise_of
from .settings import Settings
from .steps import steps_of
from .vocabulary import Corpus, keep_probabilities

STRETCH = 100_000  # words, if a sentence ends there
_PROBED = 16  # blocks of a stretch whose loss is shown


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
    keep = keep_probabilities(corpus, settings.sample)
    noise = noise_of(corpus.counts, settings.ns_exponent)
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
        loss = pair_loss(model, blocks[:_PROBED], settings.negative)
        _train_stretch(model, blocks, settings.negative, *rates.tolist())
        model.stretches = number + 1
        yield Reached(words_done(model, corpus), loss, rates[1])


def words_done(model: Model, corpus: Corpus) -> int:
    """Words the model was trained on so far, rare ones included."""
    cuts = stretch_bounds(corpus)
    epoch, stretch = divmod(model.stretches, len(cuts) - 1)
    return round((epoch + int(cuts[stretch]) / len(corpus.ids)) * corpus.read)


def pair_loss(model: Model, blocks: Blocks, negative: int) -> float:
    """The loss of a pair with its samples, on average over the blocks."""
    pairs = int((blocks.before + blocks.after).sum())
    return spans.loss(model.V, model.U, *blocks.arrays(), negative) / pairs if pairs else 0.0


def _train_stretch(model: Model, blocks: Blocks, negative: int, rate: float, last: float) -> None:
    slope = (last - rate) / max(blocks.centers.size, 1)
    for step in steps_of(blocks, negative, rate):
        now = min(rate + slope * step.place, step.rate)
        spans.sgd_step(model.V, model.U, *step.blocks.arrays(), negative, now)
