"""Windows that are not the sum of their pairs."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel

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




