"""gensim's Word2Vec: skip-gram, negative sampling, the same settings."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.training.held_out import HeldOut
from benchmarks.training.split import Split
from benchmarks.training.stopwatch import Stopwatch
from benchmarks.training.trained import Trained
from proved_kernels.training.settings import Settings

try:
    from gensim.models import Word2Vec
    from gensim.models.callbacks import CallbackAny2Vec
except ModuleNotFoundError:
    sys.exit("this measures beside gensim: pip install gensim")

NAME = "gensim"


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


def trained(split: Split, settings: Settings, held: HeldOut, workers: int = 1) -> Trained:
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
    return Trained(NAME, settings.seed, curve.points[-1][0], V, U, curve.points)


def _in_order(model: Any, split: Split) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    order = [model.wv.key_to_index[word] for word in split.corpus.words]
    return model.wv.vectors[order], model.syn1neg[order]
