"""Arrays of numbers with errors, which the emitted code takes for NumPy arrays.

They answer NumPy's protocols for the operations that kernels use, each by its rule. What has no
rule is refused by name: nothing is ever turned into plain floats, where errors would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from codegen.rounding.choices import choose
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.number import Number
from codegen.rounding.sums import total

Objects = NDArray[Any]


class Rounded(NDArrayOperatorsMixin):
    """An array of `Number`, of a floating dtype as far as the code can see."""

    def __init__(self, entries: Objects, h: Hypotheses) -> None:
        self.entries = entries
        self.h = h
        self.dtype = h.dtype

    shape = property(lambda self: self.entries.shape)
    ndim = property(lambda self: self.entries.ndim)
    size = property(lambda self: self.entries.size)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    T = property(lambda self: self._like(self.entries.T))

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, key: Any) -> Rounded:
        return self._like(self.entries[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        new = lifted(value, self.h).entries
        self.entries[key] = new if new.ndim else new[()]

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise TypeError("numbers with errors would lose them in a plain array")

    def __bool__(self) -> bool:
        raise TypeError("numbers with errors as a condition")

    def __float__(self) -> float:
        number: Number = self.entries.item()
        return float(number.value)

    def take(self, words: Any, axis: int) -> Rounded:
        return self._like(self.entries.take(words, axis=axis))

    def transpose(self, *axes: int) -> Rounded:
        return self._like(self.entries.transpose(*axes))

    def reshape(self, *shape: Any) -> Rounded:
        return self._like(self.entries.reshape(*shape))

    def ravel(self) -> Rounded:
        return self.reshape(-1)

    def astype(self, dtype: Any) -> Rounded:
        if np.dtype(dtype) != self.dtype:
            raise TypeError(f"no rule to convert {self.dtype} to {dtype}")
        return self

    def copy(self) -> Rounded:
        return self._like(self.entries.copy())

    def sum(self, axis: int | None = None) -> Rounded:
        entries = self.entries.reshape(-1) if axis is None else np.moveaxis(self.entries, axis, -1)
        return self._like(_along(entries, lambda row: total(self.h, row)))

    def argmax(self, axis: int | None = None) -> Any:
        entries = self.entries.reshape(-1) if axis is None else np.moveaxis(self.entries, axis, -1)
        found = _along(entries, leading)
        return found.astype(np.intp)[()]

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        into = options.pop("out", None)
        from codegen.rounding.operations import UFUNCS  # which make arrays of this kind

        rule = UFUNCS.get(ufunc)
        if method != "__call__" or rule is None or options:
            raise TypeError(f"no rule for np.{ufunc.__name__}, {method}, {options}")
        result = rule(self.h, *(lifted(each, self.h) for each in inputs))
        if into is not None:
            into[0].entries[...] = result.entries
            return into[0]
        return result

    def __array_function__(self, function: Any, _: Any, inputs: Any, options: Any) -> Any:
        from codegen.rounding.operations import FUNCTIONS

        rule = FUNCTIONS.get(function)
        if rule is None:
            raise TypeError(f"no rule for np.{function.__name__}")
        return rule(self.h, *inputs, **options)

    def _like(self, entries: Any) -> Rounded:
        if not isinstance(entries, np.ndarray):
            entries = scalar(entries)
        return Rounded(entries, self.h)


def lifted(value: Any, h: Hypotheses) -> Rounded:
    """Numbers without errors: arrays of the dtype, and single whole numbers.

    Another Python float is refused: it was rounded before, out of sight. So is an array of
    another dtype, with which NumPy would compute in a third.
    """
    if isinstance(value, Rounded):
        if value.dtype != h.dtype:
            raise TypeError(f"no rule for numbers of {value.dtype} among {h.dtype}")
        return value
    if isinstance(value, int | float):
        if value != int(value):
            raise TypeError(f"{value!r} was computed out of sight")
        if abs(value) * h.u >= 0.5:
            raise TypeError(f"{h.dtype} does not hold {value}")
        return Rounded(scalar(Number(arb(value))), h)
    array = np.asarray(value)
    if array.dtype != h.dtype:
        raise TypeError(f"no rule for an array of {array.dtype} among {h.dtype}")
    entries = np.empty(array.size, object)
    entries[:] = [Number(arb(each)) for each in array.reshape(-1).tolist()]
    return Rounded(entries.reshape(array.shape), h)


def leading(row: Objects) -> int:
    """A place of the row that may be the largest as computed: each has a run of its own."""
    least = max((each.value - each.deviation).lower() for each in row)
    return choose([n for n, each in enumerate(row) if not each.value + each.deviation < least])


def scalar(number: Any) -> Objects:
    """An array without axes."""
    entries = np.empty((), object)
    entries[()] = number
    return entries


def _along(entries: Objects, function: Callable[[Any], Any]) -> Objects:
    """The function of each row along the last axis."""
    result = np.empty(entries.shape[:-1], object)
    for place in np.ndindex(result.shape):
        result[place] = function(entries[place])
    return result
