"""Wrong draws, errors and losses of negative sampling."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel

Array = Any


class OutsideErrorOfTheWrongSign(Kernel):
    """-sigma(z_o) for -sigma(-z_o)."""

    killed_by = "loss_lies_above_its_tangents"

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(z)
        errors[0] = -errors[0]
        return errors


class DrawErrorOfTheWrongSign(Kernel):
    """sigma(-z_k) for sigma(z_k)."""

    killed_by = "swapping_o_and_k_negates_v"

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(-z)
        errors[0] = -errors[0]
        return errors


class SigmaMinusOne(Kernel):
    """sigma(z_o) - 1 cancels where the model is confident."""

    killed_by = "matches_the_exact_values"

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(z)
        errors[0] -= 1
        return errors


class DrawsCountedAsPositive(Kernel):
    """log sigma(z_k) for log sigma(-z_k) in the loss."""

    killed_by = "swapping_o_and_k_negates_v"

    def sampling_loss(self, z: Array) -> Array:
        return -self.log_sigmoid(z).sum()


class OutsideWordNeverANegative(Kernel):
    """A draw that hits o is thrown away; the formula counts it."""

    killed_by = "an_undecided_model_costs_log_2_a_draw"

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, negatives[negatives != o])


class DistinctDraws(Kernel):
    """A word drawn twice counts once."""

    killed_by = "a_word_drawn_l_times_counts_l_times"

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, np.unique(negatives))


class LastDrawForgotten(Kernel):
    """Off by one in the samples."""

    killed_by = "an_undecided_model_costs_log_2_a_draw"

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, negatives[:-1])


class MeanOverTheDraws(Kernel):
    """The draws' terms divided by K, in loss and gradient alike."""

    killed_by = "an_undecided_model_costs_log_2_a_draw"

    def sampling_loss(self, z: Array) -> Array:
        K = max(len(z) - 1, 1)
        return -self.log_sigmoid(z[0]) - self.log_sigmoid(-z[1:]).sum() / z.dtype.type(K)

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[1:] /= max(len(z) - 1, 1)
        return errors


class LossOfTheOutsideWordOnly(Kernel):
    """The draws are in the gradient and not in the loss."""

    killed_by = "an_undecided_model_costs_log_2_a_draw"

    def sampling_loss(self, z: Array) -> Array:
        return -self.log_sigmoid(z[0])


class LearnedPairsSkipped(Kernel):
    """No gradient at all where a score is beyond +-6."""

    killed_by = "matches_the_exact_values"

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[np.abs(z) > 6] = 0
        return errors


class AssignedRows(Kernel):
    """grad[words] = ...: of a word's draws only the last one stays."""

    killed_by = "splitting_a_drawn_word_splits_its_row"

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        gradient = np.zeros((N, len(v)), v.dtype)
        gradient[words] = self.grad_U(errors, v)
        return gradient


class BufferedAddition(Kernel):
    """grad[words] += ... adds once for each distinct word."""

    killed_by = "grad_v_follows_from_grad_U"

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        gradient = np.zeros((N, len(v)), v.dtype)
        gradient[words] += self.grad_U(errors, v)
        return gradient


class MultiplicitySquared(Kernel):
    """The sum over a word's draws, and then once more times their number."""

    killed_by = "a_word_drawn_l_times_counts_l_times"

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        distinct, sums = super().word_sums(words, terms)
        times = np.unique(words, return_counts=True)[1].astype(terms.dtype)
        return distinct, sums * times.reshape(-1, *[1] * (sums.ndim - 1))


class DustInTheOtherRows(Kernel):
    """Rows that were not drawn hold a subnormal instead of zero."""

    killed_by = "rows_that_were_not_drawn_are_exactly_zero"

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        gradient = super().scatter(words, errors, v, N)
        gradient[~np.isin(np.arange(N), words)] = np.finfo(v.dtype).smallest_subnormal
        return gradient


class EveryRowIsRead(Kernel):
    """Coefficients for the whole vocabulary, mostly zero: 0 times NaN is NaN."""

    killed_by = "absent_words_are_not_read"

    def sampling_pair(self, v: Array, o: int, U: Array, negatives: Array) -> Any:
        words = self.draws(o, negatives)
        z = self.scores(U[words], v)
        coefficients = np.zeros(len(U), U.dtype)
        np.add.at(coefficients, words, self.sampling_errors(z))
        return self.sampling_loss(z), coefficients @ U, np.outer(coefficients, v)
