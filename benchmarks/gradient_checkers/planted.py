"""All planted bugs: which kernel, checked as what. Data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.gradient_checkers import cbow, own
from benchmarks.gradient_checkers.kernel import Kernel
from benchmarks.gradient_checkers.steps import (
    batches,
    gradients,
    memories,
    samplings,
    sigmoids,
    softmaxes,
    windows,
)
from benchmarks.gradient_checkers.steps.interface import Kernel as Steps
from benchmarks.gradient_checkers.subject import (
    BATCH,
    CBOW,
    SAMPLING,
    SAMPLING_BATCH,
    SAMPLING_WINDOW,
    SOFTMAX,
    WINDOW,
    Subject,
)

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
    _by_hand(cbow.right),
]
PLANTED = [
    *_planted(
        SOFTMAX,
        softmaxes.NoMaxShift,
        softmaxes.LossWithoutMaxShift,
        softmaxes.ShiftByTheOutsideScore,
        softmaxes.ShiftByTheLargestMagnitude,
        softmaxes.LossByLogSumExpMinusScore,
        softmaxes.YhatMinusOne,
        softmaxes.OneHotForgotten,
        softmaxes.SoftmaxErrorOfTheWrongSign,
        softmaxes.DenominatorWithoutTheOutsideWord,
        softmaxes.MeanOverTheVocabulary,
        softmaxes.LossInBits,
        softmaxes.TemperatureOfTwo,
        softmaxes.SmallErrorsDropped,
        softmaxes.YhatClipped,
        gradients.TransposedWhereItFits,
        gradients.LastRowMissing,
        gradients.UnitVector,
        gradients.ClippedGradient,
        gradients.WeightDecay,
        gradients.ScaledScores,
        gradients.ScoresInHalfPrecision,
        gradients.NanSwallowed,
        gradients.GradientsMadeFinite,
        memories.ReusedWorkspace,
        memories.WorkspaceNotCleared,
        memories.AlwaysDouble,
        memories.MemoryOrder,
        memories.WriteableOnly,
        own.SqueezedRows,
        own.RowsCentredOnTheWay,
        own.RoundedGradient,
        own.PenaltyAlike,
        own.ScoresClippedAlike,
    ),
    *_planted(
        SAMPLING,
        samplings.OutsideErrorOfTheWrongSign,
        samplings.SigmaMinusOne,
        samplings.OutsideWordNeverANegative,
        samplings.DistinctDraws,
        samplings.LastDrawForgotten,
        samplings.MeanOverTheDraws,
        samplings.LossOfTheOutsideWordOnly,
        samplings.LearnedPairsSkipped,
        samplings.AssignedRows,
        samplings.BufferedAddition,
        samplings.MultiplicitySquared,
        sigmoids.SigmoidThatCancels,
        sigmoids.SigmoidByTanh,
        sigmoids.SigmoidFromATable,
        sigmoids.SigmoidOfFloat32,
        sigmoids.LogOfSigmoid,
        sigmoids.LogSigmoidWithoutLog1p,
        sigmoids.LogSigmoidWithEpsilon,
        memories.NegativesSortedInPlace,
        own.NoDrawsNoKernel,
        own.TableBeyondSixAlike,
        own.OutsideWordNeverANegativeAlike,
        own.SmallTermsOfTheWrongSign,
    ),
    *_planted(
        WINDOW,
        windows.WindowMean,
        windows.RepeatedOutsideWordsDropped,
        windows.CentreSkippedInItsWindow,
        windows.GradientInTheNextRow,
        own.CentreInItsWindow,
        own.WindowMeanAlike,
    ),
    *_planted(SAMPLING_WINDOW, windows.SharedWindowNegatives),
    *_planted(BATCH, batches.RepeatedCentresOverwrite, batches.MeanLosses, own.SumOverTheWrongAxis),
    *_planted(
        SAMPLING_BATCH,
        batches.SharedBatchNegatives,
        batches.SummedLosses,
        batches.RepeatedRows,
        memories.WordsHandedBack,
    ),
    _by_hand(cbow.undivided),
    _by_hand(cbow.buffered),
]
