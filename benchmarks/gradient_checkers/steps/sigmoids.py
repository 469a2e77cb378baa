"""Wrong or unstable sigmoids and log-sigmoids."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel

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
