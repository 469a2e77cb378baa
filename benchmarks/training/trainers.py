"""gensim's Word2Vec and this project's trainer, with the same settings and one stopwatch."""

from __future__ import annotations

import sys
from dataclasses import replace
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.corpora import Split
from benchmarks.training.quality import HeldOut, Trained
from proved_kernels.training.command_line import method_of
from proved_kernels.training.trainer import Settings, new_model, stretch_bounds, train


class Stopwatch:
    """Runs from `start` to `stop`, again and again.

    Its seconds are those that the processors worked for this process, so that other work beside it
    does not count; or those of the clock where they are fewer, as with threads that overlap.
    """

    def __init__(self) -> None:
        self._worked, self._passed = 0.0, 0.0

    def start(self) -> None:
        """Go on from here."""
        self._worked -= process_time()
        self._passed -= perf_counter()

    def stop(self) -> None:
        """Stand still; while it runs `seconds` says nothing."""
        self._worked += process_time()
        self._passed += perf_counter()

    @property
    def seconds(self) -> float:
        """The lesser of both."""
        return min(self._worked, self._passed)


try:
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec
except ModuleNotFoundError:
    sys.exit("this measures beside gensim: pip install gensim")

GENSIM = "gensim"


class _Curve(CallbackAny2Vec):  # type: ignore[misc]
    """The held-out loss after each epoch; the clock stands still meanwhile."""

    def __init__(self, split: Split, held: HeldOut) -> None:
        self.split, self.held = split, held
        self.watch = Stopwatch()
        self.points: list[tuple[float, float]] = []

    def on_train_begin(self, model: Any) -> None:
        self.watch.start()

    def on_epoch_end(self, model: Any) -> None:
        self.watch.stop()
        loss = self.held.loss(*_in_order(model, self.split))
        self.points.append((self.watch.seconds, loss))
        self.watch.start()


def trained_by_gensim(split: Split, settings: Settings, held: HeldOut, workers: int = 1) -> Trained:
    """Train from the start; the vocabulary is built before the clock starts, as it is for ours."""
    model = Word2Vec(
        sg=1,
        hs=0,
        workers=workers,
        vector_size=settings.vector_size,
        window=settings.window,
        min_count=settings.min_count,
        sample=settings.sample,
        negative=settings.negative,
        ns_exponent=settings.ns_exponent,
        alpha=settings.alpha,
        min_alpha=settings.min_alpha,
        seed=settings.seed,
    )
    model.build_vocab(split.sentences)
    curve = _Curve(split, held)
    model.train(
        split.sentences,
        total_examples=model.corpus_count,
        epochs=settings.epochs,
        callbacks=[curve],
    )
    V, U = _in_order(model, split)
    return Trained(GENSIM, settings.seed, curve.points[-1][0], V, U, curve.points)


def _in_order(model: Any, split: Split) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    order = [model.wv.key_to_index[word] for word in split.corpus.words]
    return model.wv.vectors[order], model.syn1neg[order]


OURS = "ours"
_POINTS = 25  # of the curve, with one worker


def trained_by_us(
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
    return Trained(OURS, settings.seed, watch.seconds, model.V, model.U, curve)


def warmed(split: Split, settings: Settings, held: HeldOut, backend: str) -> None:
    """Have everything compiled: one epoch, not counted."""
    if backend == "compiled":
        trained_by_us(split, replace(settings, epochs=1), held, backend)
