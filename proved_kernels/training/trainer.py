"""Stochastic gradient descent over stretches of text: minibatches on NumPy, or center by center.

Everything random in a stretch follows from the seed, the epoch and the stretch alone, so that
training goes on from any stretch as if it had never stopped.

A block is some consecutive centers that share a list: the text around them, then their negative
samples. What a center counts a word of the list is a weight by its place and its window. Its step
is the proved kernel ``generated.blocks``.

A step adds up the gradients of all its pairs, each taken at the old vectors. Where one word is in
many of them its vector overshoots, the next step pulls it back too far, and so on. What decides is
the mass of the vector, the number of pairs that move it, samples counted with their weight, times
its learning rate. Vectors that point the same way and are equally long have curvature
2 |z| σ(z) σ(−z) for each pair, never above 0.448, and a step brings them nearer to the minimum
while rate × mass × curvature is below 2, so while rate × mass is below 4.46. (An estimate, not a
proof: vectors of different lengths are not in it, and on texts of few words, many steps at 3 to
4.4 do diverge; none was seen to at 2.) So the vectors of words that a step meets too often move at
a lower rate, down to BOUND / mass; all others at the rate that is asked for.

A step of a long text has STEP blocks. A short one is cut into at least STEPS steps an epoch, so
that its vectors move: the outside vectors begin at zero, and the first step moves them alone.

Center by center trains skip-gram or CBOW, beside negative samples or along the paths of Huffman's
tree over the words, which are short for frequent ones; for one thread or many. Its text
(`center_steps`) is compiled once for each width of a row, or read by plain Python.
"""

from __future__ import annotations

import types as python_types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from generated import blocks as kernel
from generated import spans
from proved_kernels.training import center_steps
from proved_kernels.training import corpus as corpus_text
from proved_kernels.training.corpus import Corpus, Noise, keep_probabilities, noise_of

if TYPE_CHECKING:
    from numba.core.dispatcher import Dispatcher


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


Words = NDArray[np.intp]

CENTERS = 12  # consecutive centers of a block
SAMPLES = 8  # negative samples that they share
STEP = 192  # blocks of a step, at most


@dataclass(frozen=True)
class Blocks:
    """Arrays with a row for each block; a list is the text around the centers, then samples.

    ``before`` and ``after`` say how many words on either side are in the window of a center.
    """

    centers: Words
    lists: Words
    before: Words
    after: Words

    def __len__(self) -> int:
        return len(self.centers)

    def __getitem__(self, rows: slice) -> Blocks:
        return Blocks(self.centers[rows], self.lists[rows], self.before[rows], self.after[rows])


