"""Row-sparse gradients: the rows of a matrix that a sum touches, and nothing of the others."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .scatter import OFTEN, Term, added, columns, in_order


class RowGrad(NamedTuple):
    """The gradient by a matrix whose rows are words, zero in every row that is not listed.

    ``rows`` (R,) are distinct and sorted; ``values`` (R, d) holds one row for each of them,
    everything that falls on a word already summed.
    """

    rows: NDArray[np.intp]
    values: NDArray[Any]

    def dense(self, N: int) -> NDArray[Any]:
        """The same gradient as an (N, d) array; only the listed rows are written.

        Raises IndexError if a listed row is not below N.
        """
        if len(self.rows) and self.rows[-1] >= N:
            raise IndexError(f"N is {N}, should be above the last row, {self.rows[-1]}")
        matrix = np.zeros((N, self.values.shape[1]), self.values.dtype)
        matrix[self.rows] = self.values
        return matrix


def row_sums(*terms: Term) -> RowGrad:
    """Rows added up by word; a word counts as often as it occurs.

    A term is an array of words, a number for each of them, and an array of rows (..., d) with
    one row for each place along the leading axes of the words. Where None stands for the
    numbers, each word has a row of its own, or a row is repeated for several words.
    """
    sums = columns(*terms)
    if len(sums.words) <= OFTEN:
        return RowGrad(*in_order(sums))
    rows = _distinct(sums.words)
    return RowGrad(rows, added(len(rows), sums._replace(words=_places(rows)[sums.words])))


def totals(rows: NDArray[np.intp], words: NDArray[np.intp], numbers: NDArray[Any]) -> NDArray[Any]:
    """Numbers added up by word, in double, for the distinct words in order: the ``rows``."""
    sums = np.bincount(_places(rows)[words.ravel()], numbers.ravel(), len(rows))
    return sums.astype(numbers.dtype)


def descend(matrix: NDArray[Any], grad: RowGrad, rates: NDArray[Any]) -> None:
    """Move each row that ``grad`` lists, in place, by its rate; ``grad`` is used up."""
    moved = matrix.take(grad.rows, axis=0)
    step = np.multiply(grad.values, rates[:, np.newaxis], out=grad.values)
    matrix[grad.rows] = np.subtract(moved, step, out=moved)


def matrix_of(N: int, *terms: Term) -> NDArray[Any]:
    """The same sums as an (N, d) array."""
    return added(N, columns(*terms))


def _places(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which of the rows a word is, by word; rubbish at words that are none of them."""
    place = np.empty(rows[-1] + 1 if len(rows) else 0, np.intp)
    place[rows] = np.arange(len(rows))
    return place


def _distinct(words: NDArray[np.intp]) -> NDArray[np.intp]:
    """The words that occur, in order: by a table of all words, or by sorting if that is long."""
    most = int(words.max(initial=-1)) + 1
    if most > 64 * len(words) + 4096:
        return np.unique(words)
    occurs = np.zeros(most, bool)
    occurs[words] = True
    return np.flatnonzero(occurs)
