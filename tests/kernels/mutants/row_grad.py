"""The reference's row-sparse gradient."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RowGrad:
    """Rows of a gradient that is zero elsewhere: distinct, sorted, duplicates summed."""

    rows: NDArray[np.intp]
    values: NDArray[Any]

    def dense(self, N: int) -> NDArray[Any]:
        gradient = np.zeros((N, self.values.shape[1]), self.values.dtype)
        gradient[self.rows] = self.values
        return gradient
