"""Products that did not come out finite: NaN, or saturated with the right sign."""

from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
