"""Wrong or unstable sigmoids and log-sigmoids."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel

Array = Any


class SigmoidOfTheWrongSign(Kernel):
    """sigma(-x) for sigma(x)."""

    killed_by = "matches_the_complex_step"

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(-x)


class SigmoidThatOverflows(Kernel):
    """1 / (1 + exp(-x)): exp overflows for x below -709, and the subnormal tail is lost."""

    killed_by = "finite_input_gives_no_warning"

    def sigmoid(self, x: Array) -> Array:
        return 1 / (1 + np.exp(-x))


class SigmoidWithBothBranchesComputed(Kernel):
    """np.where chooses the right branch, and the other one has warned already."""

    killed_by = "finite_input_gives_no_warning"

    def sigmoid(self, x: Array) -> Array:
        right, left = 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x))
        return np.where(x >= 0, right, left)


class SigmoidThatCancels(Kernel):
    """1 - sigma(-x): every digit is lost for x below -37."""

    killed_by = "matches_the_exact_values"

    def sigmoid(self, x: Array) -> Array:
        return 1 - super().sigmoid(-x)


class SigmoidByTanh(Kernel):
    """(1 + tanh(x/2)) / 2 cancels for negative x."""

    killed_by = "matches_the_exact_values"

    def sigmoid(self, x: Array) -> Array:
        return (1 + np.tanh(x / 2)) / 2


class SigmoidFromATable(Kernel):
    """Scores beyond +-6 count as 6, as in a table of the exponential."""

    killed_by = "matches_the_exact_values"

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.clip(x, -6, 6))


class SigmoidOfFloat32(Kernel):
    """The score is rounded to float32 on its way."""

    killed_by = "matches_the_exact_values"

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.asarray(x, np.float32)).astype(np.asarray(x).dtype)


class LogOfSigmoid(Kernel):
    """log(1 / (1 + exp(-x))) is infinite below -745 and 0 above 37."""

    killed_by = "matches_the_exact_values"

    def log_sigmoid(self, x: Array) -> Array:
        return np.log(1 / (1 + np.exp(-x)))


class LogSigmoidWithoutLog1p(Kernel):
    """log(1 + e) loses e."""

    killed_by = "matches_the_exact_values"

    def log_sigmoid(self, x: Array) -> Array:
        return np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x)))


class LogSigmoidWithEpsilon(Kernel):
    """log(sigma + 1e-12), "against log(0)"."""

    killed_by = "an_undecided_model_costs_log_2_a_draw"

    def log_sigmoid(self, x: Array) -> Array:
        return np.log(self.sigmoid(x) + x.dtype.type(1e-12))
