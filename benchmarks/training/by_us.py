"""This project's trainer, on NumPy or compiled."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.training.held_out import HeldOut
from benchmarks.training.split import Split
from benchmarks.training.stopwatch import Stopwatch
from benchmarks.training.trained import Trained
from proved_kernels.training.backends import method_of
from proved_kernels.training.settings import Settings
from proved_kernels.training.training import new_model, stretch_bounds, train

NAME = "ours"
_POINTS = 25  # of the curve, with one worker


def trained(
    split: Split, settings: Settings, held: HeldOut, backend: str = "numpy", workers: int = 1
) -> Trained:
    """Train from the start; with several workers the held-out loss is taken at the end alone."""
    method = method_of(backend, split.corpus, settings)
    model = method.laid_out(new_model(len(split.corpus.words), settings))
    steps = train(model, split.corpus, settings, method, workers)
    total = settings.epochs * (len(stretch_bounds(split.corpus)) - 1)
    points = _POINTS if workers == 1 else 1
    asked = {round(total * (k + 1) / points) for k in range(points)}
    watch, curve = Stopwatch(), []
    for number in range(1, total + 1):
        watch.start()
        next(steps)
        watch.stop()
        if number in asked:
            curve.append((watch.seconds, held.loss(model.V, model.U)))
    return Trained(NAME, settings.seed, watch.seconds, model.V, model.U, curve)


def warmed(split: Split, settings: Settings, held: HeldOut, backend: str) -> None:
    """Have everything compiled: one epoch, not counted."""
    if backend == "compiled":
        trained(split, replace(settings, epochs=1), held, backend)
