"""Products that hide nothing: NaN where an input is not finite, and zero times infinity."""

from typing import Any

import jax.numpy as np
from jax.lax import cond


def guarded(products: Any, left: Any, right: Any) -> Any:
    """Inner products, NaN where an input is not finite.

    ``products`` (...) is ``(left * right).sum(-1)``, left and right (..., d) broadcast together.
    A finite one is of finite inputs: these are looked at only where some product is not finite.
    """
    return cond(np.isfinite(products).all(), _as_they_are, _looked_at, products, left, right)


def _as_they_are(products: Any, left: Any, right: Any) -> Any:
    return products


def _looked_at(products: Any, left: Any, right: Any) -> Any:
    finite = np.isfinite(left).all(axis=-1) & np.isfinite(right).all(axis=-1)
    return np.where(finite, products, np.nan)


def weigh(weights: Any, values: Any) -> Any:
    """``weights * values``, but 0 where a weight of 0 meets an infinite value; NaN stays NaN."""
    lost = np.isinf(values) & ~(np.abs(weights) > 0)
    return weights * np.where(lost, 0, values)
