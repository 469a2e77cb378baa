"""How much text one step may take, so that training does not diverge.

A step adds up the gradients of all its pairs, each taken at the old vectors. Where one word is in
many of them its vector overshoots, the next step pulls it back too far, and so on. What decides is
the mass of each vector, the number of pairs that move it, samples counted with their weight, times
the learning rate. Vectors that point the same way and are equally long have curvature
2 |z| σ(z) σ(−z) for each pair, never above 0.448, and a step brings them nearer to the minimum
while rate × mass × curvature is below 2, so while rate × mass is below 4.46. (An estimate, not a
proof: of texts of one word, of a few words and of bursts all trained well at 6, one diverged at 8
and nearly all at 12.) Blocks are added to a step as long as the bound holds for every vector; a
block too heavy by itself is taken in parts, down to a single center, and if even that is too much
its rate is lowered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .blocks import CENTERS, Blocks
from .mass import masses

BOUND = 4.4
MOST = 16  # blocks of a step
_AT_ONCE = 512


@dataclass(frozen=True)
class Step:
    """Blocks to take at once, the place of their first center, and the highest rate for them."""

    blocks: Blocks
    place: int
    rate: float


def steps_of(blocks: Blocks, draws: int, rate: float) -> Iterator[Step]:
    """The blocks in steps, in order, each as large as BOUND lets it be at this rate."""
    for start in range(0, len(blocks), _AT_ONCE):
        part = blocks[start : start + _AT_ONCE]
        for first, last in _grouped(part, draws, BOUND / rate):
            place = (start + first) * CENTERS
            if last > first:
                yield Step(part[first:last], place, rate)
            else:
                yield from _in_parts(part[first : first + 1], draws, rate, place)


def _grouped(blocks: Blocks, draws: int, limit: float) -> Iterator[tuple[int, int]]:
    """Ranges of blocks that may go together; an empty one is a block too heavy by itself."""
    mass = masses(blocks, draws)
    mass = np.cumsum(mass.compress(_may_pass(mass, limit), axis=1), axis=0)
    before = np.zeros_like(mass[0])
    first = 0
    while first < len(blocks):
        heaviest = (mass[first : first + MOST] - before).max(axis=1, initial=0)
        count = int(np.searchsorted(heaviest, limit, side="right"))
        yield first, first + count
        first += max(count, 1)
        before = mass[first - 1]


def _may_pass(mass: NDArray[np.float64], limit: float) -> NDArray[np.bool_]:
    """The columns that may pass the limit somewhere: any MOST rows lie in two groups of MOST."""
    whole = len(mass) // MOST * MOST
    groups = mass[:whole].reshape(-1, MOST, mass.shape[1]).sum(axis=1)
    most = np.maximum(groups.max(axis=0, initial=0), mass[whole:].sum(axis=0))
    return np.asarray(2 * most > limit)


def _in_parts(block: Blocks, draws: int, rate: float, place: int) -> Iterator[Step]:
    """One block as the fewest parts of equal width that are light enough."""
    width = CENTERS
    while width > 1:
        width //= 2
        parts = block.narrowed(width)
        heaviest = masses(parts, draws).max(axis=1)
        if (rate * heaviest <= BOUND).all():
            break
    for k, mass in enumerate(heaviest.tolist()):
        yield Step(parts[k : k + 1], place + k * width, min(rate, BOUND / max(mass, 1)))
