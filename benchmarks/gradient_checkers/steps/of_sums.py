"""Mistakes in windows, batches and memory."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel, RowGrad

# Windows that are not the sum of their pairs.


Array = Any


class WindowMean(Kernel):
    """The loss divided by the number of outside words, the gradient not."""

    def window_mean(self, loss: Array, outside: Array) -> Array:
        return loss / max(len(outside), 1)


class RepeatedOutsideWordsDropped(Kernel):
    """Each word of the window once."""

    def window_words(self, outside: Array) -> Array:
        return np.unique(outside)


class SharedWindowNegatives(Kernel):
    """The first outside word's negatives serve them all."""

    def window_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[0]


class CentreSkippedInItsWindow(Kernel):
    """A window that holds the centre word again loses it."""

    def softmax_window(self, c: int, outside: Array, V: Array, U: Array) -> Any:
        return super().softmax_window(c, outside[outside != c], V, U)


class GradientInTheNextRow(Kernel):
    """The centre's gradient lands one row too low."""

    def softmax_window(self, c: int, outside: Array, V: Array, U: Array) -> Any:
        loss, grad_V, grad_U = super().softmax_window(c, outside, V, U)
        return loss, np.roll(grad_V, 1, axis=0), grad_U


# Batches that lose, mix or misplace their pairs.


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


# Workspaces, aliases, changed inputs and changed types.


class ReusedWorkspace(Kernel):
    """Each shape has one result array, written again by the next call."""

    def __init__(self) -> None:
        self.workspace: dict[Any, Array] = {}

    def finish(self, gradient: Array) -> Array:
        kept: Any = self.workspace.setdefault((gradient.shape, gradient.dtype), gradient)
        kept[...] = gradient
        return kept


class WorkspaceNotCleared(Kernel):
    """The row sums of the last call of the same shape are added to, a little."""

    def __init__(self) -> None:
        self.last: dict[Any, Array] = {}

    def grad_v(self, errors: Array, rows: Array) -> Array:
        gradient = super().grad_v(errors, rows)
        stale = self.last.get(gradient.shape, np.zeros_like(gradient))
        self.last[gradient.shape] = gradient
        return gradient + (stale * np.finfo(gradient.dtype).eps).astype(gradient.dtype)


class NegativesSortedInPlace(Kernel):
    """The caller's array of draws comes back in another order."""

    def draws(self, o: int, negatives: Array) -> Array:
        if negatives.flags.writeable:
            negatives.sort()
        return super().draws(o, negatives)


class WordsHandedBack(Kernel):
    """Where the words are sorted already, the result's rows are the caller's own array."""

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        if np.all(np.diff(words) > 0):
            return words, terms
        return super().word_sums(words, terms)


class AlwaysDouble(Kernel):
    """float32 in, float64 out."""

    def finish(self, gradient: Array) -> Array:
        return gradient.astype(np.float64)


class MemoryOrder(Kernel):
    """The numbers in the order in which they lie, whatever the strides say."""

    def receive(self, array: Array) -> Array:
        return array.ravel(order="K").reshape(array.shape)


class WriteableOnly(Kernel):
    """A memory-mapped model, opened for reading, is refused."""

    def receive(self, array: Array) -> Array:
        if not array.flags.writeable:
            raise ValueError("the array is read-only")
        return array
