"""This project's trainer."""

from __future__ import annotations

from benchmarks.training.held_out import HeldOut
from benchmarks.training.split import Split
from benchmarks.training.stopwatch import Stopwatch
from benchmarks.training.trained import Trained
from proved_kernels.training.negative_sampling import NegativeSampling
from proved_kernels.training.settings import Settings
from proved_kernels.training.training import new_model, stretch_bounds, train

NAME = "ours"
_POINTS = 25  # of the curve


def trained(split: Split, settings: Settings, held: HeldOut) -> Trained:
    """Train from the start."""
    model = new_model(len(split.corpus.words), settings)
    steps = train(model, split.corpus, settings, NegativeSampling(split.corpus, settings))
    total = settings.epochs * (len(stretch_bounds(split.corpus)) - 1)
    asked = {round(total * (k + 1) / _POINTS) for k in range(_POINTS)}
    watch, curve = Stopwatch(), []
    for number in range(1, total + 1):
        watch.start()
        next(steps)
        watch.stop()
        if number in asked:
            curve.append((watch.seconds, held.loss(model.V, model.U)))
    return Trained(NAME, settings.seed, watch.seconds, model.V, model.U, curve)
