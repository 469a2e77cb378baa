"""Batches that lose, mix or misplace their pairs."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel
from benchmarks.gradient_checkers.steps.row_grad import RowGrad

Array = Any


class RepeatedCentresOverwrite(Kernel):
    """Of a centre's pairs only the last one stays."""

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        if terms.ndim == 1:
            return super().word_sums(words, terms)
        distinct, place = np.unique(words, return_inverse=True)
        sums = np.zeros((len(distinct), *terms.shape[1:]), terms.dtype)
        sums[place] = terms
        return distinct, sums


class SharedBatchNegatives(Kernel):
    """The first pair's negatives serve the whole batch."""

    def batch_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[0]


class MeanLosses(Kernel):
    """Each pair reports the batch's mean loss."""

    def softmax_batch(self, V: Array, U: Array, centers: Array, outsides: Array) -> Any:
        losses, grad_V, grad_U = super().softmax_batch(V, U, centers, outsides)
        return np.full_like(losses, losses.mean() if len(losses) else 0), grad_V, grad_U


class SummedLosses(Kernel):
    """A running sum in place of each pair's own loss."""

    def sampling_batch(
        self, V: Array, U: Array, centers: Array, outsides: Array, negatives: Array
    ) -> Any:
        losses, grad_V, grad_U = super().sampling_batch(V, U, centers, outsides, negatives)
        return np.cumsum(losses, dtype=losses.dtype), grad_V, grad_U






class AddingRowGrad(RowGrad):
    """Repeated rows are added when the gradient is made dense."""

    def dense(self, N: int) -> Array:
        gradient = np.zeros((N, self.values.shape[1]), self.values.dtype)
        np.add.at(gradient, self.rows, self.values)
        return gradient


class RepeatedRows(Kernel):
    """One row for each draw, not for each word: a user's step with rows[...] -= loses some."""

    def batch_grad_U(self, words: Array, terms: Array, U: Array) -> Any:
        return AddingRowGrad(words, terms)


