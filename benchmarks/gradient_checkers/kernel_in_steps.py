"""A correct kernel as a user would write it, in small steps of which a planted bug replaces one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RowGrad:
    """Rows of a gradient that is zero elsewhere: distinct, sorted, duplicates summed."""

    rows: NDArray[np.intp]
    values: NDArray[Any]

    def dense(self, N: int) -> NDArray[Any]:
        gradient = np.zeros((N, self.values.shape[1]), self.values.dtype)
        gradient[self.rows] = self.values
        return gradient


Array = Any


class Reference:
    """The steps of both losses.  Rows are words; z are scores; errors are dJ/dz."""

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


class Arguments(Reference):
    """Each method returns the argument as the kernels use it, or raises."""

    def floats(self, name: str, value: Any, shape: tuple[int | None, ...]) -> Array:
        array = self.array(name, value)
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
        if array.dtype not in (np.float64, np.float32):
            raise TypeError(f"{name} has dtype {array.dtype}, should be float64 or float32")
        self.check_shape(name, array, shape)
        return self.receive(array)

    def words(self, name: str, value: Any, shape: tuple[int | None, ...], N: int) -> Array:
        array = self.array(name, value)
        if array.size == 0 and not isinstance(value, np.ndarray):
            array = array.astype(np.intp)
        self.check_integers(name, array)
        self.check_shape(name, array, shape)
        if array.size:
            self.check_range(name, int(array.min()), N)
            self.check_range(name, int(array.max()), N)
        return self.receive(array)

    def word(self, name: str, value: Any, N: int) -> int:
        self.check_word(name, value)
        self.check_range(name, int(value), N)
        return int(value)

    def array(self, name: str, value: Any) -> Array:
        try:
            return np.asarray(value)
        except ValueError:
            raise ValueError(f"{name} is ragged, should be a rectangular array") from None

    def check_word(self, name: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            raise TypeError(f"{name} is {value!r}, a {type(value).__name__}, should be an integer")

    def check_integers(self, name: str, array: Array) -> None:
        if array.dtype.kind not in "iu":
            raise TypeError(f"{name} has dtype {array.dtype}, should be of integers")

    def check_range(self, name: str, word: int, N: int) -> None:
        if not 0 <= word < N:
            raise IndexError(f"{name} holds the word {word}, should be from 0 to {N - 1}")

    def check_shape(self, name: str, array: Array, shape: tuple[int | None, ...]) -> None:
        fits = len(shape) == array.ndim and all(
            want in (None, got) for want, got in zip(shape, array.shape, strict=True)
        )
        if not fits:
            wanted = ", ".join("any" if n is None else str(n) for n in shape)
            raise ValueError(f"{name} has shape {array.shape}, should be ({wanted})")


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


class Steps(Assembly):
    """The correct kernel.  A mutant is a subclass that overrides one method, and says why."""

    def softmax_value_and_grad(self, v_c: Any, o: Any, U: Any) -> Any:
        U = self.floats("U", U, (None, None))
        v_c = self.floats("v_c", v_c, (U.shape[1],))
        return self.done(self.softmax_pair(v_c, self.word("o", o, len(U)), U))

    def sampling_value_and_grad(self, v_c: Any, o: Any, U: Any, negatives: Any) -> Any:
        U = self.floats("U", U, (None, None))
        v_c = self.floats("v_c", v_c, (U.shape[1],))
        o, negatives = (
            self.word("o", o, len(U)),
            self.words("negatives", negatives, (None,), len(U)),
        )
        return self.done(self.sampling_pair(v_c, o, U, negatives))

    def window(self, c: Any, outside: Any, V: Any, U: Any, *negatives: Any) -> Any:
        U = self.floats("U", U, (None, None))
        V = self.floats("V", V, U.shape)
        c, outside = self.word("c", c, len(U)), self.words("outside", outside, (None,), len(U))
        if not negatives:
            return self.done(self.softmax_window(c, outside, V, U))
        table = self.words("negatives", negatives[0], (len(outside), None), len(U))
        return self.done(self.sampling_window(c, outside, V, U, table))

    def batch(self, V: Any, U: Any, centers: Any, outsides: Any, *negatives: Any) -> Any:
        U = self.floats("U", U, (None, None))
        V = self.floats("V", V, U.shape)
        centers = self.words("centers", centers, (None,), len(U))
        outsides = self.words("outsides", outsides, (len(centers),), len(U))
        if not negatives:
            losses, grad_V, grad_U = self.softmax_batch(V, U, centers, outsides)
            return losses, grad_V, self.finish(grad_U)
        table = self.words("negatives", negatives[0], (len(centers), None), len(U))
        return self.sampling_batch(V, U, centers, outsides, table)

    def done(self, parts: tuple[Any, Array, Array]) -> tuple[Any, Array, Array]:
        loss, grad_v, grad_U = parts
        return self.finish_loss(loss), self.finish(grad_v), self.finish(grad_U)
