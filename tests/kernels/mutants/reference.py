"""A correct kernel, cut into small steps so that a mutant replaces exactly one of them.

It is written for this purpose: plain loops, no speed.
"""

from typing import Any

import numpy as np

from tests.kernels.mutants.row_grad import RowGrad

Array = Any


class Reference:
    """The steps of both losses.  Rows are words; z are scores; errors are dJ/dz."""

    killed_by = "nothing: it is correct"

    def scores(self, U: Array, v: Array) -> Array:
        z = U @ v
        z[~(np.isfinite(U).all(axis=1) & np.isfinite(v).all())] = np.nan
        return z

    def sigmoid(self, x: Array) -> Array:
        e = np.exp(-np.abs(x))
        return np.where(x >= 0, np.ones_like(e), e) / (1 + e)

    def log_sigmoid(self, x: Array) -> Array:
        return np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))

    def softmax_loss(self, z: Array, o: int) -> Array:
        top = int(np.argmax(z))
        return (z[top] - z[o]) + np.log1p(self.sum_without(np.exp(z - z[top]), top))

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(z))
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors

    def sum_without(self, terms: Array, w: int) -> Array:
        """1 - yhat_w and log(1 + rest) cancel unless their rest is summed on its own."""
        return np.delete(terms, w).sum()

    def sampling_loss(self, z: Array) -> Array:
        """z[0] is the outside word's score, the others are the draws'."""
        return -self.log_sigmoid(z[0]) - self.log_sigmoid(-z[1:]).sum()

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(z)
        errors[0] = -self.sigmoid(-z[0])
        return errors

    def draws(self, o: int, negatives: Array) -> Array:
        return np.append(negatives[:0], [o, *negatives]).astype(np.intp)

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return errors @ rows

    def grad_U(self, errors: Array, v: Array) -> Array:
        return np.outer(errors, v)

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        """The distinct words, sorted, and for each the sum of its terms."""
        distinct, place = np.unique(words, return_inverse=True)
        sums = np.zeros((len(distinct), *terms.shape[1:]), terms.dtype)
        np.add.at(sums, place, terms)
        return distinct, sums

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        """The dense gradient by U, of which only the drawn rows are written."""
        gradient = np.zeros((N, len(v)), v.dtype)
        distinct, sums = self.word_sums(words, errors)
        gradient[distinct] = self.grad_U(sums, v)
        return gradient

    def finish_loss(self, loss: Array) -> Any:
        return float(loss)

    def finish(self, gradient: Array) -> Array:
        """The last touch on an array before it is handed over."""
        return gradient

    def receive(self, array: Array) -> Array:
        """The first touch on an array that was handed in."""
        return array

    row_grad = RowGrad
