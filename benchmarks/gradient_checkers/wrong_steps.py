"""Planted kernel bugs: each replaces one step of a correct kernel, and says what is wrong.

The correct kernel is written as a user would write it, in small steps.
"""

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


class AddingRowGrad(RowGrad):
    """Repeated rows are added when the gradient is made dense."""

    def dense(self, N: int) -> Array:
        gradient = np.zeros((N, self.values.shape[1]), self.values.dtype)
        np.add.at(gradient, self.rows, self.values)
        return gradient


class RepeatedCentresOverwrite(Steps):
    """Of a centre's pairs only the last one stays."""

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        if terms.ndim == 1:
            return super().word_sums(words, terms)
        distinct, place = np.unique(words, return_inverse=True)
        sums = np.zeros((len(distinct), *terms.shape[1:]), terms.dtype)
        sums[place] = terms
        return distinct, sums


class SharedBatchNegatives(Steps):
    """The first pair's negatives serve the whole batch."""

    def batch_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[0]


class MeanLosses(Steps):
    """Each pair reports the batch's mean loss."""

    def softmax_batch(self, V: Array, U: Array, centers: Array, outsides: Array) -> Any:
        losses, grad_V, grad_U = super().softmax_batch(V, U, centers, outsides)
        return np.full_like(losses, losses.mean() if len(losses) else 0), grad_V, grad_U


class SummedLosses(Steps):
    """A running sum in place of each pair's own loss."""

    def sampling_batch(
        self, V: Array, U: Array, centers: Array, outsides: Array, negatives: Array
    ) -> Any:
        losses, grad_V, grad_U = super().sampling_batch(V, U, centers, outsides, negatives)
        return np.cumsum(losses, dtype=losses.dtype), grad_V, grad_U


class RepeatedRows(Steps):
    """One row for each draw, not for each word: a user's step with rows[...] -= loses some."""

    def batch_grad_U(self, words: Array, terms: Array, U: Array) -> Any:
        return AddingRowGrad(words, terms)


class TransposedWhereItFits(Steps):
    """v delta^T for delta v^T, which goes unnoticed in the shape where N = d."""

    def grad_U(self, errors: Array, v: Array) -> Array:
        gradient = super().grad_U(errors, v)
        return gradient.T if gradient.shape[0] == gradient.shape[1] else gradient


class LastRowMissing(Steps):
    """A loop over range(N - 1)."""

    def grad_U(self, errors: Array, v: Array) -> Array:
        gradient = super().grad_U(errors, v)
        gradient[-1:] = 0
        return gradient


class UnitVector(Steps):
    """v divided by its length in grad_U."""

    def grad_U(self, errors: Array, v: Array) -> Array:
        return super().grad_U(errors, v / max(np.abs(v).max(), np.finfo(v.dtype).tiny))


class ClippedGradient(Steps):
    """Gradients kept within +-5."""

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return np.clip(super().grad_v(errors, rows), -5, 5)


class WeightDecay(Steps):
    """A little of v added to its gradient: a term that is not in the loss."""

    def grad_v(self, errors: Array, rows: Array) -> Array:
        return super().grad_v(errors, rows) + rows.dtype.type(1e-6) * rows.sum(axis=0)


class ScaledScores(Steps):
    """Scores over the square root of d, as in attention."""

    def scores(self, U: Array, v: Array) -> Array:
        return super().scores(U, v) / v.dtype.type(np.sqrt(len(v)))


class ScoresInHalfPrecision(Steps):
    """float32 scores rounded to float16 on the way."""

    def scores(self, U: Array, v: Array) -> Array:
        z = super().scores(U, v)
        return z.astype(np.float16).astype(z.dtype) if z.dtype == np.float32 else z


class NanSwallowed(Steps):
    """Scores that are not numbers become 0."""

    def scores(self, U: Array, v: Array) -> Array:
        return np.nan_to_num(super().scores(U, v))


class GradientsMadeFinite(Steps):
    """What is not a number becomes 0 before it is returned."""

    def finish(self, gradient: Array) -> Array:
        return np.nan_to_num(gradient)


class ReusedWorkspace(Steps):
    """Each shape has one result array, written again by the next call."""

    def __init__(self) -> None:
        self.workspace: dict[Any, Array] = {}

    def finish(self, gradient: Array) -> Array:
        kept: Any = self.workspace.setdefault((gradient.shape, gradient.dtype), gradient)
        kept[...] = gradient
        return kept