def blocks_of(
    ids: Words,
    bounds: NDArray[np.int64],
    keep: NDArray[np.float64],
    noise: Noise,
    window: int,
    rng: np.random.Generator,
    *,
    together: int = STEP,
) -> Blocks:
    """Thin the words out, draw a window for each that stays, and cut the rest into blocks.

    ``bounds`` are those of the sentences in ``ids``; no window reaches across them.
    The samples of so many blocks ``together`` are spread over the noise.
    """
    sentence = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    stays = rng.random(len(ids)) < keep[ids]
    ids, sentence = ids[stays], sentence[stays]
    before, after = _reach(sentence, rng.integers(1, window, len(ids), endpoint=True))
    count = max(-(-len(ids) // CENTERS), 1)
    missing = count * CENTERS - len(ids)  # the last block is filled with centers of no window
    padded = np.pad(ids, (window, window + missing))
    places = sliding_window_view(padded, CENTERS + 2 * window)[::CENTERS]
    samples = noise.evenly((count, SAMPLES), together * SAMPLES, rng)
    return Blocks(
        padded[window : window + count * CENTERS].reshape(count, CENTERS),
        np.concatenate((places, samples), axis=1),
        np.pad(before, (0, missing)).reshape(count, CENTERS),
        np.pad(after, (0, missing)).reshape(count, CENTERS),
    )


def _reach(sentence: Words, width: Words) -> tuple[Words, Words]:
    """How many words before and after each place are in its window and in its sentence."""
    place = np.arange(len(sentence))
    begins = np.flatnonzero(np.diff(sentence, prepend=-1))
    ends = np.append(begins, len(sentence))[1:]
    lengths = ends - begins
    to_start = place - np.repeat(begins, lengths)
    to_end = np.repeat(ends, lengths) - 1 - place
    return np.minimum(width, to_start), np.minimum(width, to_end)


_LARGEST = 2**22  # weights of a table for windows of all sizes

Table = NDArray[np.float32]


class Weights:
    """The weights of windows of up to ``window`` words on either side, each with samples."""

    def __init__(self, window: int, draws: int) -> None:
        self.window, self.draws = window, draws
        places = CENTERS + 2 * window
        self.signs = np.repeat(np.array([-1, 1], np.float32), (places, SAMPLES))
        windows = (window + 1) ** 2
        is_small = windows * CENTERS * len(self.signs) <= _LARGEST
        self.table = self._rows(np.arange(windows)) if is_small else None

    def of(self, blocks: Blocks) -> tuple[NDArray[np.intp], Table]:
        """The kinds of the centers, and a table with a row for each kind."""
        windows = blocks.before * (self.window + 1) + blocks.after
        table = self.table
        if table is None:
            found, windows = np.unique(windows, return_inverse=True)
            table = self._rows(found)
        return windows.reshape(blocks.centers.shape) * CENTERS + np.arange(CENTERS), table

    def _rows(self, windows: NDArray[np.intp]) -> Table:
        """For each window a row for each place that its center may have in a block."""
        before, after = (
            np.repeat(side[:, np.newaxis], CENTERS, axis=1)
            for side in np.divmod(windows, self.window + 1)
        )
        one, none = np.zeros((1, 1), np.float32), np.zeros_like
        places = np.zeros((len(windows), CENTERS + 2 * self.window), np.intp)
        samples = np.zeros((len(windows), SAMPLES), np.intp)
        band, share = spans.weights(
            one, one, none(before), places, before, after, samples, self.draws
        )
        shares = np.repeat(share[:, :, np.newaxis], SAMPLES, axis=2)
        return np.concatenate((band, shares), axis=2).reshape(-1, len(self.signs))


BOUND = 2.0  # of rate × mass, for every vector
STEPS = 10  # of an epoch, at least
_KEPT = 16_000_000  # bytes
_PROBED = 32  # blocks of a stretch whose loss is shown


class NegativeSampling:
    """Steps of blocks of consecutive centers, which share their samples."""

    backend = "numpy"

    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        _keep_memory()
        self.window = settings.window
        self.keep = keep_probabilities(corpus, settings.sample)
        self.noise = noise_of(corpus.counts, settings.ns_exponent)
        self.weights = Weights(settings.window, settings.negative)
        blocks = float((corpus.counts * self.keep).sum()) / CENTERS
        self.step = int(min(max(blocks / STEPS, 1), STEP))

    def laid_out(self, model: Model) -> Model:
        """As it is."""
        return model

    def train(self, model: Model, stretch: Stretch) -> float:
        """Step by step, at a rate that falls; each step with samples spread over the noise."""
        blocks = self._blocks(stretch)
        loss = self._loss(model, blocks[:_PROBED])
        slope = (stretch.last - stretch.rate) / len(blocks)
        for first in range(0, len(blocks), self.step):
            step = blocks[first : first + self.step]
            given = step.centers, step.lists, *self.weights.of(step), self.weights.signs
            kernel.sgd_step(model.V, model.U, *given, stretch.rate + slope * first, BOUND)
        return loss

    def loss(self, model: Model, stretch: Stretch) -> float:
        """With samples of its own."""
        return self._loss(model, self._blocks(stretch))

    def _blocks(self, stretch: Stretch) -> Blocks:
        rng = np.random.default_rng(stretch.key)
        some = stretch.ids, stretch.bounds, self.keep, self.noise, self.window, rng
        return blocks_of(*some, together=self.step)

    def _loss(self, model: Model, blocks: Blocks) -> float:
        pairs = int((blocks.before + blocks.after).sum())
        given = blocks.centers, blocks.lists, *self.weights.of(blocks), self.weights.signs
        return kernel.loss(model.V, model.U, *given) / pairs if pairs else float("nan")


def _keep_memory() -> None:
    """Free a large array, so that the GNU C library gives smaller ones back no more.

    It keeps up to twice the largest that was ever freed; a step frees about five megabytes, and
    asking the system for them again would take as long as the step.
    """
    np.empty(_KEPT, np.uint8)


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


_PROBED = 100  # words of a stretch whose loss is shown
_TEXTS = (  # each may call those before it
    (center_steps, ("descend", "rates", "drawn", "thinned", "sampled", "listed", "mean_row")),
    (center_steps, ("walk", "loss")),
    (corpus_text, ("numbers",)),
)
_ALONE = ("walk", "loss", "thinned", "numbers")  # called from Python, the others put into them


@cache
def functions() -> dict[str, Dispatcher]:
    """The functions of `center_steps` and `corpus.numbers`, compiled when they are first called.

    Their text is the one that plain Python reads: the same code objects, with each other's
    compiled forms among their globals.
    """
    import numba

    # tells Numba what the functions on rows are
    from proved_kernels.training import simd  # noqa: F401

    made: dict[str, Dispatcher] = {}
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


class Text(NamedTuple):
    """Words that stay, so many of the first, and how many on either side are in each's window."""

    n: int
    kept: center_steps.Words
    before: center_steps.Words
    after: center_steps.Words


def _whole_numbers_wrap() -> np.errstate:
    """Whole numbers are drawn by multiplications modulo 2^64, of which NumPy would warn."""
    return np.errstate(over="ignore")


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
        self.width = (0,) * -(-settings.vector_size // center_steps.LANES)
        self.tree = tree_of(corpus.counts) if settings.hs else NO_TREE
        predicted = 1 if settings.cbow else 2 * settings.window
        path = int(np.diff(self.tree[0]).max(initial=0)) if settings.hs else 1
        self.longest = predicted * path + center_steps.SAMPLES

    def laid_out(self, model: Model) -> Model:
        """The same model, its rows where the instructions want them."""
        if not self.compiled:
            return model
        from proved_kernels.training.simd import aligned

        return Model(aligned(model.V), aligned(model.U), model.stretches)

    def train(self, model: Model, stretch: Stretch) -> float:
        """Center by center, at a rate that falls."""
        state, text = self._text(stretch)
        loss = self._loss(model, text._replace(n=min(text.n, _PROBED)), state.copy())
        rates = (np.float32(stretch.rate), np.float32(stretch.last), np.float32(BOUND))
        given = *text, *self._given(state), *rates, self.width
        with _whole_numbers_wrap():
            self.functions["walk"](model.V, model.U, *given)
        return loss

    def loss(self, model: Model, stretch: Stretch) -> float:
        """With samples of its own."""
        state, text = self._text(stretch)
        return self._loss(model, text, state)

    def _loss(self, model: Model, text: Text, state: center_steps.Bits) -> float:
        given = *text, *self._given(state), self.width
        with _whole_numbers_wrap():
            total, count = self.functions["loss"](model.V, model.U, *given)
        return float(total / count) if count else float("nan")

    def _text(self, stretch: Stretch) -> tuple[center_steps.Bits, Text]:
        """The state of what is drawn, and the words that stay with their windows."""
        seeded = np.random.SeedSequence(stretch.key)
        state = seeded.generate_state(1, np.uint64).astype(np.uint64)
        kept, before, after = (np.zeros(len(stretch.ids), np.int32) for _ in range(3))
        given = stretch.ids, stretch.bounds, self.keep, np.uint64(self.window), state
        with _whole_numbers_wrap():
            n = self.functions["thinned"](*given, kept, before, after)
        return state, Text(n, kept, before, after)

    def _given(self, state: center_steps.Bits) -> tuple[NDArray[np.number] | int, ...]:
        length = -(-self.longest // center_steps.LANES) * center_steps.LANES
        lists = (np.zeros(length, np.float32) for _ in range(4))  # signs, weights, moves, scores
        samples, following = (np.zeros(center_steps.SAMPLES, np.int32) for _ in range(2))
        rows = np.zeros(length, np.int32)
        drawn = *self.noise, self.settings.negative, state
        return (*drawn, self.settings.cbow, *self.tree, samples, following, rows, *lists)
