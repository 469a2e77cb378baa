"""What the training loop needs of a way to train: a stretch of text trained on, and its loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


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

    def laid_out(self, model: Model) -> Model:
        """The model in the memory that it is trained in."""

    def train(self, model: Model, stretch: Stretch) -> float:
        """Train the model in place; the loss of a pair of the stretch before, from some of it."""

    def loss(self, model: Model, stretch: Stretch) -> float:
        """The loss of a pair of the stretch; NaN where it has none."""
