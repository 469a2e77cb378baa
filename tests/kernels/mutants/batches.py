"""Batches that lose, mix or misplace their pairs."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel
from tests.kernels.mutants.row_grad import RowGrad

Array = Any


class RepeatedCentresOverwrite(Kernel):
    """Of a centre's pairs only the last one stays."""

    killed_by = "the_sum_of_its_pairs"

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        if terms.ndim == 1:
            return super().word_sums(words, terms)
        distinct, place = np.unique(words, return_inverse=True)
        sums = np.zeros((len(distinct), *terms.shape[1:]), terms.dtype)
        sums[place] = terms
        return distinct, sums


class SharedBatchNegatives(Kernel):
    """The first pair's negatives serve the whole batch."""

    killed_by = "order_in_a_batch_does_not_matter"

    def batch_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[0]


class MeanLosses(Kernel):
    """Each pair reports the batch's mean loss."""

    killed_by = "the_sum_of_its_pairs"

    def softmax_batch(self, V: Array, U: Array, centers: Array, outsides: Array) -> Any:
        losses, grad_V, grad_U = super().softmax_batch(V, U, centers, outsides)
        return np.full_like(losses, losses.mean() if len(losses) else 0), grad_V, grad_U


class SummedLosses(Kernel):
    """A running sum in place of each pair's own loss."""

    killed_by = "order_in_a_batch_does_not_matter"

    def sampling_batch(
        self, V: Array, U: Array, centers: Array, outsides: Array, negatives: Array
    ) -> Any:
        losses, grad_V, grad_U = super().sampling_batch(V, U, centers, outsides, negatives)
        return np.cumsum(losses, dtype=losses.dtype), grad_V, grad_U


class UnsortedRows(Kernel):
    """Words in falling order: dense() does not show it."""

    killed_by = "row_gradients_list_each_word_once"

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        distinct, sums = super().word_sums(words, terms)
        return distinct[::-1].copy(), sums[::-1].copy()


class ZeroRowsDropped(Kernel):
    """A word whose gradient is zero is not listed."""

    killed_by = "row_gradients_list_each_word_once"

    def batch_grad_U(self, words: Array, terms: Array, U: Array) -> Any:
        distinct, sums = self.word_sums(words, terms)
        kept = sums.any(axis=1)
        return self.row_grad(distinct[kept], sums[kept])


class AddingRowGrad(RowGrad):
    """Repeated rows are added when the gradient is made dense."""

    def dense(self, N: int) -> Array:
        gradient = np.zeros((N, self.values.shape[1]), self.values.dtype)
        np.add.at(gradient, self.rows, self.values)
        return gradient


class RepeatedRows(Kernel):
    """One row for each draw, not for each word: a user's step with rows[...] -= loses some."""

    killed_by = "row_gradients_list_each_word_once"

    def batch_grad_U(self, words: Array, terms: Array, U: Array) -> Any:
        return AddingRowGrad(words, terms)


class DenseOnTheWay(Kernel):
    """An (N, d) array of zeros, though the result is row-sparse."""

    killed_by = "a_batch_never_allocates_a_dense_gradient"

    def batch_grad_U(self, words: Array, terms: Array, U: Array) -> Any:
        gradient = np.zeros_like(U)
        np.add.at(gradient, words, terms)
        distinct = np.unique(words)
        return self.row_grad(distinct, gradient[distinct])
