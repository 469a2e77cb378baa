"""Entries of arrays, and products that are finite or say why not.

One entry along the last axis of (..., n) is read, replaced, or left out of a sum. A product that
did not come out finite becomes NaN, or saturated with the right sign.
"""

from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_CHUNK = 4096


def guarded(products: Any, left: NDArray[Any], right: NDArray[Any]) -> Any:
    """Inner products, mended where they are not finite.

    ``products`` (...) is ``(left * right).sum(-1)``, left and right (..., d) broadcast together.
    Where an input is not finite the product becomes NaN, so that everything computed from it is
    NaN. Where the inputs are finite the sum overflowed on its way, and is taken again of vectors
    scaled by powers of two: infinite only where the exact value is out of range.
    Finite products are returned as they are, without a look at the inputs.
    """
    if isfinite(products if products.ndim == 0 else np.vdot(products, products)):
        return products  # a sum of squares is finite only if each of them is
    if np.isfinite(products).all():
        return products
    spoilt = ~(np.isfinite(left).all(axis=-1) & np.isfinite(right).all(axis=-1))
    mended = np.where(spoilt, np.nan, products).astype(left.dtype)
    flat = mended.reshape(-1)
    overflowed = np.flatnonzero(~np.isfinite(mended) & ~spoilt)
    left = np.broadcast_to(left, (*mended.shape, left.shape[-1]))
    right = np.broadcast_to(right, (*mended.shape, right.shape[-1]))
    for start in range(0, len(overflowed), _CHUNK):
        some = overflowed[start : start + _CHUNK]
        place = np.unravel_index(some, mended.shape) if mended.shape else ()
        x, x_exponent = _scaled(left[place])
        y, y_exponent = _scaled(right[place])
        flat[some] = np.ldexp((x * y).sum(axis=-1), x_exponent + y_exponent)
    return mended[()]


def weigh(weights: NDArray[Any], values: NDArray[Any]) -> NDArray[Any]:
    """``weights * values``, but 0 where a weight of 0 meets an infinite value; NaN stays NaN."""
    products: NDArray[Any] = weights * values
    if isfinite(np.vdot(products, products)):
        return products
    return np.where((weights == 0) & np.isinf(values), 0, products)


def _scaled(vectors: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Vectors (..., d) divided by a power of two so that no entry exceeds 1, and its exponent."""
    exponent = np.frexp(np.abs(vectors).max(axis=-1))[1]
    return np.ldexp(vectors, -exponent[..., np.newaxis]), exponent


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
