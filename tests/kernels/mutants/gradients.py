"""Errors turned into gradients in the wrong way."""

from typing import Any

import numpy as np

from tests.kernels.mutants.interface import Kernel

Array = Any


class OutsideRowForgotten(Kernel):
    """grad_v without the first word's term."""

    killed_by = "grad_v_follows_from_grad_U"

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return errors[1:] @ rows[1:]


class GradVOfTheWrongSign(Kernel):
    """A step in place of a gradient."""

    killed_by = "grad_v_follows_from_grad_U"

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return -super().grad_v(errors, rows)


class TransposedWhereItFits(Kernel):
    """v delta^T for delta v^T, which goes unnoticed in the shape where N = d."""

    killed_by = "matches_the_exact_values"

    def grad_U(self, errors: Array, v: Array) -> Array:
        gradient = super().grad_U(errors, v)
        return gradient.T if gradient.shape[0] == gradient.shape[1] else gradient


class LastRowMissing(Kernel):
    """A loop over range(N - 1)."""

    killed_by = "rows_of_grad_U_sum_to_zero"

    def grad_U(self, errors: Array, v: Array) -> Array:
        gradient = super().grad_U(errors, v)
        gradient[-1:] = 0
        return gradient


class LastCoordinateMissing(Kernel):
    """A loop over range(d - 1)."""

    killed_by = "grad_U_has_rank_one"

    def grad_U(self, errors: Array, v: Array) -> Array:
        gradient = super().grad_U(errors, v)
        gradient[:, -1:] = 0
        return gradient


class UnitVector(Kernel):
    """v divided by its length in grad_U."""

    killed_by = "scaling_v_up_and_U_down_changes_nothing"

    def grad_U(self, errors: Array, v: Array) -> Array:
        return super().grad_U(errors, v / max(np.abs(v).max(), np.finfo(v.dtype).tiny))


class ClippedGradient(Kernel):
    """Gradients kept within +-5."""

    killed_by = "rotating_coordinates_rotates_gradients"

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return np.clip(super().grad_v(errors, rows), -5, 5)


class WeightDecay(Kernel):
    """A little of v added to its gradient: a term that is not in the loss."""

    killed_by = "matches_central_differences"

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return super().grad_v(errors, rows) + rows.dtype.type(1e-6) * rows.sum(axis=0)


class ScaledScores(Kernel):
    """Scores over the square root of d, as in attention."""

    killed_by = "matches_the_exact_values"

    def scores(self, U: Array, v: Array) -> Array:
        return super().scores(U, v) / v.dtype.type(np.sqrt(len(v)))


class AbsoluteScores(Kernel):
    """|u_w . v|, from an embedding distance."""

    killed_by = "shifting_all_rows_of_U_changes_nothing"

    def scores(self, U: Array, v: Array) -> Array:
        return np.abs(super().scores(U, v))


class ScoresInHalfPrecision(Kernel):
    """float32 scores rounded to float16 on the way."""

    killed_by = "float32_agrees_with_float64"

    def scores(self, U: Array, v: Array) -> Array:
        z = super().scores(U, v)
        return z.astype(np.float16).astype(z.dtype) if z.dtype == np.float32 else z


class NanSwallowed(Kernel):
    """Scores that are not numbers become 0."""

    killed_by = "nan_in_gives_nan_out"

    def scores(self, U: Array, v: Array) -> Array:
        return np.nan_to_num(super().scores(U, v))


class GradientsMadeFinite(Kernel):
    """What is not a number becomes 0 before it is returned."""

    killed_by = "nan_in_gives_nan_out"

    def finish(self, gradient: Array) -> Array:
        return np.nan_to_num(gradient)


class LimitOfInfinity(Kernel):
    """An infinite score gets the loss of its limit, as if nothing had happened."""

    killed_by = "infinity_in_gives_no_finite_result"

    def scores(self, U: Array, v: Array) -> Array:
        return U @ v
