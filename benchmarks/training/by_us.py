"""The trainer of ``examples/``."""

from __future__ import annotations

from time import perf_counter

from benchmarks.training.held_out import HeldOut
from benchmarks.training.split import Split
from benchmarks.training.trained import Trained
from examples.word2vec.settings import Settings
from examples.word2vec.training import new_model, stretch_bounds, train

NAME = "ours"
_POINTS = 25  # of the curve


def trained(split: Split, settings: Settings, held: HeldOut) -> Trained:
    """Train from the start."""
    model = new_model(len(split.corpus.words), settings)
    steps = train(model, split.corpus, settings)
    total = settings.epochs * (len(stretch_bounds(split.corpus)) - 1)
    asked = {round(total * (k + 1) / _POINTS) for k in range(_POINTS)}
    seconds, curve = 0.0, []
    for number in range(1, total + 1):
        start = perf_counter()
        next(steps)
        seconds += perf_counter() - start
        if number in asked:
            curve.append((seconds, held.loss(model.V, model.U)))
    return Trained(NAME, settings.seed, seconds, model.V, model.U, curve)
