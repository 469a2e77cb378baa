"""What the loaded files get in place of the few things that take floats and nothing else.

The text is run as it is. What it imports and calls is the real thing but for these:

    np.array, asarray, empty, zeros, ...   NumPy's, told to make arrays of symbols where the dtype
                                           is that of symbols: NumPy's protocols do not reach them
    math.isfinite                          true: symbols stand for finite numbers. In one variant
                                           all products are taken for overflowed, see `overflow.py`
    float                                  the number itself, where it is a symbol
    scipy.sparse.csc_array                 the sum that its definition is, entry by entry
    parameters, in_place                   run as they are, on arrays of floats of the same
                                           shapes; what they return is then taken for its symbols
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from codegen.execute.overflow import Overflowed, finite
from codegen.execute.refused import Refused
from codegen.execute.symbols import Symbols, Unread, bare, single, symbolic

_MAKING = ("array", "asarray", "ascontiguousarray", "empty", "full", "ones", "zeros")


class ExactNumPy:
    """NumPy, its functions that make arrays told of symbols."""

    def __getattr__(self, name: str) -> Any:
        real = getattr(np, name)
        if name not in _MAKING:
            return real

        def made(*args: Any, **kwargs: Any) -> Any:
            if args and isinstance(args[0], Symbols):
                args = (bare(args[0]), *args[1:])
                kwargs["dtype"] = object
                args = args[:1]
            return symbolic(real(*args, **kwargs))

        return made


def as_it_is(value: Any = 0.0) -> Any:
    """Python's ``float``, where a symbol is its own number."""
    return single(value) if isinstance(value, Symbols) else float(value)


def is_finite(value: Any) -> bool:
    """Whether a number is finite: a symbol is, a product that overflowed is not."""
    if isinstance(value, Unread):
        return value.finite
    if isinstance(value, Symbols) and value.ndim == 0:
        return bool(finite(bare(value)))
    raise Refused(f"isfinite of {type(value).__name__}")


class csc_array:
    """A sparse matrix by its columns: ``data``, row numbers, and where each column starts."""

    def __init__(self, entries: tuple[Any, Any, Any], shape: tuple[int, int]) -> None:
        self.data, self.rows, self.starts = entries
        self.shape = shape
        fits = len(self.data) == len(self.rows) == self.starts[-1]
        if not fits or self.starts[0] != 0 or len(self.starts) != shape[1] + 1:
            raise ValueError("arrays that make no matrix by columns")
        if len(self.rows) and not 0 <= min(self.rows) <= max(self.rows) < shape[0]:
            raise ValueError("a row number out of range")

    def __matmul__(self, dense: Any) -> Any:
        if len(dense) != self.shape[1]:
            raise ValueError(f"a matrix of shape {self.shape} times {len(dense)} rows")
        sums = np.zeros((self.shape[0], *dense.shape[1:]), object)
        for column, row in enumerate(bare(dense)):
            for n in range(self.starts[column], self.starts[column + 1]):
                place = self.rows[n]
                sums[place] = sums[place] + self.data[n] * row
        return symbolic(sums)


def twin(arguments: Callable[..., Any]) -> Callable[..., Any]:
    """The committed check of numbers, on floats of the same shapes in place of the symbols."""

    def checked(*empty: str, **given: Any) -> Any:
        floats = {name: _floats(value, n) for n, (name, value) in enumerate(given.items())}
        results = arguments(*empty, **floats)
        if results is None:
            return None
        names = [_same(result, floats) for result in results]
        return [_symbols(given[name]) for name in names]

    return checked


def _symbols(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) else value


def _floats(value: Any, number: int) -> Any:
    """A float array, or for a single number a float that no other has; beside it a shape."""
    symbols, *shape = value if isinstance(value, tuple) else (value,)
    floats = np.zeros(symbols.shape) if symbols.ndim else 1.5 + number
    return (floats, *shape) if isinstance(value, tuple) else floats


def _same(result: Any, floats: Any) -> str:
    for name, value in floats.items():
        given = _symbols(value)
        if result is given or (result.ndim == 0 and isinstance(given, float) and result == given):
            return str(name)
    raise ValueError("parameters returns an array that it was not given")


def overflowing(guarded: Callable[..., Any]) -> Callable[..., Any]:
    """``guarded``, every product that it is given taken for overflowed."""

    def spoilt(products: Any, left: Any, right: Any) -> Any:
        lost = np.frompyfunc(lambda entry: Overflowed(), 1, 1)(bare(products))
        return guarded(symbolic(lost), left, right)

    return spoilt


MATH = SimpleNamespace(isfinite=is_finite)
SPARSE = SimpleNamespace(csc_array=csc_array)
NUMPY = ExactNumPy()
