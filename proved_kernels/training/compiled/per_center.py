"""Training center by center, compiled once for each width of a row, or read by plain Python.

Skip-gram or CBOW, beside negative samples or along the paths of Huffman's tree over the words,
which are short for frequent ones; for one thread or many.
"""

from __future__ import annotations

import types as python_types
from collections.abc import Callable
from functools import cache
from heapq import heapify, heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proved_kernels.training.trainer import Model, Settings, Stretch
from proved_kernels.training.word_counts import Corpus, keep_probabilities, noise_of
from proved_kernels.training.compiled import center_steps, reading
from proved_kernels.training.compiled.center_steps import LANES, SAMPLES

Tree = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]

NO_TREE: Tree = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))


def tree_of(counts: NDArray[np.int64]) -> Tree:
    """Where the path to each word starts, then the inner nodes of all paths, and how each goes on.

    ``nodes[starts[w]:starts[w + 1]]`` leads from the root to word w; the sign is −1 where it goes
    to the lighter side, 1 where it goes to the other. There are N − 1 inner nodes, the root last.
    """
    size = len(counts)
    waiting = [(int(count), leaf) for leaf, count in enumerate(counts)]
    heapify(waiting)
    above = np.zeros(2 * size - 1, np.int64)
    turn = np.zeros(2 * size - 1, np.float32)
    for inner in range(size, 2 * size - 1):
        lighter, heavier = heappop(waiting), heappop(waiting)
        for (_, node), sign in ((lighter, -1), (heavier, 1)):
            above[node], turn[node] = inner, sign
        heappush(waiting, (lighter[0] + heavier[0], inner))
    starts, nodes, turns = [0], [], []
    root = 2 * size - 2
    for leaf in range(size):
        path = [leaf]
        while path[-1] != root:
            path.append(int(above[path[-1]]))
        nodes += [node - size for node in path[:0:-1]]
        turns += [turn[node] for node in path[-2::-1]]
        starts.append(len(nodes))
    return np.array(starts), np.array(nodes, np.int32), np.array(turns, np.float32)


BOUND = 2.0  # of rate × mass, for every vector
_PROBED = 100  # words of a stretch whose loss is shown
_TEXTS = (  # each may call those before it
    (center_steps, ("descend", "rates", "drawn", "thinned", "sampled", "listed", "mean_row")),
    (center_steps, ("walk", "loss")),
    (reading, ("numbers",)),
)
_ALONE = ("walk", "loss", "thinned", "numbers")  # called from Python, the others put into them


@cache
def functions() -> dict[str, Callable[..., Any]]:
    """The functions of `center_steps` and `reading`, compiled when they are first called.

    Their text is the one that plain Python reads: the same code objects, with each other's
    compiled forms among their globals.
    """
    import numba

    from proved_kernels.training.compiled import simd  # noqa: F401  # tells Numba what the functions on rows are

    made: dict[str, Callable[..., Any]] = {}
    for module, names in _TEXTS:
        own = dict(vars(module))
        for name in names:
            own.update(made)
            text = getattr(module, name)
            copied = python_types.FunctionType(text.__code__, own, name, text.__defaults__)
            copied.__module__ = module.__name__
            inner = name not in _ALONE
            made[name] = numba.njit(
                nogil=True,
                fastmath={"contract"},
                error_model="numpy",
                forceinline=inner,
                no_cfunc_wrapper=True,
                no_cpython_wrapper=inner,
            )(copied)
    return made


class Walk:
    """The walk over stretches, with what it needs besides the model; compiled or read by Python.

    Nothing is shared between two calls but what is only read: threads may train one model at once.
    """

    def __init__(self, corpus: Corpus, settings: Settings, *, compiled: bool = True) -> None:
        self.functions = functions() if compiled else vars(center_steps)
        self.compiled = compiled
        self.backend = "compiled" if compiled else "numpy"
        self.settings = settings
        self.window = settings.window
        keep = keep_probabilities(corpus, settings.sample)
        self.keep = np.round(keep * 2.0**32).astype(np.uint64)
        self.noise = noise_of(corpus.counts, settings.ns_exponent).guided()
        self.width = (0,) * -(-settings.vector_size // LANES)
        self.tree = tree_of(corpus.counts) if settings.hs else NO_TREE
        predicted = 1 if settings.cbow else 2 * settings.window
        path = int(np.diff(self.tree[0]).max(initial=0)) if settings.hs else 1
        self.longest = predicted * path + SAMPLES

    def laid_out(self, model: Model) -> Model:
        """The same model, its rows where the instructions want them."""
        if not self.compiled:
            return model
        from proved_kernels.training.compiled.simd import aligned

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
        samples, following = (np.zeros(SAMPLES, np.int32) for _ in range(2))
        rows = np.zeros(length, np.int32)
        drawn = *self.noise, self.settings.negative, state
        return (*drawn, self.settings.cbow, *self.tree, samples, following, rows, *lists)
