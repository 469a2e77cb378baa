"""Minibatch gradient descent on NumPy: steps of blocks, by the proved kernel ``generated.blocks``.

A block is some consecutive centers that share a list: the text around them, then their negative
samples. What a center counts a word of the list is a weight by its place and its window.

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
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from generated import blocks as kernel
from generated import spans

from proved_kernels.training.trainer import Model, Settings, Stretch
from proved_kernels.training.word_counts import Corpus, Noise, keep_probabilities, noise_of

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
