"""What a kernel accepts: checked before anything is computed, values left unread.

Axes of one name have one length.
"""

import operator
import reprlib
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_NUMBERS = np.dtype(np.float64), np.dtype(np.float32)
_WORDS = (np.dtype(np.intp),)
_UNSIGNED = np.dtype(np.uintp)

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


def parameters(*empty: str, **given: tuple[ArrayLike, Shape]) -> list[NDArray[Any]]:
    """The named arrays, as float64 or float32, all the same.

    Each comes with the names of its axes; an axis of the same name has the same length
    everywhere, at least one except for those that may be ``empty``. Integers are taken as
    float64, a single number as what the arrays are. Raises TypeError and ValueError, naming the
    argument.
    """
    if good := ready(given, _NUMBERS):
        return good
    arrays = {name: _numbers(name, value) for name, (value, _) in given.items()}
    axes = {axis for _, shape in given.values() for axis in shape}
    check_shapes(arrays, given, axes.difference(empty))
    dtypes = {
        name: array.dtype
        for name, array in arrays.items()
        if not isinstance(given[name][0], int | float | np.number)
    }
    if len(set(dtypes.values())) > 1:
        found = ", ".join(f"{name} is {dtype}" for name, dtype in dtypes.items())
        raise TypeError(f"{found}; they should be of one dtype")
    dtype = next(iter(dtypes.values()), np.float64)
    return [array.astype(dtype, copy=False) for array in arrays.values()]


def in_place(**given: object) -> None:
    """Raise TypeError or ValueError unless the named arguments can be changed in place."""
    for name, value in given.items():
        if not isinstance(value, np.ndarray) or value.dtype not in _NUMBERS:
            what = f"of dtype {value.dtype}" if isinstance(value, np.ndarray) else _described(value)
            raise TypeError(f"{name} is {what}, should be an array of float64 or float32")
        if not value.flags.writeable:
            raise ValueError(f"{name} is read-only, should be an array that can be changed")


def words(below: int, *inhabited: str, **given: tuple[ArrayLike, Shape]) -> list[NDArray[np.intp]]:
    """The named arrays of words, each in ``0..below - 1``.

    Axes as for `parameters`, but only those that are ``inhabited`` have at least one place.
    Raises TypeError, ValueError and IndexError, naming the argument.
    """
    good = ready(given, _WORDS)
    if good and _inside(good, below):
        return good
    arrays = {name: _integers(name, value, shape) for name, (value, shape) in given.items()}
    check_shapes(arrays, given, inhabited)
    for name, array in arrays.items():
        outside = (array < 0) | (array >= below)
        if outside.any():
            place = tuple(int(axis[0]) for axis in np.nonzero(outside))
            shown = f"{name}[{', '.join(map(str, place))}]"
            raise IndexError(f"{shown} is {array[place]}, should be in 0..{below - 1}")
    return [array.astype(np.intp, copy=False) for array in arrays.values()]


def word(below: int, **given: object) -> int:
    """The one named word, in ``0..below - 1``. Raises TypeError or IndexError, naming it."""
    ((name, value),) = given.items()
    if type(value) is int and 0 <= value < below:
        return value
    is_flag = isinstance(value, bool | np.bool_) or getattr(value, "dtype", None) == np.bool_
    try:
        index = None if is_flag else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        index = None
    if index is None:
        raise TypeError(f"{name} is {_described(value)}, should be an integer")
    if not 0 <= index < below:
        raise IndexError(f"{name} is {index}, should be in 0..{below - 1}")
    return index


def _inside(arrays: list[NDArray[np.intp]], below: int) -> bool:
    """Whether every word is in ``0..below - 1``, of arrays that are not empty."""
    for array in arrays:
        unsigned = array.view(_UNSIGNED)  # a negative number becomes a large one
        if unsigned.item(unsigned.argmax()) >= below:  # argmax is faster than max
            return False
    return True


def _numbers(name: str, value: ArrayLike) -> NDArray[Any]:
    array = _array(name, value)
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    if array.dtype.kind != "f" or array.dtype.itemsize not in (4, 8):
        raise TypeError(f"{name} is of dtype {array.dtype}, should be float64 or float32")
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _integers(name: str, value: ArrayLike, shape: Shape) -> NDArray[Any]:
    array = _array(name, value)
    if array.size == 0 and not isinstance(value, np.ndarray):
        # an empty list says nothing of dtype or of further axes
        return np.zeros(array.shape + (0,) * (len(shape) - array.ndim), np.intp)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} is of dtype {array.dtype}, should be integers")
    return array


def _array(name: str, value: ArrayLike) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} is ragged, should be a rectangular array") from error


def _described(value: object) -> str:
    return f"{reprlib.repr(value)} of type {type(value).__name__}"


def reach(**given: NDArray[Any]) -> int:
    """The places that contexts (G, S + 2 m) have on either side of centers (G, S): m.

    Raises ValueError, naming the argument, where there is no such m.
    """
    (name, centers), (wider, contexts) = given.items()
    more = contexts.shape[1] - centers.shape[1]
    if more < 0 or more % 2:
        should = f"({centers.shape[0]}, {centers.shape[1]} + 2 m), m at least 0, as {name} has"
        raise ValueError(f"{wider} has shape {contexts.shape}, should be {should}")
    return int(more // 2)
