"""Good arguments for the kernels of lists, with words that repeat."""

from typing import Any

import numpy as np

RATE, MOST = 0.5, 2.0


def given(dtype: Any = np.float64) -> dict[str, Any]:
    """Three blocks of two centers and lists of four words, of a vocabulary of five."""
    rng = np.random.default_rng(0)
    return {
        "V": rng.normal(size=(5, 3)).astype(dtype),
        "U": rng.normal(size=(5, 3)).astype(dtype),
        "centers": np.array([[1, 2], [1, 1], [4, 0]]),
        "lists": np.array([[0, 1, 1, 3], [1, 1, 1, 1], [2, 3, 0, 0]]),
        "kinds": np.array([[0, 2], [1, 1], [2, 0]]),
        "weights": np.array([[1, 0, 2.5, 2.5], [1, 1, 1, 0.5], [0, 0, 1, 1]], dtype),
        "signs": np.array([-1, -1, 1, 1], dtype),
    }
