"""Stand-ins for what the text calls of libraries and runtime, on the numbers of a domain.

NumPy's functions that make arrays, SciPy's sparse product, and the sums of rows by word.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from codegen.interpret.array import Array, Domain
from codegen.interpret.symbolic import EXACT

MAKING = ("array", "asarray", "ascontiguousarray", "empty", "full", "ones", "zeros")


class NumPy:
    """NumPy, its functions that make arrays told of a domain."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain

    def __getattr__(self, name: str) -> Any:
        real = getattr(np, name)
        if name not in MAKING:
            return real

        def made(first: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(first, Array):
                return first.copy() if name == "array" else first
            return self.domain.made(real(first, *args, **kwargs))

        return made


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
        dense, data = EXACT.lifted(dense).entries, EXACT.lifted(self.data).entries
        sums = np.zeros((self.shape[0], *dense.shape[1:]), object)
        for column, row in enumerate(dense):
            for n in range(self.starts[column], self.starts[column + 1]):
                place = self.rows[n]
                sums[place] = sums[place] + row * data[n]
        return EXACT.made(sums)


class Rows(NamedTuple):
    """A row-sparse gradient of the domain's numbers."""

    rows: NDArray[np.intp]
    values: Array


def _row_sums(domain: Domain) -> Callable[..., Rows]:
    """Rows added up by word, in any order."""

    def row_sums(*terms: tuple[Any, Any, Array]) -> Rows:
        words = np.unique(np.concatenate([np.ravel(each) for each, _, _ in terms])).astype(np.intp)
        each = [_for_each_word(domain, np.asarray(places), *more) for places, *more in terms]
        return Rows(words, domain.row_sums(words, each))

    return row_sums


def _for_each_word(
    domain: Domain, words: NDArray[Any], numbers: Any, rows: Array
) -> tuple[NDArray[Any], Array | None, Array]:
    """A term with a row, and a number if there are any, for each word."""
    alike = (1,) * (words.ndim - rows.ndim + 1)
    rows = rows.reshape((*rows.shape[:-1], *alike, rows.shape[-1]))
    shape = (*words.shape, rows.shape[-1])
    rows = rows.moved(lambda part: np.broadcast_to(part, shape).reshape(words.size, shape[-1]))
    if numbers is not None:
        given = domain.lifted(numbers)
        numbers = given.moved(lambda part: np.broadcast_to(part, words.shape).reshape(-1))
    return words.reshape(-1), numbers, rows


def _matrix_of(domain: Domain) -> Callable[..., Array]:
    """The same as an (N, d) array."""

    def matrix_of(N: int, *terms: tuple[Any, Any, Array]) -> Array:
        words, sums = _row_sums(domain)(*terms)
        parts = []
        for part, zero in zip(sums.parts, domain.lifted(0).parts, strict=True):
            whole = np.empty((N, *part.shape[1:]), part.dtype)
            whole[...] = zero
            whole[words] = part
            parts.append(whole)
        return Array(domain, tuple(parts), sums.note)

    return matrix_of


def _by_parts(domain: Domain) -> Callable[..., Any]:
    """The function of all places together: it takes each of them alone."""
    return lambda function, large, *alike: function(large, *alike)


MODELS: dict[str, Callable[[Domain], Callable[..., Any]]] = {
    "row_sums": _row_sums,
    "matrix_of": _matrix_of,
    "by_parts": _by_parts,
}
