"""Whether arguments have the shapes they should have, axes of one name of one length."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# an axis by name, or by the length it has elsewhere
Shape = tuple[str | int, ...]

# an argument by name, and the shape that it should have
Given = Mapping[str, tuple[ArrayLike, Shape]]


def ready(given: Given, dtypes: tuple[np.dtype[Any], ...]) -> list[NDArray[Any]]:
    """What is given, where one look shows that it is good as it is; otherwise nothing.

    It is arrays, all of the same one of the dtypes, none empty, their axes of equal lengths, and
    behind them perhaps a Python number.
    """
    arrays = []
    lengths: dict[str, int] = {}
    for array, shape in given.values():
        if not shape and len(dtypes) == 1 and _is_plain(array):
            arrays.append(np.array(array, dtypes[0]))
            continue
        if type(array) is not np.ndarray or array.dtype not in dtypes or array.ndim != len(shape):
            return []
        for place, length in enumerate(array.shape):
            axis = shape[place]
            known = lengths.setdefault(axis, length) if isinstance(axis, str) else axis
            if length != known or length == 0:
                return []
        arrays.append(array)
        dtypes = (array.dtype,)
    return arrays


def _is_plain(value: object) -> bool:
    """Whether it is a Python number that every dtype of parameters takes."""
    return type(value) is float or (type(value) is int and abs(value) < 2**53)


def check_shapes(
    arrays: Mapping[str, NDArray[Any]], given: Given, inhabited: Collection[str | int]
) -> None:
    """Raise ValueError, naming the argument, unless every shape is as it should be."""
    lengths: dict[str, tuple[int, str]] = {}
    for name, array in arrays.items():
        wanted = given[name][1]
        should = f"{name} has shape {array.shape}, should be {_shown(wanted)}"
        if array.ndim != len(wanted):
            raise ValueError(should)
        for axis, length in zip(wanted, array.shape, strict=True):
            if axis != length and isinstance(axis, int):
                raise ValueError(should)
            known, source = lengths.setdefault(str(axis), (length, name))
            if length != known:
                raise ValueError(f"{should} with {axis} = {known} as in {source}")
            if length == 0 and axis in inhabited:
                raise ValueError(f"{should} with {axis} at least 1")


def _shown(shape: Shape) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
