"""What is measured: the two scalar functions, and loss and gradients of one pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tests.kernels.cases import Floats, Pair, Result

DTYPES = (np.dtype(np.float64), np.dtype(np.float32))


@dataclass(frozen=True)
class Implementation:
    """One library. Every function keeps the dtype of what it is given."""

    name: str
    sigmoid: Callable[[Floats], Floats]
    log_sigmoid: Callable[[Floats], Floats]
    value_and_grad: Callable[[Pair], Result]

    @property
    def scalars(self) -> dict[str, Callable[[Floats], Floats]]:
        """The scalar functions by name."""
        return {"sigmoid": self.sigmoid, "log_sigmoid": self.log_sigmoid}
