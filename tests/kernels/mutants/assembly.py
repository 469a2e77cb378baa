"""The interface of the package `generated`, put together from a reference's steps."""

from typing import Any

import numpy as np

from tests.kernels.mutants.arguments import Arguments

Array = Any


class Assembly(Arguments):
    """Pairs, windows and batches from the single steps."""

    def softmax_pair(self, v: Array, o: int, U: Array) -> tuple[Any, Array, Array]:
        z = self.scores(U, v)
        errors = self.softmax_errors(z, o)
        return self.softmax_loss(z, o), self.grad_v(errors, U), self.grad_U(errors, v)

    def sampling_pair(
        self, v: Array, o: int, U: Array, negatives: Array
    ) -> tuple[Any, Array, Array]:
        words = self.draws(o, negatives)
        z = self.scores(U[words], v)
        errors = self.sampling_errors(z)
        grad_U = self.scatter(words, errors, v, len(U))
        return self.sampling_loss(z), self.grad_v(errors, U[words]), grad_U

    def softmax_window(
        self, c: int, outside: Array, V: Array, U: Array
    ) -> tuple[Any, Array, Array]:
        loss, grad_V, grad_U = V.dtype.type(0), np.zeros_like(V), np.zeros_like(U)
        for o in self.window_words(outside):
            one, grad_v, by_U = self.softmax_pair(V[c], int(o), U)
            loss, grad_U = loss + one, grad_U + by_U
            grad_V[c] += grad_v
        return self.window_mean(loss, outside), grad_V, grad_U

    def sampling_window(
        self, c: int, outside: Array, V: Array, U: Array, negatives: Array
    ) -> tuple[Any, Array, Array]:
        loss, grad_V, v = V.dtype.type(0), np.zeros(V.shape, V.dtype), V[c]
        words, errors = [np.zeros(0, np.intp)], [np.zeros(0, V.dtype)]
        for i, o in enumerate(self.window_words(outside)):
            words.append(self.draws(int(o), self.window_negatives(negatives, i)))
            z = self.scores(U[words[-1]], v)
            errors.append(self.sampling_errors(z))
            loss = loss + self.sampling_loss(z)
        drawn, coefficients = np.concatenate(words), np.concatenate(errors)
        grad_V[c] = self.grad_v(coefficients, U[drawn])
        grad_U = self.scatter(drawn, coefficients, v, len(U))
        return self.window_mean(loss, outside), grad_V, grad_U

    def window_words(self, outside: Array) -> Array:
        return outside

    def window_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[i]

    def window_mean(self, loss: Array, outside: Array) -> Array:
        """The window's loss is a sum, so this leaves it alone."""
        return loss

    def softmax_batch(self, V: Array, U: Array, centers: Array, outsides: Array) -> Any:
        losses = np.zeros(len(centers), V.dtype)
        by_v = np.zeros((len(centers), V.shape[1]), V.dtype)
        grad_U = np.zeros_like(U)
        for i, (c, o) in enumerate(zip(centers, outsides, strict=True)):
            losses[i], by_v[i], by_U = self.softmax_pair(V[c], int(o), U)
            grad_U += by_U
        return losses, self.row_grad(*self.word_sums(centers, by_v)), grad_U

    def sampling_batch(
        self, V: Array, U: Array, centers: Array, outsides: Array, negatives: Array
    ) -> Any:
        losses = np.zeros(len(centers), V.dtype)
        by_v = np.zeros((len(centers), V.shape[1]), V.dtype)
        words, by_U = [np.zeros(0, np.intp)], [np.zeros((0, U.shape[1]), U.dtype)]
        for i, (c, o) in enumerate(zip(centers, outsides, strict=True)):
            words.append(self.draws(int(o), self.batch_negatives(negatives, i)))
            z = self.scores(U[words[-1]], V[c])
            errors = self.sampling_errors(z)
            losses[i] = self.sampling_loss(z)
            by_v[i] = self.grad_v(errors, U[words[-1]])
            by_U.append(self.grad_U(errors, V[c]))
        grad_V = self.row_grad(*self.word_sums(centers, by_v))
        return losses, grad_V, self.batch_grad_U(np.concatenate(words), np.concatenate(by_U), U)

    def batch_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[i]

    def batch_grad_U(self, words: Array, terms: Array, U: Array) -> Any:
        return self.row_grad(*self.word_sums(words, terms))
