"""Helpers of the package that are taken by what they say: they hand numbers to other libraries.

What their text does with plain numbers is within what is assumed here: rows are added up in some
order, each product rounded or fused (H4).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from codegen.rounding.array import Rounded, lifted
from codegen.rounding.number import Number
from codegen.rounding.sums import inner

A = TypeVar("A")


class Rows(NamedTuple, Generic[A]):
    """A row-sparse gradient of another kind of numbers."""

    rows: NDArray[np.intp]
    values: A


def row_sums(*terms: tuple[Any, Any, Rounded]) -> Rows[Rounded]:
    """The rows added up by word: inner products of their numbers and entries, in any order."""
    h = terms[0][2].h
    found: dict[int, list[tuple[Number, NDArray[Any]]]] = {}
    for words, weights, rows in terms:
        _collect(np.asarray(words), weights, rows, found)
    names = sorted(found)
    values = np.empty((len(names), terms[0][2].shape[-1]), object)
    for place, word in enumerate(names):
        for i in range(values.shape[1]):
            values[place, i] = inner(h, [(weight, row[i]) for weight, row in found[word]])
    return Rows(np.array(names, np.intp), Rounded(values, h))


def matrix_of(N: int, *terms: tuple[Any, Any, Rounded]) -> Rounded:
    """The same as an (N, d) array."""
    sums = row_sums(*terms)
    h, d = terms[0][2].h, sums.values.shape[1]
    matrix = lifted(np.zeros((N, d), h.dtype), h)
    matrix.entries[sums.rows] = sums.values.entries
    return matrix


def _collect(
    words: NDArray[Any],
    weights: Any,
    rows: Rounded,
    found: dict[int, list[tuple[Number, NDArray[Any]]]],
) -> None:
    entries = rows.entries
    given = lifted(1 if weights is None else weights, rows.h).entries
    numbers: NDArray[Any] = np.broadcast_to(given, words.shape)
    leading = entries.ndim - 1
    for place in np.ndindex(words.shape):
        row = entries[place[:leading]]
        found.setdefault(int(words[place]), []).append((numbers.item(place), row))


def replaced(values: Rounded, index: Any, new: Any) -> Rounded:
    """A copy with the entry at ``index`` of each row ``new``."""
    new = lifted(new, values.h)
    shape = np.broadcast_shapes(values.shape[:-1], np.shape(index), new.shape)
    copy = np.broadcast_to(values.entries, (*shape, values.shape[-1])).copy()
    places = np.broadcast_to(np.asarray(index), shape)
    numbers = np.broadcast_to(new.entries, shape)
    for place in np.ndindex(shape):
        copy[(*place, places[place])] = numbers[place]
    return Rounded(copy, values.h)


MODELS: dict[str, Callable[..., Any]] = {
    "row_sums": row_sums,
    "matrix_of": matrix_of,
    "replaced": replaced,
}