class WorkspaceNotCleared(Steps):
    """The row sums of the last call of the same shape are added to, a little."""

    def __init__(self) -> None:
        self.last: dict[Any, Array] = {}

    def grad_v(self, errors: Array, rows: Array) -> Array:
        gradient = super().grad_v(errors, rows)
        stale = self.last.get(gradient.shape, np.zeros_like(gradient))
        self.last[gradient.shape] = gradient
        return gradient + (stale * np.finfo(gradient.dtype).eps).astype(gradient.dtype)


class NegativesSortedInPlace(Steps):
    """The caller's array of draws comes back in another order."""

    def draws(self, o: int, negatives: Array) -> Array:
        if negatives.flags.writeable:
            negatives.sort()
        return super().draws(o, negatives)


class WordsHandedBack(Steps):
    """Where the words are sorted already, the result's rows are the caller's own array."""

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        if np.all(np.diff(words) > 0):
            return words, terms
        return super().word_sums(words, terms)


class AlwaysDouble(Steps):
    """float32 in, float64 out."""

    def finish(self, gradient: Array) -> Array:
        return gradient.astype(np.float64)


class MemoryOrder(Steps):
    """The numbers in the order in which they lie, whatever the strides say."""

    def receive(self, array: Array) -> Array:
        return array.ravel(order="K").reshape(array.shape)


class WriteableOnly(Steps):
    """A memory-mapped model, opened for reading, is refused."""

    def receive(self, array: Array) -> Array:
        if not array.flags.writeable:
            raise ValueError("the array is read-only")
        return array


class OutsideErrorOfTheWrongSign(Steps):
    """-sigma(z_o) for -sigma(-z_o)."""

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(z)
        errors[0] = -errors[0]
        return errors


class SigmaMinusOne(Steps):
    """sigma(z_o) - 1 cancels where the model is confident."""

    def sampling_errors(self, z: Array) -> Array:
        errors = self.sigmoid(z)
        errors[0] -= 1
        return errors


class OutsideWordNeverANegative(Steps):
    """A draw that hits o is thrown away; the formula counts it."""

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, negatives[negatives != o])


class DistinctDraws(Steps):
    """A word drawn twice counts once."""

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, np.unique(negatives))


class LastDrawForgotten(Steps):
    """Off by one in the samples."""

    def draws(self, o: int, negatives: Array) -> Array:
        return super().draws(o, negatives[:-1])


class MeanOverTheDraws(Steps):
    """The draws' terms divided by K, in loss and gradient alike."""

    def sampling_loss(self, z: Array) -> Array:
        K = max(len(z) - 1, 1)
        return -self.log_sigmoid(z[0]) - self.log_sigmoid(-z[1:]).sum() / z.dtype.type(K)

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[1:] /= max(len(z) - 1, 1)
        return errors


class LossOfTheOutsideWordOnly(Steps):
    """The draws are in the gradient and not in the loss."""

    def sampling_loss(self, z: Array) -> Array:
        return -self.log_sigmoid(z[0])


class LearnedPairsSkipped(Steps):
    """No gradient at all where a score is beyond +-6."""

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[np.abs(z) > 6] = 0
        return errors


class AssignedRows(Steps):
    """grad[words] = ...: of a word's draws only the last one stays."""

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        gradient = np.zeros((N, len(v)), v.dtype)
        gradient[words] = self.grad_U(errors, v)
        return gradient


class BufferedAddition(Steps):
    """grad[words] += ... adds once for each distinct word."""

    def scatter(self, words: Array, errors: Array, v: Array, N: int) -> Array:
        gradient = np.zeros((N, len(v)), v.dtype)
        gradient[words] += self.grad_U(errors, v)
        return gradient


class MultiplicitySquared(Steps):
    """The sum over a word's draws, and then once more times their number."""

    def word_sums(self, words: Array, terms: Array) -> tuple[Array, Array]:
        distinct, sums = super().word_sums(words, terms)
        times = np.unique(words, return_counts=True)[1].astype(terms.dtype)
        return distinct, sums * times.reshape(-1, *[1] * (sums.ndim - 1))


class SigmoidThatCancels(Steps):
    """1 - sigma(-x): every digit is lost for x below -37."""

    def sigmoid(self, x: Array) -> Array:
        return 1 - super().sigmoid(-x)


class SigmoidByTanh(Steps):
    """(1 + tanh(x/2)) / 2 cancels for negative x."""

    def sigmoid(self, x: Array) -> Array:
        return (1 + np.tanh(x / 2)) / 2


class SigmoidFromATable(Steps):
    """Scores beyond +-6 count as 6, as in a table of the exponential."""

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.clip(x, -6, 6))


