"""What a kernel accepts: shapes and types, which are known while it is traced; no value is read."""

from numbers import Real
from typing import Any

import jax.numpy as np

from ..._runtime.shapes import Shape, check_shapes


def parameters(*empty: str, **given: tuple[Any, Shape]) -> list[Any]:
    """The named arrays, all of one dtype, float32 or float64; a number takes that of the arrays.

    Each comes with the names of its axes; an axis of the same name has the same length
    everywhere, at least one except for those that may be ``empty``. Integers are taken as JAX's
    own float. Raises TypeError and ValueError, naming the argument.
    """
    arrays = {name: _numbers(name, value) for name, (value, _) in given.items()}
    axes = {axis for _, shape in given.values() for axis in shape}
    check_shapes(arrays, given, axes.difference(empty))
    dtypes = {name: array.dtype for name, array in arrays.items() if not _is_number(given[name][0])}
    if len(set(dtypes.values())) > 1:
        found = ", ".join(f"{name} is {dtype}" for name, dtype in dtypes.items())
        raise TypeError(f"{found}; they should be of one dtype")
    dtype = next(iter(dtypes.values()), np.result_type(0.0))
    return [array.astype(dtype) for array in arrays.values()]


def _is_number(value: Any) -> bool:
    """Whether this is a number of Python, also where it is traced."""
    return isinstance(value, Real) or bool(getattr(value, "weak_type", False))


def words(below: int, *inhabited: str, **given: tuple[Any, Shape]) -> list[Any]:
    """The named arrays of words; one that is below 0 becomes one that is too large.

    Axes as for `parameters`, but only those that are ``inhabited`` have at least one place.
    Raises TypeError and ValueError, naming the argument.
    """
    arrays = {name: _integers(name, value, shape) for name, (value, shape) in given.items()}
    check_shapes(arrays, given, inhabited)
    return [_outside(array, below) for array in arrays.values()]


def word(below: int, **given: Any) -> Any:
    """The one named word, as `words` are."""
    ((name, value),) = given.items()
    array = _integers(name, value, ())
    if array.ndim:
        raise TypeError(f"{name} has shape {array.shape}, should be an integer")
    return _outside(array, below)


def _outside(array: Any, below: int) -> Any:
    return np.where(array < 0, below, array)


def _numbers(name: str, value: Any) -> Any:
    array = np.asarray(value)
    if np.issubdtype(array.dtype, np.integer):
        return array.astype(np.result_type(0.0))
    if not np.issubdtype(array.dtype, np.floating) or array.dtype.itemsize < 4:
        raise TypeError(f"{name} is of dtype {array.dtype}, should be float64 or float32")
    return array


def _integers(name: str, value: Any, shape: Shape) -> Any:
    array = np.asarray(value)
    if array.size == 0 and not hasattr(value, "dtype"):
        # an empty list says nothing of dtype or of further axes
        return np.zeros(array.shape + (0,) * (len(shape) - array.ndim), int)
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"{name} is of dtype {array.dtype}, should be integers")
    return array
