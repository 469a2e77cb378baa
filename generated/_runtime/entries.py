"""One entry along the last axis of (..., n): read, replaced, or left out of a sum."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def picked(values: NDArray[Any], index: ArrayLike) -> NDArray[Any]:
    """The entry at ``index`` of each row; ``index`` is broadcast to the leading axes."""
    found: NDArray[Any] = values[_place(values, index)]
    return found


def overwritten(values: NDArray[Any], index: ArrayLike, new: ArrayLike) -> NDArray[Any]:
    """``values`` itself, the entry at ``index`` of each row now ``new``."""
    values[_place(values, index)] = new
    return values


def replaced(values: NDArray[Any], index: ArrayLike, new: ArrayLike) -> NDArray[Any]:
    """A copy of ``values`` with the entry at ``index`` of each row ``new``.

    The leading axes of ``values`` and the axes of ``index`` and ``new`` are broadcast together.
    """
    leading = np.broadcast_shapes(values.shape[:-1], np.shape(index), np.shape(new))
    copy = np.array(np.broadcast_to(values, (*leading, values.shape[-1])))
    return overwritten(copy, index, new)


def sum_without(values: NDArray[Any], index: ArrayLike) -> Any:
    """The sum of each row without the entry at ``index``, and without a subtraction.

    Axes as for `replaced`. ``values`` is written to on the way, and is then as it was.
    """
    leading, shape = values.shape[:-1], np.shape(index)
    if shape not in ((), leading) and np.broadcast_shapes(leading, shape) != leading:
        return replaced(values, index, 0).sum(axis=-1)
    place = _place(values, index)
    entries = values[place]
    values[place] = 0
    total = values.sum(axis=-1)
    values[place] = entries
    return total


def _place(values: NDArray[Any], index: ArrayLike) -> Any:
    """What to look up, or to assign to: one entry of each row."""
    if values.ndim == 1:
        return np.asarray(index)
    if values.ndim == 2:
        return np.arange(len(values)), np.asarray(index)
    return (*np.indices(values.shape[:-1], sparse=True), np.asarray(index))
