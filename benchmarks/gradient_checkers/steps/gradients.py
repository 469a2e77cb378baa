"""Errors turned into gradients in the wrong way."""

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel

Array = Any






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


