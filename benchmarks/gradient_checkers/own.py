"""Planted bugs beside those of `steps`, in the same style: one step replaced."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.gradient_checkers.steps.interface import Kernel

Array = Any


class NoDrawsNoKernel(Kernel):
    """negatives.max() to size a table: raises where K = 0."""

    def draws(self, o: int, negatives: Array) -> Array:
        table = np.zeros(int(negatives.max()) + 1, np.intp)
        return super().draws(o, negatives[: max(len(table), len(negatives))])


class SqueezedRows(Kernel):
    """U.squeeze(), "to be safe": one word, or one coordinate, and an axis is gone."""

    def scores(self, U: Array, v: Array) -> Array:
        return np.atleast_1d(super().scores(U.squeeze(), v))


class CentreInItsWindow(Kernel):
    """The centre word counted among its own outside words, in loss and gradient alike."""

    def window(self, c: Any, outside: Any, V: Any, U: Any, *negatives: Any) -> Any:
        return super().window(c, np.append(outside, c), V, U, *negatives)


class WindowMeanAlike(Kernel):
    """The mean over the window for the sum, in loss and gradient alike."""

    def window(self, c: Any, outside: Any, V: Any, U: Any, *negatives: Any) -> Any:
        parts = super().window(c, outside, V, U, *negatives)
        return tuple(type(part)(part / max(len(outside), 1)) for part in parts[:1]) + tuple(
            part / part.dtype.type(max(len(outside), 1)) for part in parts[1:]
        )


class ScoresClippedAlike(Kernel):
    """Scores kept within +-30, "against overflow", in loss and gradient alike."""

    def scores(self, U: Array, v: Array) -> Array:
        return np.clip(super().scores(U, v), -30, 30)


class TableBeyondSixAlike(Kernel):
    """sigma from a table that ends at +-6, and the loss from the same table."""

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.clip(x, -6, 6))

    def log_sigmoid(self, x: Array) -> Array:
        return super().log_sigmoid(np.clip(x, -6, 6))


class RowsCentredOnTheWay(Kernel):
    """U -= U.mean(axis=0): the softmax does not mind, the owner of U does."""

    def softmax_value_and_grad(self, v_c: Any, o: Any, U: Any) -> Any:
        if isinstance(U, np.ndarray) and U.flags.writeable:
            U -= U.mean(axis=0)
        return super().softmax_value_and_grad(v_c, o, U)


class RoundedGradient(Kernel):
    """Gradients rounded to seven decimals before they are handed over."""

    def finish(self, gradient: Array) -> Array:
        return np.round(gradient, 7)


class PenaltyAlike(Kernel):
    """|v|^2 / 1000 on top, in loss and gradient alike."""

    def softmax_pair(self, v: Array, o: int, U: Array) -> Any:
        loss, grad_v, grad_U = super().softmax_pair(v, o, U)
        small = v.dtype.type(1e-3)
        return loss + small * (v @ v), grad_v + 2 * small * v, grad_U


class OutsideWordNeverANegativeAlike(Kernel):
    """Half of what a draw of o adds, in loss and gradient alike."""

    def sampling_pair(self, v: Array, o: int, U: Array, negatives: Array) -> Any:
        kept, every = negatives[negatives != o], super().sampling_pair(v, o, U, negatives)
        fewer = super().sampling_pair(v, o, U, kept)
        return tuple((a + b) / 2 for a, b in zip(every, fewer, strict=True))


class SmallTermsOfTheWrongSign(Kernel):
    """The push of a sample that scores below -12 has its sign turned."""

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[1:][z[1:] < -12] *= -1
        return errors


class SumOverTheWrongAxis(Kernel):
    """A batch of softmaxes normalised over its pairs in place of the vocabulary."""

    def softmax_batch(self, V: Array, U: Array, centers: Array, outsides: Array) -> Any:
        losses, grad_V, _ = super().softmax_batch(V, U, centers, outsides)
        z = V[centers] @ U.T
        e = np.exp(z - z.max(axis=0)) if len(z) else z
        errors = e / e.sum(axis=0)
        errors[np.arange(len(centers)), outsides] -= 1
        return losses, grad_V, errors.T @ V[centers]
