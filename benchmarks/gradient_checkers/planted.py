"""All planted bugs, and correct implementations, those of libraries among them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import derivations
import generated
from benchmarks.accuracy import PEERS, Implementation
from benchmarks.gradient_checkers import wrong_steps
from benchmarks.gradient_checkers.wrong_steps import Steps
from benchmarks.tables import installed
from tests.kernels.cases import Pair

CBOW_FILE = Path(derivations.__file__).parent / "cbow" / "written.md"


@dataclass(frozen=True)
class Subject:
    """``words`` gives each argument of words its shape, ``floats`` each one of numbers its own.

    Gradients are returned after the loss, one for each of ``floats`` in order.
    """

    claim: str | tuple[str, ...]
    words: Mapping[str, tuple[int, ...]]
    floats: Mapping[str, tuple[int, ...]]
    arguments: Mapping[str, str]
    derivation: Path | None = None
    by: tuple[str, ...] = ()  # of which of the floats gradients are returned, all if none is named

    @property
    def differentiated(self) -> tuple[str, ...]:
        """The numbers that gradients are by, in the order of the results."""
        return self.by or tuple(self.floats)


N, D, K, B = 6, 4, 4, 4
_NAMED = {"v_c": "V[c]", "o": "o", "U": "U"}
_WINDOW = {"c": "c", "outside": "near", "V": "V", "U": "U"}
_BATCH = {"V": "V", "U": "U", "centers": "centers", "outsides": "outsides"}
_NEGATIVES = {"negatives": "n"}
_PAIR_FLOATS = {"v_c": (D,), "U": (N, D)}
_FLOATS = {"V": (N, D), "U": (N, D)}

SOFTMAX = Subject("naive_softmax", {"o": ()}, _PAIR_FLOATS, _NAMED)
SAMPLING = Subject(
    "negative_sampling", {"o": (), "negatives": (K,)}, _PAIR_FLOATS, _NAMED | _NEGATIVES
)
WINDOW = Subject("skip_gram.naive_softmax", {"c": (), "outside": (B,)}, _FLOATS, _WINDOW)
SAMPLING_WINDOW = Subject(
    "skip_gram.negative_sampling",
    {"c": (), "outside": (B,), "negatives": (B, K)},
    _FLOATS,
    _WINDOW | _NEGATIVES,
)
BATCH = Subject("batch.naive_softmax", {"centers": (B,), "outsides": (B,)}, _FLOATS, _BATCH)
SAMPLING_BATCH = Subject(
    "batch.negative_sampling",
    {"centers": (B,), "outsides": (B,), "negatives": (B, K)},
    _FLOATS,
    _BATCH | _NEGATIVES,
)
CBOW = Subject(
    ("J_{naive}", "s.6", "u.2"),
    {"context": (B,), "o": ()},
    _FLOATS,
    {"context": "c", "o": "o", "V": "V.T", "U": "U.T"},
    CBOW_FILE,
)


Array = NDArray[Any]


@dataclass(frozen=True)
class Kernel:
    """``make`` gives the function afresh, so that no checker sees what another one left in it."""

    name: str
    what: str
    subject: Subject
    make: Callable[[], Callable[..., Any]]
    ordinary: bool = False  # right in ordinary ranges, and not promised to be where it saturates


def value_and_grads(
    function: Callable[..., Any], subject: Subject, words: Mapping[str, Any], floats: list[Array]
) -> tuple[Any, list[Any]]:
    """The sum of the losses and the dense gradients, in the order of what they are by."""
    given = {**words, **dict(zip(subject.differentiated, floats, strict=True))}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loss, *gradients = function(**{name: given[name] for name in subject.arguments})
    dense = [_dense(gradient, len(x)) for gradient, x in zip(gradients, floats, strict=True)]
    return np.sum(loss), dense


def points(subject: Subject, count: int, seed: int) -> list[tuple[dict[str, Any], list[Array]]]:
    """Random words and normal vectors, in float64; what no gradient is by is with the words."""
    rng = np.random.default_rng(seed)
    (vocabulary, _) = subject.floats.get("U", (0, 0))
    found = []
    for _ in range(count):
        words = {
            name: rng.integers(vocabulary, size=shape) for name, shape in subject.words.items()
        }
        words = {
            name: int(value) if np.ndim(value) == 0 else value for name, value in words.items()
        }
        floats = {name: rng.normal(size=shape) for name, shape in subject.floats.items()}
        by = [floats.pop(name) for name in subject.differentiated]
        found.append(({**words, **floats}, by))
    return found


def _dense(gradient: Any, count: int) -> Any:
    return gradient.dense(count) if hasattr(gradient, "dense") else gradient


# Planted bugs beside those of `wrong_steps`, in the same style: one step replaced.


class NoDrawsNoKernel(Steps):
    """negatives.max() to size a table: raises where K = 0."""

    def draws(self, o: int, negatives: Array) -> Array:
        table = np.zeros(int(negatives.max()) + 1, np.intp)
        return super().draws(o, negatives[: max(len(table), len(negatives))])


class SqueezedRows(Steps):
    """U.squeeze(), "to be safe": one word, or one coordinate, and an axis is gone."""

    def scores(self, U: Array, v: Array) -> Array:
        return np.atleast_1d(super().scores(U.squeeze(), v))


class CentreInItsWindow(Steps):
    """The centre word counted among its own outside words, in loss and gradient alike."""

    def window(self, c: Any, outside: Any, V: Any, U: Any, *negatives: Any) -> Any:
        return super().window(c, np.append(outside, c), V, U, *negatives)


class WindowMeanAlike(Steps):
    """The mean over the window for the sum, in loss and gradient alike."""

    def window(self, c: Any, outside: Any, V: Any, U: Any, *negatives: Any) -> Any:
        parts = super().window(c, outside, V, U, *negatives)
        return tuple(type(part)(part / max(len(outside), 1)) for part in parts[:1]) + tuple(
            part / part.dtype.type(max(len(outside), 1)) for part in parts[1:]
        )


class ScoresClippedAlike(Steps):
    """Scores kept within +-30, "against overflow", in loss and gradient alike."""

    def scores(self, U: Array, v: Array) -> Array:
        return np.clip(super().scores(U, v), -30, 30)


class TableBeyondSixAlike(Steps):
    """sigma from a table that ends at +-6, and the loss from the same table."""

    def sigmoid(self, x: Array) -> Array:
        return super().sigmoid(np.clip(x, -6, 6))

    def log_sigmoid(self, x: Array) -> Array:
        return super().log_sigmoid(np.clip(x, -6, 6))


class RowsCentredOnTheWay(Steps):
    """U -= U.mean(axis=0): the softmax does not mind, the owner of U does."""

    def softmax_value_and_grad(self, v_c: Any, o: Any, U: Any) -> Any:
        if isinstance(U, np.ndarray) and U.flags.writeable:
            U -= U.mean(axis=0)
        return super().softmax_value_and_grad(v_c, o, U)


class RoundedGradient(Steps):
    """Gradients rounded to seven decimals before they are handed over."""

    def finish(self, gradient: Array) -> Array:
        return np.round(gradient, 7)


class PenaltyAlike(Steps):
    """|v|^2 / 1000 on top, in loss and gradient alike."""

    def softmax_pair(self, v: Array, o: int, U: Array) -> Any:
        loss, grad_v, grad_U = super().softmax_pair(v, o, U)
        small = v.dtype.type(1e-3)
        return loss + small * (v @ v), grad_v + 2 * small * v, grad_U


class OutsideWordNeverANegativeAlike(Steps):
    """Half of what a draw of o adds, in loss and gradient alike."""

    def sampling_pair(self, v: Array, o: int, U: Array, negatives: Array) -> Any:
        kept, every = negatives[negatives != o], super().sampling_pair(v, o, U, negatives)
        fewer = super().sampling_pair(v, o, U, kept)
        return tuple((a + b) / 2 for a, b in zip(every, fewer, strict=True))


class SmallTermsOfTheWrongSign(Steps):
    """The push of a sample that scores below -12 has its sign turned."""

    def sampling_errors(self, z: Array) -> Array:
        errors = super().sampling_errors(z)
        errors[1:][z[1:] < -12] *= -1
        return errors


class SumOverTheWrongAxis(Steps):
    """A batch of softmaxes normalised over its pairs in place of the vocabulary."""

    def softmax_batch(self, V: Array, U: Array, centers: Array, outsides: Array) -> Any:
        losses, grad_V, _ = super().softmax_batch(V, U, centers, outsides)
        z = V[centers] @ U.T
        e = np.exp(z - z.max(axis=0)) if len(z) else z
        errors = e / e.sum(axis=0)
        errors[np.arange(len(centers)), outsides] -= 1
        return losses, grad_V, errors.T @ V[centers]


# CBOW by hand: right, as word2vec.c had it, and with repeated words lost.


def cbow_right(context: Array, o: int, V: Array, U: Array) -> Any:
    """Every place of the context has its share of the error of the mean."""
    loss, error, grad_U = _mean(context, o, V, U)
    grad_V = np.zeros_like(V)
    np.add.at(grad_V, context, error / V.dtype.type(len(context)))
    return loss, grad_V, grad_U


def cbow_undivided(context: Array, o: int, V: Array, U: Array) -> Any:
    """word2vec.c: every place has the whole error."""
    loss, error, grad_U = _mean(context, o, V, U)
    grad_V = np.zeros_like(V)
    np.add.at(grad_V, context, error)
    return loss, grad_V, grad_U


def cbow_buffered(context: Array, o: int, V: Array, U: Array) -> Any:
    """grad[context] += ...: of the places of a word one is left."""
    loss, error, grad_U = _mean(context, o, V, U)
    grad_V = np.zeros_like(V)
    grad_V[context] += error / V.dtype.type(len(context))
    return loss, grad_V, grad_U


def _mean(context: Array, o: int, V: Array, U: Array) -> Any:
    h = V[context].mean(axis=0)
    z = U @ h
    top = int(z.argmax())
    e = np.exp(z - z[top])
    loss = (z[top] - z[o]) + np.log1p(np.delete(e, top).sum())
    errors = e / e.sum()
    errors[o] = -np.delete(e, o).sum() / e.sum()
    return float(loss), U.T @ errors, np.outer(errors, h)


# All planted bugs: which kernel, checked as what. Data.


_METHODS: dict[int, str] = {
    id(SOFTMAX): "softmax_value_and_grad",
    id(SAMPLING): "sampling_value_and_grad",
    id(WINDOW): "window",
    id(SAMPLING_WINDOW): "window",
    id(BATCH): "batch",
    id(SAMPLING_BATCH): "batch",
}


def _planted(subject: Subject, *kinds: type[Steps]) -> list[Kernel]:
    return [
        Kernel(kind.__name__, (kind.__doc__ or "").strip(), subject, _maker(kind, subject))
        for kind in kinds
    ]


def _maker(kind: type[Steps], subject: Subject) -> Callable[[], Callable[..., Any]]:
    def make() -> Callable[..., Any]:
        method = getattr(kind(), _METHODS[id(subject)])

        def kernel(**given: Any) -> Any:
            return method(*(given[name] for name in subject.arguments))

        return kernel

    return make


def _by_hand(function: Callable[..., Any]) -> Kernel:
    what = (function.__doc__ or "").strip()
    return Kernel(f"cbow_{function.__name__}", what, CBOW, lambda: function)


CORRECT_STEPS = [
    *_planted(SOFTMAX, Steps),
    *_planted(SAMPLING, Steps),
    *_planted(WINDOW, Steps),
    *_planted(SAMPLING_WINDOW, Steps),
    *_planted(BATCH, Steps),
    *_planted(SAMPLING_BATCH, Steps),
    _by_hand(cbow_right),
]
PLANTED = [
    *_planted(
        SOFTMAX,
        wrong_steps.NoMaxShift,
        wrong_steps.LossWithoutMaxShift,
        wrong_steps.ShiftByTheOutsideScore,
        wrong_steps.ShiftByTheLargestMagnitude,
        wrong_steps.LossByLogSumExpMinusScore,
        wrong_steps.YhatMinusOne,
        wrong_steps.OneHotForgotten,
        wrong_steps.SoftmaxErrorOfTheWrongSign,
        wrong_steps.DenominatorWithoutTheOutsideWord,
        wrong_steps.MeanOverTheVocabulary,
        wrong_steps.LossInBits,
        wrong_steps.TemperatureOfTwo,
        wrong_steps.SmallErrorsDropped,
        wrong_steps.YhatClipped,
        wrong_steps.TransposedWhereItFits,
        wrong_steps.LastRowMissing,
        wrong_steps.UnitVector,
        wrong_steps.ClippedGradient,
        wrong_steps.WeightDecay,
        wrong_steps.ScaledScores,
        wrong_steps.ScoresInHalfPrecision,
        wrong_steps.NanSwallowed,
        wrong_steps.GradientsMadeFinite,
        wrong_steps.ReusedWorkspace,
        wrong_steps.WorkspaceNotCleared,
        wrong_steps.AlwaysDouble,
        wrong_steps.MemoryOrder,
        wrong_steps.WriteableOnly,
        SqueezedRows,
        RowsCentredOnTheWay,
        RoundedGradient,
        PenaltyAlike,
        ScoresClippedAlike,
    ),
    *_planted(
        SAMPLING,
        wrong_steps.OutsideErrorOfTheWrongSign,
        wrong_steps.SigmaMinusOne,
        wrong_steps.OutsideWordNeverANegative,
        wrong_steps.DistinctDraws,
        wrong_steps.LastDrawForgotten,
        wrong_steps.MeanOverTheDraws,
        wrong_steps.LossOfTheOutsideWordOnly,
        wrong_steps.LearnedPairsSkipped,
        wrong_steps.AssignedRows,
        wrong_steps.BufferedAddition,
        wrong_steps.MultiplicitySquared,
        wrong_steps.SigmoidThatCancels,
        wrong_steps.SigmoidByTanh,
        wrong_steps.SigmoidFromATable,
        wrong_steps.SigmoidOfFloat32,
        wrong_steps.LogOfSigmoid,
        wrong_steps.LogSigmoidWithoutLog1p,
        wrong_steps.LogSigmoidWithEpsilon,
        wrong_steps.NegativesSortedInPlace,
        NoDrawsNoKernel,
        TableBeyondSixAlike,
        OutsideWordNeverANegativeAlike,
        SmallTermsOfTheWrongSign,
    ),
    *_planted(
        WINDOW,
        wrong_steps.WindowMean,
        wrong_steps.RepeatedOutsideWordsDropped,
        wrong_steps.CentreSkippedInItsWindow,
        wrong_steps.GradientInTheNextRow,
        CentreInItsWindow,
        WindowMeanAlike,
    ),
    *_planted(SAMPLING_WINDOW, wrong_steps.SharedWindowNegatives),
    *_planted(
        BATCH, wrong_steps.RepeatedCentresOverwrite, wrong_steps.MeanLosses, SumOverTheWrongAxis
    ),
    *_planted(
        SAMPLING_BATCH,
        wrong_steps.SharedBatchNegatives,
        wrong_steps.SummedLosses,
        wrong_steps.RepeatedRows,
        wrong_steps.WordsHandedBack,
    ),
    _by_hand(cbow_undivided),
    _by_hand(cbow_buffered),
]


# Correct implementations, which no checker may accuse. Those of libraries where installed.


def correct(without: Sequence[str] = ()) -> Iterator[Kernel]:
    """Kernels of this project, plain NumPy, and the other libraries' functions and derivatives."""
    ours = (
        ("naive_softmax", generated.naive_softmax.value_and_grad, SOFTMAX),
        ("negative_sampling", generated.negative_sampling.value_and_grad, SAMPLING),
        ("window of naive_softmax", generated.skip_gram.naive_softmax_value_and_grad, WINDOW),
        (
            "window of negative_sampling",
            generated.skip_gram.negative_sampling_value_and_grad,
            SAMPLING_WINDOW,
        ),
        ("batch of naive_softmax", generated.naive_softmax.batch_value_and_grad, BATCH),
        ("batch of negative_sampling", generated.negative_sampling.batch_value_and_grad,
         SAMPLING_BATCH),
    )  # fmt: skip
    for name, function, subject in ours:
        yield Kernel(f"generated: {name}", "", subject, lambda function=function: function)
    for kernel in CORRECT_STEPS:
        yield Kernel(f"NumPy: {kernel.what[:40]}", "", kernel.subject, kernel.make)
    called, _ = installed(PEERS[1:], without)
    for library in called.values():
        for subject in (SAMPLING,) if library.name == "scipy" else (SOFTMAX, SAMPLING):
            made = _of_library(library, subject)
            name = f"{library.name}: {subject.claim}"
            yield Kernel(name, "", subject, lambda made=made: made, ordinary=True)


def _of_library(library: Implementation, subject: Subject) -> Callable[..., Any]:
    """What `benchmarks.accuracy` measures, called like the kernels."""

    def kernel(v_c: Any, o: int, U: Any, negatives: Any = None) -> Any:
        drawn = None if negatives is None else np.array(negatives)
        arrays = (np.array(v_c), o, np.array(U), drawn)
        return tuple(library.value_and_grad(Pair(*arrays)))

    if subject is SOFTMAX:
        return lambda v_c, o, U: kernel(v_c, o, U)
    return kernel
