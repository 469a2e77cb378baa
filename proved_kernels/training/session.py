"""Training as a session: from a checkpoint if there is one, with new ones on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

from . import checkpoint
from .method import Method, Model, Stretch
from .progress import shown
from .settings import Settings
from .training import new_model, stretch_bounds, stretch_of, train, words_done
from .vocabulary import Corpus

_LOOKED_AT = 5_000  # words whose loss is taken before and after
_MOVED = 1e-3  # what a loss has to fall by, as a share of it, to have moved


@dataclass(frozen=True)
class Outcome:
    """The model, words a second, and the loss of a pair: at the very beginning and at the end.

    NaN where the text has no pair; no words a second where nothing was left to do.
    """

    model: Model
    speed: float
    first: float
    last: float

    @property
    def moved(self) -> bool:
        """Whether the loss is less than it was."""
        return self.last < self.first * (1 - _MOVED)


def run(
    corpus: Corpus,
    settings: Settings,
    method: Method,
    path: Path | None,
    every: float,
    workers: int = 1,
) -> Outcome:
    """Train to the end; where the checkpoint is of a finished training nothing is left to do."""
    model = method.laid_out(new_model(len(corpus.words), settings))
    some = _looked_at(corpus, settings)
    first = method.loss(model, some)
    if path and path.exists():
        model = method.laid_out(checkpoint.load(path, corpus, settings))
    begun = words_done(model.stretches, corpus)
    start = saved = monotonic()
    worked = False
    trained = train(model, corpus, settings, method, workers)
    for reached in shown(trained, corpus.read * settings.epochs, begun):
        worked = True
        if path and reached.settled and monotonic() - saved >= every:
            checkpoint.save(path, model, corpus, settings)
            saved = monotonic()
    took = max(monotonic() - start, 1e-9)
    if path and worked:
        checkpoint.save(path, model, corpus, settings)
    speed = (words_done(model.stretches, corpus) - begun) / took
    return Outcome(model, speed, first, method.loss(model, some))


def _looked_at(corpus: Corpus, settings: Settings) -> Stretch:
    """The first sentences of the text, with samples that training does not draw."""
    whole = stretch_of(corpus, settings, stretch_bounds(corpus), 0)
    count = max(int((whole.bounds <= _LOOKED_AT).sum()), 2)
    bounds = whole.bounds[:count]
    key = (settings.seed, settings.epochs, 0)
    return replace(whole, ids=whole.ids[: bounds[-1]], bounds=bounds, key=key)
