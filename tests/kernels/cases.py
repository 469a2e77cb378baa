"""What a kernel is called with: one pair, one window or one batch.

Both losses share these cases: `negatives` is None for the naive softmax and an
array of words for negative sampling.  Cases compare by identity, so that an oracle's
answer can be cached for the case it was computed for.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
Words = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pair:
    """A centre vector v, an outside word o and the outside rows U."""

    v: Floats
    o: int
    U: Floats
    negatives: Words | None = None

    @property
    def touched(self) -> list[int]:
        """The rows of U that the loss depends on."""
        if self.negatives is None:
            return list(range(len(self.U)))
        return sorted({self.o, *self.negatives.tolist()})


@dataclass(frozen=True, eq=False)
class Window:
    """A centre word c and its outside words; `negatives` has one row for each of them."""

    c: int
    outside: Words
    V: Floats
    U: Floats
    negatives: Words | None = None

    def pairs(self) -> list[Pair]:
        return [
            Pair(self.V[self.c], int(o), self.U, row(self.negatives, i))
            for i, o in enumerate(self.outside)
        ]

    def part(self, chosen: slice) -> "Window":
        """The window of some of the outside words."""
        negatives = None if self.negatives is None else self.negatives[chosen]
        return replace(self, outside=self.outside[chosen], negatives=negatives)


@dataclass(frozen=True, eq=False)
class Batch:
    """Pairs (centers[i], outsides[i]); `negatives` has one row for each of them."""

    V: Floats
    U: Floats
    centers: Words
    outsides: Words
    negatives: Words | None = None

    def pairs(self) -> list[Pair]:
        return [
            Pair(self.V[c], int(o), self.U, row(self.negatives, i))
            for i, (c, o) in enumerate(zip(self.centers, self.outsides, strict=True))
        ]


Case = Pair | Window | Batch


def row(negatives: Words | None, i: int) -> Words | None:
    return None if negatives is None else negatives[i]
