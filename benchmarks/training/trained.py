"""What one training came to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Trained:
    """Seconds of training alone, vectors in the order of the vocabulary, and the way there.

    ``curve`` has held-out losses and the seconds until each; taking them is not counted.
    """

    who: str
    seed: int
    seconds: float
    V: NDArray[np.float32]
    U: NDArray[np.float32]
    curve: list[tuple[float, float]]

    @property
    def loss(self) -> float:
        """The held-out loss at the end."""
        return self.curve[-1][1]

    def seconds_to(self, loss: float) -> float:
        """Until the held-out loss was at most this; infinite if it never was."""
        return next((seconds for seconds, reached in self.curve if reached <= loss), float("inf"))
