"""Arrays that count roundings, for bounds that hold whatever the numbers are.

The counts depend on shapes alone. The numbers, and the ``sizes`` of their terms, are carried
along so that one can look whether the size that a bound is relative to is the one meant.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.interpret.answered import Rules
from codegen.rounding.count import FUNCTION, SCORE, Count, Uncounted
from codegen.rounding.hypotheses import Hypotheses
from codegen.rounding.known import Known, given, summed, taken
from codegen.rounding.leaders import Leaders, plain
from codegen.rounding.wrapped import Wrapped


class Counted(Wrapped):
    """Numbers, the sizes of their terms, and one count for all entries."""

    def __init__(self, numbers: Any, sizes: Any, count: Count, h: Hypotheses) -> None:
        super().__init__(h)
        self.numbers = np.asarray(numbers, float)
        self.sizes = np.asarray(sizes, float)
        self.count = count
        self.leaders: list[Leaders] = []
        self.known: Known | None = None

    @property
    def held(self) -> NDArray[Any]:
        """The numbers."""
        return self.numbers

    @property
    def rules(self) -> Rules:
        """Those of `counting`, which make arrays of this kind."""
        from codegen.rounding.counting import OPERATIONS

        return OPERATIONS

    def written(self, out: Any, result: Any) -> Any:
        """The array itself becomes what was computed."""
        return out.become(result)

    def refused(self, what: str) -> Exception:
        """What has no rule."""
        return Uncounted(f"no rule for {what}")

    def each(self, function: Callable[..., Any], count: Count | None = None) -> Counted:
        """The same done to the numbers and to their sizes."""
        found = function(self.numbers), function(self.sizes)
        return Counted(*found, count or self.count, self.h)

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

    def __float__(self) -> float:
        return float(self.numbers)

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


def counted(value: Any, h: Hypotheses) -> Counted:
    """A constant: a whole number."""
    if isinstance(value, Counted):
        return value
    if not isinstance(value, int):
        raise Uncounted(f"no rule for {value!r}")
    return Counted(value, abs(value), Count(FUNCTION, sign=int(np.sign(value)) or None), h)
