"""One entry along the last axis of (..., n): read, replaced, or left out of a sum."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def picked(values: NDArray[Any], index: ArrayLike) -> NDArray[Any]:
    """The entry at ``index`` of each row; ``index`` is broadcast to the leading axes."""
    place = np.broadcast_to(index, values.shape[:-1])[..., np.newaxis]
    found: NDArray[Any] = np.take_along_axis(values, place, axis=-1)[..., 0]
    return found


def overwritten(values: NDArray[Any], index: ArrayLike, new: ArrayLike) -> NDArray[Any]:
    """``values`` itself, the entry at ``index`` of each row now ``new``."""
    leading = values.shape[:-1]
    if leading:
        place = np.broadcast_to(index, leading)[..., np.newaxis]
        entries = np.broadcast_to(new, leading)[..., np.newaxis]
        np.put_along_axis(values, place, entries, axis=-1)
    else:
        values[np.asarray(index)] = new
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
    leading = values.shape[:-1]
    if np.broadcast_shapes(leading, np.shape(index)) != leading:
        return replaced(values, index, 0).sum(axis=-1)
    entries = picked(values, index)
    total = overwritten(values, index, 0).sum(axis=-1)
    overwritten(values, index, entries)
    return total
