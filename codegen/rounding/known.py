"""What is known of weights relative to a leader, so that a difference is seen not to cancel.

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

from codegen.rounding.leaders import Leaders, plain

TOPS, LAGS, WEIGHTS, SUMS, ENTRIES = "tops", "lags", "weights", "sums", "entries"
Shape = tuple[int, ...]


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
    new = value.known
    if known.place is place and is_entry(new, known) and new.place is place:
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
