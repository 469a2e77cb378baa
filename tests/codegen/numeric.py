"""Derivatives by differences, of a loss given as a function of arrays."""

from collections.abc import Callable
from typing import Any

import numpy as np

STEP = 1e-6


def slope(loss: Callable[[], float], array: Any) -> Any:
    """The derivative of ``loss`` by every entry of ``array``, which it reads."""
    out = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + STEP
        above = loss()
        array[place] = kept - STEP
        out[place] = (above - loss()) / (2 * STEP)
        array[place] = kept
    return out
