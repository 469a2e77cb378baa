"""The same numbers, lying in memory in other ways, and how to write each one down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def plain(array: Array) -> Array:
    """A fresh array in C order."""
    return np.array(array, order="C")


def _fortran(array: Array) -> Array:
    return np.array(array, order="F")


def _strided(array: Array) -> Array:
    return np.repeat(array, 2, axis=-1)[..., ::2]


def _backward(array: Array) -> Array:
    return array[::-1].copy()[::-1]


def _read_only(array: Array) -> Array:
    fresh = plain(array)
    fresh.setflags(write=False)
    return fresh


LAYOUTS: Mapping[str, Callable[[Array], Array]] = {
    "Fortran order": _fortran,
    "strided": _strided,
    "negative strides": _backward,
    "read-only": _read_only,
}
WRITTEN: Mapping[str, str] = {
    "": "{}",
    "Fortran order": "np.asfortranarray({})",
    "strided": "np.repeat({}, 2, axis=-1)[..., ::2]",
    "negative strides": "{}[::-1].copy()[::-1]",
    "read-only": "np.broadcast_to({}, {shape})",
}


def written(value: Any, layout: str = "", made_by: str = "") -> str:
    """An argument as it is typed in a program that has NumPy as np; a text may make it."""
    if made_by:
        return WRITTEN[layout].format(made_by, shape=np.shape(value)) if np.ndim(value) else made_by
    if not isinstance(value, np.ndarray):
        return repr(float(value)) if isinstance(value, np.floating) else repr(int(value))
    # the shortest digits that give this very number in its own precision
    digits = _nested(value)
    kind = "" if value.dtype == np.float64 and value.size else f", dtype=np.{value.dtype.name}"
    text = f"np.array({digits}{kind})"
    if 0 in value.shape and value.ndim > 1:
        text = f"np.zeros({value.shape}{kind})"
    return WRITTEN[layout].format(text, shape=value.shape)


def _nested(value: Array) -> str:
    if value.ndim:
        return f"[{', '.join(_nested(row) for row in value)}]"
    number = value[()]
    if not isinstance(number, np.floating):
        return str(int(number))
    if not np.isfinite(number):
        return f"np.{'nan' if np.isnan(number) else 'inf'}"
    return repr(float(str(number)))
