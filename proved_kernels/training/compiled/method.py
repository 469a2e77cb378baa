"""Training by compiled steps: skip-gram or CBOW, samples or a tree; for one thread or many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..method import Model, Stretch
from ..noise import noise_of
from ..settings import Settings
from ..vocabulary import Corpus, keep_probabilities
from . import walk
from .backend import functions
from .huffman import NO_TREE, tree_of
from .lanes import LANES

BOUND = 2.0  # of rate × mass, for every vector
_PROBED = 100  # words of a stretch whose loss is shown


class Walk:
    """The walk over stretches, with what it needs besides the model; compiled or read by Python.

    Nothing is shared between two calls but what is only read: threads may train one model at once.
    """

    def __init__(self, corpus: Corpus, settings: Settings, *, compiled: bool = True) -> None:
        self.functions = functions() if compiled else vars(walk)
        self.compiled = compiled
        self.settings = settings
        self.window = settings.window
        keep = keep_probabilities(corpus, settings.sample)
        self.keep = np.round(keep * 2.0**32).astype(np.uint64)
        self.noise = noise_of(corpus.counts, settings.ns_exponent).guided()
        self.width = (0,) * -(-settings.vector_size // LANES)
        self.tree = tree_of(corpus.counts) if settings.hs else NO_TREE
        predicted = 1 if settings.cbow else 2 * settings.window
        path = int(np.diff(self.tree[0]).max(initial=0)) if settings.hs else 1
        self.longest = predicted * path + walk.SAMPLES

    def laid_out(self, model: Model) -> Model:
        """The same model, its rows where the instructions want them."""
        if not self.compiled:
            return model
        from .vectors import aligned

        return Model(aligned(model.V), aligned(model.U), model.stretches)

    def train(self, model: Model, stretch: Stretch) -> float:
        """Center by center, at a rate that falls."""
        state, text = self._text(stretch)
        loss = self._loss(model, (min(text[0], _PROBED), *text[1:]), state.copy())
        rates = (np.float32(stretch.rate), np.float32(stretch.last), np.float32(BOUND))
        self._call("walk", model.V, model.U, *text, *self._given(state), *rates, self.width)
        return loss

    def loss(self, model: Model, stretch: Stretch) -> float:
        """With samples of its own."""
        state, text = self._text(stretch)
        return self._loss(model, text, state)

    def _call(self, name: str, *given: Any) -> Any:
        with np.errstate(over="ignore"):  # of whole numbers, read by Python
            return self.functions[name](*given)

    def _loss(self, model: Model, text: tuple[Any, ...], state: NDArray[np.uint64]) -> float:
        given = self._given(state)
        total, count = self._call("loss", model.V, model.U, *text, *given, self.width)
        return float(total / count) if count else float("nan")

    def _text(self, stretch: Stretch) -> tuple[NDArray[np.uint64], tuple[Any, ...]]:
        """The state of what is drawn, and the words that stay with their windows."""
        seeded = np.random.SeedSequence(stretch.key)
        state = seeded.generate_state(1, np.uint64).astype(np.uint64)
        n = len(stretch.ids)
        kept, before, after = (np.zeros(n, np.int32) for _ in range(3))
        window = np.uint64(self.window)
        given = stretch.ids, stretch.bounds, self.keep, window, state, kept, before, after
        return state, (self._call("thinned", *given), kept, before, after)

    def _given(self, state: NDArray[np.uint64]) -> tuple[Any, ...]:
        length = -(-self.longest // LANES) * LANES
        lists = (np.zeros(length, np.float32) for _ in range(4))  # signs, weights, moves, scores
        samples, following = (np.zeros(walk.SAMPLES, np.int32) for _ in range(2))
        rows = np.zeros(length, np.int32)
        drawn = *self.noise, self.settings.negative, state
        return (*drawn, self.settings.cbow, *self.tree, samples, following, rows, *lists)
