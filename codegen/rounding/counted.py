"""Arrays that count roundings, for bounds that hold whatever the numbers are.

The counts depend on shapes alone. The numbers, and the ``sizes`` of their terms, are carried
along so that one can look whether the size that a bound is relative to is the one meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from codegen.rounding.count import FUNCTION, SCORE, Count, Uncounted
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.known import Known, given, summed, taken
from codegen.rounding.leaders import Leaders, plain


class Counted(NDArrayOperatorsMixin):
    """Numbers, the sizes of their terms, and one count for all entries."""

    def __init__(self, numbers: Any, sizes: Any, count: Count, h: Hypotheses) -> None:
        self.numbers = np.asarray(numbers, float)
        self.sizes = np.asarray(sizes, float)
        self.count = count
        self.h = h
        self.dtype = h.dtype
        self.leaders: list[Leaders] = []
        self.known: Known | None = None

    shape = property(lambda self: self.numbers.shape)
    ndim = property(lambda self: self.numbers.ndim)
    size = property(lambda self: self.numbers.size)
    nbytes = property(lambda self: self.size * self.dtype.itemsize)
    T = property(lambda self: self.each(lambda array: array.T))

    def each(self, function: Callable[..., Any], count: Count | None = None) -> Counted:
        """The same done to the numbers and to their sizes."""
        found = function(self.numbers), function(self.sizes)
        return Counted(*found, count or self.count, self.h)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, key: Any) -> Counted:
        index = plain(key)
        found = self.each(lambda array: array[index])
        parts = index if type(index) is tuple else (index,)
        if any(part is leader.places for part in parts for leader in self.leaders):
            found.count = Count(SCORE, sign=1, scores=self.count.scores)  # the largest
        found.known = taken(self.known, self.leaders, self.shape, key)
        return found

    def __setitem__(self, key: Any, value: Any) -> None:
        new = counted(value, self.h)
        self.known, self.leaders = given(self.known, self.shape, key, value), []
        if isinstance(value, Counted):
            sign = self.count.sign if new.count.sign == self.count.sign else None
            self.count = self.count.after(0, new.count, sign=sign)
        elif value != 0:
            raise Uncounted(f"an entry is set to {value}")
        self.numbers, self.sizes = self.numbers.copy(), self.sizes.copy()
        self.numbers[plain(key)], self.sizes[plain(key)] = new.numbers, new.sizes

    def become(self, new: Counted) -> Counted:
        """The array itself, overwritten by what was computed; not one that is part of another."""
        if self.numbers.base is not None or self.shape != new.shape:
            raise Uncounted("a part of an array is overwritten")
        self.numbers, self.sizes, self.count = new.numbers, new.sizes, new.count
        self.known, self.leaders = new.known, []
        return self

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        raise Uncounted("a plain array would lose the counts")

    def __bool__(self) -> bool:
        raise Uncounted("numbers as a condition")

    def __float__(self) -> float:
        return float(self.numbers)

    def take(self, words: Any, axis: int) -> Counted:
        return self.each(lambda array: array.take(words, axis=axis))

    def transpose(self, *axes: int) -> Counted:
        return self.each(lambda array: array.transpose(*axes))

    def sum(self, axis: int | None = None) -> Counted:
        length = self.size if axis is None else self.shape[axis]
        count = self.count.after(max(0, length - 1), sign=self.count.sign)
        found = self.each(lambda array: array.sum(axis=axis), count)
        found.known = summed(self.known) if self._is_last(axis) else None
        return found

    def argmax(self, axis: int | None = None) -> Leaders:
        leader = Leaders(np.asarray(self.numbers.argmax(axis=axis)), self._is_last(axis))
        self.leaders.append(leader)
        return leader

    def _is_last(self, axis: int | None) -> bool:
        return self.ndim == 1 if axis is None else axis in (-1, self.ndim - 1)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        from codegen.rounding.counting import UFUNCS  # which make arrays of this kind

        into = options.pop("out", None)
        if method != "__call__" or ufunc not in UFUNCS or options:
            raise Uncounted(f"no rule for np.{ufunc.__name__}")
        result = UFUNCS[ufunc](self.h, *inputs)
        return result if into is None else into[0].become(result)

    def __array_function__(self, function: Any, _: Any, inputs: Any, options: Any) -> Any:
        from codegen.rounding.counting import FUNCTIONS

        if function not in FUNCTIONS:
            raise Uncounted(f"no rule for np.{function.__name__}")
        return FUNCTIONS[function](self.h, *inputs, **options)


def counted(value: Any, h: Hypotheses) -> Counted:
    """A constant: a whole number."""
    if isinstance(value, Counted):
        return value
    if not isinstance(value, int):
        raise Uncounted(f"no rule for {value!r}")
    return Counted(value, abs(value), Count(FUNCTION, sign=int(np.sign(value)) or None), h)
