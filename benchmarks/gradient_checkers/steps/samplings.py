"""Wrong draws, errors and losses of negative sampling."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel

Array = Any


class OutsideErrorOfTheWrongSign(Kernel):
    """-sigma(z_o) for -sigma(-z_o)."""

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(z)
        errors[0] = -errors[0]
        return errors




class SigmaMinusOne(Kernel):
    """sigma(z_o) - 1 cancels where the model is confident."""

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(z)
        errors[0] -= 1
        return errors




class OutsideWordNeverANegative(Kernel):
    """A draw that hits o is thrown away; the formula counts it."""

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, negatives[negatives != o])


class DistinctDraws(Kernel):
    """A word drawn twice counts once."""

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, np.unique(negatives))


class LastDrawForgotten(Kernel):
    """Off by one in the samples."""

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, negatives[:-1])


class MeanOverTheDraws(Kernel):
    """The draws' terms divided by K, in loss and gradient alike."""

    def sampling_loss(self, z: Array) -> Array:
        K = max(len(z) - 1, 1)
        return -self.log_sigmoid(z[0]) - self.log_sigmoid(-z[1:]).sum() / z.dtype.type(K)

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[1:] /= max(len(z) - 1, 1)
        return errors


class LossOfTheOutsideWordOnly(Kernel):
    """The draws are in the gradient and not in the loss."""

    def sampling_loss(self, z: Array) -> Array:
        return -self.log_sigmoid(z[0])


class LearnedPairsSkipped(Kernel):
    """No gradient at all where a score is beyond +-6."""

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[np.abs(z) > 6] = 0
        return errors


class AssignedRows(Kernel):
    """grad[words] = ...: of a word's draws only the last one stays."""

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        gradient = np.zeros((N, len(v)), v.dtype)
        gradient[words] = self.grad_U(errors, v)
        return gradient


class BufferedAddition(Kernel):
    """grad[words] += ... adds once for each distinct word."""

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        gradient = np.zeros((N, len(v)), v.dtype)
        gradient[words] += self.grad_U(errors, v)
        return gradient


class MultiplicitySquared(Kernel):
    """The sum over a word's draws, and then once more times their number."""

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        distinct, sums = super().word_sums(words, terms)
        times = np.unique(words, return_counts=True)[1].astype(terms.dtype)
        return distinct, sums * times.reshape(-1, *[1] * (sums.ndim - 1))




