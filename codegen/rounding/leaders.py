"""Where rows are largest, and whether that is at certain words, for arrays that count."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from codegen.rounding.count import Uncounted

Places = NDArray[np.intp]


class Leaders:
    """Where an array is largest, an index to it; ``is_of_rows`` if along its last axis."""

    __array_ufunc__ = None  # so that an array leaves the comparison to this
    __hash__ = object.__hash__

    def __init__(self, places: Places, is_of_rows: bool) -> None:
        self.places = places
        self.is_of_rows = is_of_rows
        self.shape = places.shape

    def __array__(self, dtype: Any = None, copy: Any = None) -> Places:
        return self.places

    def __eq__(self, other: object) -> Any:
        return Agreement(self, other)

    def __ne__(self, other: object) -> Any:
        raise Uncounted("no rule for leaders that are not some words")


@dataclass(frozen=True, eq=False)
class Agreement:
    """Whether each leader is the word at the same place."""

    leaders: Leaders
    words: Any

    def is_of(self, leaders: Leaders, words: Any) -> bool:
        """Whether it is about these leaders, and about these very words."""
        return self.leaders is leaders and self.words is words

    def __bool__(self) -> bool:
        raise Uncounted("leaders as a condition")

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        return np.asarray(self.leaders.places == self.words)


def plain(key: Any) -> Any:
    """An index as NumPy takes it."""
    if isinstance(key, tuple):
        return tuple(plain(part) for part in key)
    return key.places if isinstance(key, Leaders) else key
