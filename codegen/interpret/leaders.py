"""Counts of roundings, and what is known of weights relative to a leader.

The entries of an array are sums of terms, and a count bounds the roundings in any term of any
entry: the computed entry is within so many u (to first order) of what exact arithmetic makes of the
computed scores, relatively to the sum of the terms' absolute values. Where all terms have one sign
that sum is the value's own size; it has to be wherever something is divided by it or its logarithm
is taken. The roundings of the inner products themselves are counted apart: their effect on a result
is the condition in B.

The leader a of a row of scores is where they are largest, as computed. Of the weights
e_w = exp(z_w - z_a), as exact functions of the rounded differences, all are from 0 to 1, and e_a
is 1. So 1 is the leader's weight wherever it is added to the sum of the others; and the sum of
all, less the weight of a word that is not the leader, is still at least 1.

What an array is known to be follows from what was done to it, never from its numbers: places are
the same if they are the same array, which no kernel writes to. After an operation that is not
named here nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

INPUT, SCORE, LAG, CLIPPED, FUNCTION = "input", "score", "lag", "clipped", "function"
TOPS, LAGS, WEIGHTS, SUMS, ENTRIES = "tops", "lags", "weights", "sums", "entries"
Shape = tuple[int, ...]
Places = NDArray[np.intp]


class Uncounted(Exception):
    """An operation after which counting says nothing: a cancellation, or one without a rule."""


@dataclass(frozen=True)
class Count:
    """How many roundings; ``is_shifted`` where an exponential of a rounded difference is in it."""

    role: str
    roundings: float = 0
    sign: int | None = None
    scores: float = 0
    is_shifted: bool = False

    def after(self, more: float, *others: Count, sign: int | None = None) -> Count:
        """A function of this and others, in which so many roundings were added to the most."""
        every = (self, *others)
        return Count(
            FUNCTION,
            max(each.roundings for each in every) + more,
            sign,
            max(each.scores for each in every),
            any(each.is_shifted for each in every),
        )

    def times(self, other: Count, more: float) -> Count:
        """A product or a quotient: the counts of both, and more."""
        sign = self.sign * other.sign if self.sign and other.sign else None
        both = self.after(0, other, sign=sign)
        return Count(
            both.role,
            self.roundings + other.roundings + more,
            both.sign,
            both.scores,
            both.is_shifted,
        )


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


@dataclass(frozen=True, eq=False)
class Known:
    """What an array is: TOPS, the scores of the leaders; LAGS, scores less those; WEIGHTS, the
    exponentials of lags, but 0 at ``place`` of each row; SUMS of such weights, row by row; or
    ENTRIES, the weight at ``place`` of each row. Weights of one ``source`` are the same weights.
    """

    kind: str
    leaders: Leaders
    source: object = None
    place: Any = None


def one_of_each_row(shape: Shape, key: Any) -> Any:
    """The places, if one entry of each row of a vector or matrix is taken; else None."""
    *rows, place = key if isinstance(key, tuple) else (key,)
    place = plain(place)
    if not isinstance(place, np.ndarray) or place.shape != shape[:-1]:
        return None
    if len(rows) + 1 != len(shape):
        return None
    return place if all(np.array_equal(each, np.arange(shape[0])) for each in rows) else None


def taken(known: Known | None, leaders: Sequence[Leaders], shape: Shape, key: Any) -> Known | None:
    """Of an array with these leaders, at an index: a top, an entry, or the same with more axes."""
    place = one_of_each_row(shape, key)
    for leader in leaders:
        if place is leader.places and leader.is_of_rows:
            return Known(TOPS, leader)
    if known and known.kind == WEIGHTS and known.place is None and place is not None:
        return replace(known, kind=ENTRIES, place=place)
    parts = key if isinstance(key, tuple) else (key,)
    axes = [part for part in parts if part is not None]
    is_whole = all(isinstance(part, slice) and part == slice(None) for part in axes)
    return known if known and known.kind == TOPS and is_whole else None


def given(known: Known | None, shape: Shape, key: Any, value: Any) -> Known | None:
    """After an assignment: an entry of each row of weights set to 0, or to what it was again."""
    place = one_of_each_row(shape, key)
    if known is None or known.kind != WEIGHTS or place is None:
        return None
    if isinstance(value, int):
        return replace(known, place=place) if known.place is None and value == 0 else None
    new = getattr(value.note, "known", None)
    if known.place is place and new and is_entry(new, known) and new.place is place:
        return replace(known, place=None)
    return None


def is_entry(known: Known | None, of: Known) -> bool:
    """Whether it is an entry of the same weights."""
    return known is not None and known.kind == ENTRIES and known.source is of.source


def less(
    leaders: Sequence[Leaders],
    shape: Shape,
    right: Known | None,
    columns: Shape,
) -> Known | None:
    """Scores with these leaders less what is known: lags, if it is the top of each row."""
    if right is None or right.kind != TOPS or not any(right.leaders is each for each in leaders):
        return None
    is_column = columns == (*shape[:-1], 1) or columns == () == shape[:-1]
    return Known(LAGS, right.leaders) if is_column else None


def weights(known: Known | None) -> Known | None:
    """The exponentials of lags: weights of their own."""
    return Known(WEIGHTS, known.leaders, object()) if known and known.kind == LAGS else None


def summed(known: Known | None) -> Known | None:
    """Summed along each row."""
    return replace(known, kind=SUMS) if known and known.kind == WEIGHTS else None


def with_one(known: Known | None) -> Known | None:
    """1 and that: the sum of all weights, if it is the sum of all but the leader's."""
    if known is None or known.kind != SUMS or known.place is not known.leaders.places:
        return None
    return replace(known, place=None)


def is_sum_with(known: Known | None, entry: Known | None) -> bool:
    """Whether it is the sum of all weights of a row, and the other one of them."""
    if known is None or known.kind != SUMS or known.place is not None:
        return False
    return is_entry(entry, known)
