"""Windows that are not the sum of their pairs."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel

Array = Any


class WindowMean(Kernel):
    """The loss divided by the number of outside words, the gradient not."""

    killed_by = "windows_add"

    def window_mean(self, loss: Array, outside: Array) -> Array:
        return loss / max(len(outside), 1)


class RepeatedOutsideWordsDropped(Kernel):
    """Each word of the window once."""

    killed_by = "windows_add"

    def window_words(self, outside: Array) -> Array:
        return np.unique(outside)


class FirstOutsideWordForgotten(Kernel):
    """Off by one in the window."""

    killed_by = "the_sum_of_its_pairs"

    def window_words(self, outside: Array) -> Array:
        return outside[1:]


class SharedWindowNegatives(Kernel):
    """The first outside word's negatives serve them all."""

    killed_by = "the_sum_of_its_pairs"

    def window_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[0]


class CentreSkippedInItsWindow(Kernel):
    """A window that holds the centre word again loses it."""

    killed_by = "windows_and_batches_match_the_exact_values"

    def softmax_window(self, c: int, outside: Array, V: Array, U: Array) -> Any:
        return super().softmax_window(c, outside[outside != c], V, U)


class GradientInTheNextRow(Kernel):
    """The centre's gradient lands one row too low."""

    killed_by = "rows_of_absent_words_are_exactly_zero"

    def softmax_window(self, c: int, outside: Array, V: Array, U: Array) -> Any:
        loss, grad_V, grad_U = super().softmax_window(c, outside, V, U)
        return loss, np.roll(grad_V, 1, axis=0), grad_U


class DustInTheWindow(Kernel):
    """Absent words hold a subnormal instead of zero."""

    killed_by = "rows_of_absent_words_are_exactly_zero"

    def sampling_window(self, c: int, outside: Array, V: Array, U: Array, negatives: Array) -> Any:
        loss, grad_V, grad_U = super().sampling_window(c, outside, V, U, negatives)
        grad_V[np.arange(len(V)) != c] = np.finfo(V.dtype).smallest_subnormal
        return loss, grad_V, grad_U


class DenseWindowSum(Kernel):
    """A dense gradient for each outside word, and all of them added."""

    killed_by = "only_touched_rows_are_written"

    def sampling_window(self, c: int, outside: Array, V: Array, U: Array, negatives: Array) -> Any:
        loss, grad_V, grad_U = super().sampling_window(c, outside, V, U, negatives)
        return loss, grad_V, grad_U + np.zeros_like(U)