class SigmoidOfFloat32(Steps):
    """The score is rounded to float32 on its way."""

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.asarray(x, np.float32)).astype(np.asarray(x).dtype)


class LogOfSigmoid(Steps):
    """log(1 / (1 + exp(-x))) is infinite below -745 and 0 above 37."""

    def log_sigmoid(self, x: Array) -> Array:
        return np.log(1 / (1 + np.exp(-x)))


class LogSigmoidWithoutLog1p(Steps):
    """log(1 + e) loses e."""

    def log_sigmoid(self, x: Array) -> Array:
        return np.minimum(x, 0) - np.log(1 + np.exp(-np.abs(x)))


class LogSigmoidWithEpsilon(Steps):
    """log(sigma + 1e-12), "against log(0)"."""

    def log_sigmoid(self, x: Array) -> Array:
        return np.log(self.sigmoid(x) + x.dtype.type(1e-12))


class NoMaxShift(Steps):
    """exp(z) overflows."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z)
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class LossWithoutMaxShift(Steps):
    """log sum exp(z) overflows."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return np.log(np.exp(z).sum()) - z[o]


class ShiftByTheOutsideScore(Steps):
    """exp(z - z_o) overflows where the model is confident of another word."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - z[o])
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class ShiftByTheLargestMagnitude(Steps):
    """max |z| is not the maximum: with negative scores every exponential vanishes."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(np.abs(z)))
        errors = e / e.sum()
        errors[o] = -self.sum_without(e, o) / e.sum()
        return errors


class LossByLogSumExpMinusScore(Steps):
    """lse - z_o loses every digit where o leads by 40."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return (np.max(z) + np.log(np.exp(z - np.max(z)).sum())) - z[o]


class YhatMinusOne(Steps):
    """yhat_o - 1 loses every digit where o leads by 40."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(z))
        errors = e / e.sum()
        errors[o] -= 1
        return errors


class OneHotForgotten(Steps):
    """yhat in place of yhat - y."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        e = np.exp(z - np.max(z))
        return e / e.sum()


class SoftmaxErrorOfTheWrongSign(Steps):
    """y - yhat: the gradient of the log-likelihood."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        return -super().softmax_errors(z, o)


class DenominatorWithoutTheOutsideWord(Steps):
    """The sum over the other words only, as if o were not of the vocabulary."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        top = np.max(z)
        return (top - z[o]) + np.log(self.sum_without(np.exp(z - top), o))


class MeanOverTheVocabulary(Steps):
    """The error divided by N."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        return super().softmax_errors(z, o) / z.dtype.type(len(z))


class LossInBits(Steps):
    """Logarithms to the base 2 in the loss only."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return super().softmax_loss(z, o) / z.dtype.type(np.log(2))


class TemperatureOfTwo(Steps):
    """softmax(z / 2) in loss and gradient alike: they agree with each other."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return super().softmax_loss(z / 2, o)

    def softmax_errors(self, z: Array, o: int) -> Array:
        return super().softmax_errors(z / 2, o) / 2


class SmallErrorsDropped(Steps):
    """A saturated point gets an all-zero gradient."""

    def softmax_errors(self, z: Array, o: int) -> Array:
        errors = super().softmax_errors(z, o)
        errors[np.abs(errors) < 1e-6] = 0
        return errors


class YhatClipped(Steps):
    """yhat kept above 1e-7, "against log(0)"."""

    def softmax_loss(self, z: Array, o: int) -> Array:
        return np.minimum(super().softmax_loss(z, o), z.dtype.type(-np.log(1e-7)))


class WindowMean(Steps):
    """The loss divided by the number of outside words, the gradient not."""

    def window_mean(self, loss: Array, outside: Array) -> Array:
        return loss / max(len(outside), 1)


class RepeatedOutsideWordsDropped(Steps):
    """Each word of the window once."""

    def window_words(self, outside: Array) -> Array:
        return np.unique(outside)


class SharedWindowNegatives(Steps):
    """The first outside word's negatives serve them all."""

    def window_negatives(self, negatives: Array, i: int) -> Array:
        return negatives[0]


class CentreSkippedInItsWindow(Steps):
    """A window that holds the centre word again loses it."""

    def softmax_window(self, c: int, outside: Array, V: Array, U: Array) -> Any:
        return super().softmax_window(c, outside[outside != c], V, U)


class GradientInTheNextRow(Steps):
    """The centre's gradient lands one row too low."""

    def softmax_window(self, c: int, outside: Array, V: Array, U: Array) -> Any:
        loss, grad_V, grad_U = super().softmax_window(c, outside, V, U)
        return loss, np.roll(grad_V, 1, axis=0), grad_U
