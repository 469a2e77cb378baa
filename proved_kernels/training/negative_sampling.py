"""Skip-gram with negative sampling on NumPy: steps of the proved kernel ``generated.blocks``.

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

import numpy as np

from generated import blocks as kernel

from .blocks import CENTERS, STEP, Blocks, blocks_of
from .method import Model, Stretch
from .noise import noise_of
from .settings import Settings
from .vocabulary import Corpus, keep_probabilities
from .weights import Weights

BOUND = 2.0  # of rate × mass, for every vector
STEPS = 10  # of an epoch, at least
_KEPT = 16_000_000  # bytes
_PROBED = 32  # blocks of a stretch whose loss is shown


class NegativeSampling:
    """Steps of blocks of consecutive centers, which share their samples."""

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
