"""Mistakes in the loss and the gradients of a pair."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel

# Wrong or unstable sigmoids and log-sigmoids.


Array = Any


class SigmoidThatCancels(Kernel):
    """1 - sigma(-x): every digit is lost for x below -37."""

    def sigmoid(self, x: Array) -> Array:
        return 1 - super().sigmoid(-x)


class SigmoidByTanh(Kernel):
    """(1 + tanh(x/2)) / 2 cancels for negative x."""

    def sigmoid(self, x: Array) -> Array:
        return (1 + np.tanh(x / 2)) / 2


class SigmoidFromATable(Kernel):
    """Scores beyond +-6 count as 6, as in a table of the exponential."""

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.clip(x, -6, 6))


class SigmoidOfFloat32(Kernel):
    """The score is rounded to float32 on its way."""

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.asarray(x, np.float32)).astype(np.asarray(x).dtype)


class LogOfSigmoid(Kernel):
    """log(1 / (1 + exp(-x))) is infinite below -745 and 0 above 37."""

    def log_sigmoid(self, x: Array) -> Array:
        return np.log(1 / (1 + np.exp(-x)))


class LogSigmoidWithoutLog1p(Kernel):
    """log(1 + e) loses e."""

    def log_sigmoid(self, x: Array) -> Array:
        return np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x)))


class LogSigmoidWithEpsilon(Kernel):
    """log(sigma + 1e-12), "against log(0)"."""

    def log_sigmoid(self, x: Array) -> Array:
        return np.log(self.sigmoid(x) + x.dtype.type(1e-12))


# Wrong or unstable softmax losses and errors.


class NoMaxShift(Kernel):
    """exp(z) overflows."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z)
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class LossWithoutMaxShift(Kernel):
    """log sum exp(z) overflows."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return np.log(np.exp(z).sum()) - z[o]


class ShiftByTheOutsideScore(Kernel):
    """exp(z - z_o) overflows where the model is confident of another word."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - z[o])
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class ShiftByTheLargestMagnitude(Kernel):
    """max |z| is not the maximum: with negative scores every exponential vanishes."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(np.abs(z)))
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class LossByLogSumExpMinusScore(Kernel):
    """lse - z_o loses every digit where o leads by 40."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return (np.max(z) + np.log(np.exp(z - np.max(z)).sum())) - z[o]


class YhatMinusOne(Kernel):
    """yhat_o - 1 loses every digit where o leads by 40."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(z))
        errors = e / e.sum()
        errors[o] -= 1
        return errors


class OneHotForgotten(Kernel):
    """yhat in place of yhat - y."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(z))
        return e / e.sum()


class SoftmaxErrorOfTheWrongSign(Kernel):
    """y - yhat: the gradient of the log-likelihood."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        return -super().softmax_errors(z, o)


class DenominatorWithoutTheOutsideWord(Kernel):
    """The sum over the other words only, as if o were not of the vocabulary."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        top = np.max(z)
        return (top - z[o]) + np.log(self.sum_without(np.exp(z - top), o))


class MeanOverTheVocabulary(Kernel):
    """The error divided by N."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        return super().softmax_errors(z, o) / z.dtype.type(len(z))


class LossInBits(Kernel):
    """Logarithms to the base 2 in the loss only."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return super().softmax_loss(z, o) / z.dtype.type(np.log(2))


class TemperatureOfTwo(Kernel):
    """softmax(z / 2) in loss and gradient alike: they agree with each other."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return super().softmax_loss(z / 2, o)

    def softmax_errors(self, z: Array, o: int) -> Array:
        return super().softmax_errors(z / 2, o) / 2


class SmallErrorsDropped(Kernel):
    """A saturated point gets an all-zero gradient."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        errors = super().softmax_errors(z, o)
        errors[np.abs(errors) < 1e-6] = 0
        return errors


class YhatClipped(Kernel):
    """yhat kept above 1e-7, "against log(0)"."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return np.minimum(super().softmax_loss(z, o), z.dtype.type(-np.log(1e-7)))


# Wrong draws, errors and losses of negative sampling.


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


# Errors turned into gradients in the wrong way.


class TransposedWhereItFits(Kernel):
    """v delta^T for delta v^T, which goes unnoticed in the shape where N = d."""

    def grad_U(self, errors: Array, v: Array) -> Array:
        gradient = super().grad_U(errors, v)
        return gradient.T if gradient.shape[0] == gradient.shape[1] else gradient


class LastRowMissing(Kernel):
    """A loop over range(N - 1)."""

    def grad_U(self, errors: Array, v: Array) -> Array:
        gradient = super().grad_U(errors, v)
        gradient[-1:] = 0
        return gradient


class UnitVector(Kernel):
    """v divided by its length in grad_U."""

    def grad_U(self, errors: Array, v: Array) -> Array:
        return super().grad_U(errors, v / max(np.abs(v).max(), np.finfo(v.dtype).tiny))


class ClippedGradient(Kernel):
    """Gradients kept within +-5."""

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return np.clip(super().grad_v(errors, rows), -5, 5)


class WeightDecay(Kernel):
    """A little of v added to its gradient: a term that is not in the loss."""

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return super().grad_v(errors, rows) + rows.dtype.type(1e-6) * rows.sum(axis=0)


class ScaledScores(Kernel):
    """Scores over the square root of d, as in attention."""

    def scores(self, U: Array, v: Array) -> Array:
        return super().scores(U, v) / v.dtype.type(np.sqrt(len(v)))


class ScoresInHalfPrecision(Kernel):
    """float32 scores rounded to float16 on the way."""

    def scores(self, U: Array, v: Array) -> Array:
        z = super().scores(U, v)
        return z.astype(np.float16).astype(z.dtype) if z.dtype == np.float32 else z


class NanSwallowed(Kernel):
    """Scores that are not numbers become 0."""

    def scores(self, U: Array, v: Array) -> Array:
        return np.nan_to_num(super().scores(U, v))


class GradientsMadeFinite(Kernel):
    """What is not a number becomes 0 before it is returned."""

    def finish(self, gradient: Array) -> Array:
        return np.nan_to_num(gradient)
