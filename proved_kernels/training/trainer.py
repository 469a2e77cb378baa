"""The training loop: stretches of text one after the other, by whatever method.

Everything random in a stretch follows from the seed, the epoch and the stretch alone, so that
training goes on from any stretch as if it had never stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from proved_kernels.training.word_counts import Corpus


@dataclass(frozen=True)
class Settings:
    """Skip-gram, or CBOW; negative sampling, or hierarchical softmax.

    The rate falls in a line from alpha to min_alpha.
    """

    cbow: bool = False
    hs: bool = False
    vector_size: int = 100
    window: int = 5
    min_count: int = 5
    sample: float = 1e-3
    negative: int = 5
    ns_exponent: float = 0.75
    alpha: float = 0.025
    min_alpha: float = 0.0001
    epochs: int = 5
    seed: int = 1


@dataclass
class Model:
    """Center vectors V, outside vectors U, and how many stretches they have been trained on."""

    V: NDArray[np.float32]
    U: NDArray[np.float32]
    stretches: int = 0


@dataclass(frozen=True)
class Stretch:
    """Sentences to train on: ``ids[bounds[s]:bounds[s + 1]]``, and what is drawn for them.

    All that is random in it follows from ``key``. The rate falls in a line from ``rate`` to
    ``last``.
    """

    ids: NDArray[np.intp]
    bounds: NDArray[np.int64]
    key: tuple[int, ...]
    rate: float
    last: float


class Method(Protocol):
    """A model of words, a loss and a back end."""

    @property
    def backend(self) -> str:
        """The back end, as ``--backend`` names it: a checkpoint is of one."""

    def laid_out(self, model: Model) -> Model:
        """The model in the memory that it is trained in."""

    def train(self, model: Model, stretch: Stretch) -> float:
        """Train the model in place; the loss of a pair of the stretch before, from some of it."""

    def loss(self, model: Model, stretch: Stretch) -> float:
        """The loss of a pair of the stretch; NaN where it has none."""


STRETCH = 100_000  # words, if a sentence ends there
ROUND = 32  # stretches for each worker, before all wait for the last


@dataclass(frozen=True)
class Reached:
    """After a stretch: words trained on, rare ones included, and the loss a pair before it."""

    words: int
    loss: float
    rate: float
    settled: bool = True  # whether no other worker is at work


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


def stretch_of(corpus: Corpus, settings: Settings, cuts: NDArray[np.int64], number: int) -> Stretch:
    """The stretch of this number, counted through all epochs."""
    epoch, stretch = divmod(number, len(cuts) - 1)
    begin, end = cuts[stretch : stretch + 2].tolist()
    done = (epoch * len(corpus.ids) + cuts[stretch : stretch + 2]) / len(corpus.ids)
    rates = settings.alpha + (settings.min_alpha - settings.alpha) * done / settings.epochs
    first, last = np.searchsorted(corpus.bounds, (begin, end))
    bounds = corpus.bounds[first : last + 1] - begin
    key = (settings.seed, epoch, stretch)
    return Stretch(corpus.ids[begin:end], bounds, key, *rates.tolist())


def train(
    model: Model, corpus: Corpus, settings: Settings, method: Method, workers: int = 1
) -> Iterator[Reached]:
    """Train the model in place to the end, from where it stands; yields after every stretch.

    Several workers are threads that move the same vectors at the same time, unguarded ("Hogwild",
    Recht and others, 2011): now and then a step of one is lost to another's, and which is chance.
    They take the stretches of a round one after the other; ``model.stretches`` counts whole rounds.
    """
    cuts = stretch_bounds(corpus)
    total = settings.epochs * (len(cuts) - 1)

    def one(number: int) -> Reached:
        stretch = stretch_of(corpus, settings, cuts, number)
        loss = method.train(model, stretch)
        return Reached(words_done(number + 1, corpus), loss, stretch.last)

    if workers == 1:
        for number in range(model.stretches, total):
            reached = one(number)
            model.stretches = number + 1
            yield reached
        return
    with ThreadPoolExecutor(workers) as threads:
        while model.stretches < total:
            end = min(model.stretches + ROUND * workers, total)
            numbers = range(model.stretches, end)
            for number, reached in zip(numbers, threads.map(one, numbers), strict=True):
                if number == end - 1:
                    model.stretches = end
                yield replace(reached, settled=number == end - 1)


def words_done(stretches: int, corpus: Corpus) -> int:
    """Words of so many stretches, rare ones included."""
    cuts = stretch_bounds(corpus)
    epoch, stretch = divmod(stretches, len(cuts) - 1)
    return round((epoch + int(cuts[stretch]) / len(corpus.ids)) * corpus.read)
