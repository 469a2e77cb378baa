"""Wrong or unstable softmax losses and errors."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel

Array = Any


class NoMaxShift(Kernel):
    """exp(z) overflows."""

    killed_by = "matches_the_exact_values"

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z)
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class LossWithoutMaxShift(Kernel):
    """log sum exp(z) overflows."""

    killed_by = "shifting_all_rows_of_U_changes_nothing"

    def softmax_loss(self, z: Array, o: int) -> Array:
        return np.log(np.exp(z).sum()) - z[o]


class ShiftByTheOutsideScore(Kernel):
    """exp(z - z_o) overflows where the model is confident of another word."""

    killed_by = "matches_the_exact_values"

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - z[o])
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class ShiftByTheLargestMagnitude(Kernel):
    """max |z| is not the maximum: with negative scores every exponential vanishes."""

    killed_by = "shifting_all_rows_of_U_changes_nothing"

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(np.abs(z)))
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class LossByLogSumExpMinusScore(Kernel):
    """lse - z_o loses every digit where o leads by 40."""

    killed_by = "matches_the_exact_values"

    def softmax_loss(self, z: Array, o: int) -> Array:
        return (np.max(z) + np.log(np.exp(z - np.max(z)).sum())) - z[o]


class YhatMinusOne(Kernel):
    """yhat_o - 1 loses every digit where o leads by 40."""

    killed_by = "matches_the_exact_values"

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(z))
        errors = e / e.sum()
        errors[o] -= 1
        return errors


class OneHotForgotten(Kernel):
    """yhat in place of yhat - y."""

    killed_by = "rows_of_grad_U_sum_to_zero"

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(z))
        return e / e.sum()


class SoftmaxErrorOfTheWrongSign(Kernel):
    """y - yhat: the gradient of the log-likelihood."""

    killed_by = "loss_lies_above_its_tangents"

    def softmax_errors(self, z: Array, o: int) -> Array:
        return -super().softmax_errors(z, o)


class DenominatorWithoutTheOutsideWord(Kernel):
    """The sum over the other words only, as if o were not of the vocabulary."""

    killed_by = "a_uniform_model_costs_log_N"

    def softmax_loss(self, z: Array, o: int) -> Array:
        top = np.max(z)
        return (top - z[o]) + np.log(self.sum_without(np.exp(z - top), o))


class MeanOverTheVocabulary(Kernel):
    """The error divided by N."""

    killed_by = "splitting_every_word_in_two_adds_log_2"

    def softmax_errors(self, z: Array, o: int) -> Array:
        return super().softmax_errors(z, o) / z.dtype.type(len(z))


class LossInBits(Kernel):
    """Logarithms to the base 2 in the loss only."""

    killed_by = "a_uniform_model_costs_log_N"

    def softmax_loss(self, z: Array, o: int) -> Array:
        return super().softmax_loss(z, o) / z.dtype.type(np.log(2))


class TemperatureOfTwo(Kernel):
    """softmax(z / 2) in loss and gradient alike: they agree with each other."""

    killed_by = "matches_the_complex_step"

    def softmax_loss(self, z: Array, o: int) -> Array:
        return super().softmax_loss(z / 2, o)

    def softmax_errors(self, z: Array, o: int) -> Array:
        return super().softmax_errors(z / 2, o) / 2


class ZeroForTheOutsideWord(Kernel):
    """Index 0 in place of o."""

    killed_by = "relabelling_words_permutes_grad_U"

    def softmax_errors(self, z: Array, o: int) -> Array:
        return super().softmax_errors(z, 0)


class SmallErrorsDropped(Kernel):
    """A saturated point gets an all-zero gradient."""

    killed_by = "scores_average_to_zero"

    def softmax_errors(self, z: Array, o: int) -> Array:
        errors = super().softmax_errors(z, o)
        errors[np.abs(errors) < 1e-6] = 0
        return errors


class YhatClipped(Kernel):
    """yhat kept above 1e-7, "against log(0)"."""

    killed_by = "matches_the_exact_values"

    def softmax_loss(self, z: Array, o: int) -> Array:
        return np.minimum(super().softmax_loss(z, o), z.dtype.type(-np.log(1e-7)))


class LossAloneByLogYhat(Kernel):
    """loss() goes its own way, -log yhat_o, and value_and_grad another."""

    killed_by = "loss_alone_is_the_same_loss"

    def softmax_loss_alone(self, v_c: Any, o: Any, U: Any) -> Any:
        z = self.scores(U, v_c)
        e = np.exp(z - np.max(z))
        return float(-np.log(e[o] / e.sum()))
