"""Arrays of numbers with errors, which the emitted code takes for NumPy arrays.

They answer NumPy's protocols for the operations that kernels use, each by its rule. What has no
rule is refused by name: nothing is ever turned into plain floats, where errors would be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, Self

import numpy as np
from flint import arb
from numpy.typing import NDArray

from codegen.interpret.answered import Rules
from codegen.rounding.choices import choose
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.number import Number
from codegen.rounding.sums import total
from codegen.rounding.wrapped import Wrapped

Objects = NDArray[Any]


class Rounded(Wrapped):
    """An array of `Number`."""

    def __init__(self, entries: Objects, h: Hypotheses) -> None:
        super().__init__(h)
        self.entries = entries

    @property
    def held(self) -> Objects:
        """The numbers."""
        return self.entries

    def each(self, function: Callable[[Any], Any]) -> Self:
        """The same done to the array of numbers."""
        return self._like(function(self.entries))

    @property
    def rules(self) -> Rules:
        """Those of `operations`, which make arrays of this kind."""
        from codegen.rounding.operations import OPERATIONS

        return OPERATIONS

    def written(self, out: Any, result: Any) -> Any:
        """The numbers take the place of those that were there."""
        out.entries[...] = result.entries
        return out

    def refused(self, what: str) -> Exception:
        """What has no rule."""
        return TypeError(f"no rule for {what}")

    def __getitem__(self, key: Any) -> Self:
        return self._like(self.entries[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        new = lifted(value, self.h).entries
        self.entries[key] = new if new.ndim else new[()]

    def __float__(self) -> float:
        number: Number = self.entries.item()
        return float(number.value)

    def astype(self, dtype: Any) -> Rounded:
        if np.dtype(dtype) != self.dtype:
            raise TypeError(f"no rule to convert {self.dtype} to {dtype}")
        return self

    def sum(self, axis: int | None = None) -> Self:
        entries = self.entries.reshape(-1) if axis is None else np.moveaxis(self.entries, axis, -1)
        return self._like(_along(entries, lambda row: total(self.h, row)))

    def argmax(self, axis: int | None = None) -> Any:
        entries = self.entries.reshape(-1) if axis is None else np.moveaxis(self.entries, axis, -1)
        found = _along(entries, leading)
        return found.astype(np.intp)[()]

    def _like(self, entries: Any) -> Self:
        found = copy(self)
        found.entries = entries if isinstance(entries, np.ndarray) else scalar(entries)
        return found


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
