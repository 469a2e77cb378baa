"""Entries of arrays: looked up by words, or one along the last axis read, replaced or left out."""

from typing import Any

import jax.numpy as np


def taken(values: Any, words: Any, axis: int = 0) -> Any:
    """The entries at the words along an axis; NaN at a word that is out of range."""
    return np.take(values, words, axis=axis, mode="fill", fill_value=np.nan)


def picked(values: Any, index: Any) -> Any:
    """The entry at ``index`` of each row; ``index`` is broadcast to the leading axes."""
    at = np.broadcast_to(np.asarray(index), values.shape[:-1])
    return np.take_along_axis(values, at[..., np.newaxis], axis=-1)[..., 0]


def replaced(values: Any, index: Any, new: Any) -> Any:
    """The values with the entry at ``index`` of each row ``new``.

    The leading axes of ``values`` and the axes of ``index`` and ``new`` are broadcast together.
    """
    here = np.arange(values.shape[-1]) == np.asarray(index)[..., np.newaxis]
    return np.where(here, np.asarray(new, values.dtype)[..., np.newaxis], values)


def sum_without(values: Any, index: Any) -> Any:
    """The sum of each row without the entry at ``index``, and without a subtraction."""
    return replaced(values, index, 0).sum(axis=-1)
