"""All planted bugs: which kernel, checked as what. Data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.gradient_checkers import cbow, own
from benchmarks.gradient_checkers.kernels import (
    BATCH,
    CBOW,
    SAMPLING,
    SAMPLING_BATCH,
    SAMPLING_WINDOW,
    SOFTMAX,
    WINDOW,
    Kernel,
    Subject,
)
from benchmarks.gradient_checkers.steps import of_pairs, of_sums
from benchmarks.gradient_checkers.steps.interface import Kernel as Steps

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
        of_pairs.NoMaxShift,
        of_pairs.LossWithoutMaxShift,
        of_pairs.ShiftByTheOutsideScore,
        of_pairs.ShiftByTheLargestMagnitude,
        of_pairs.LossByLogSumExpMinusScore,
        of_pairs.YhatMinusOne,
        of_pairs.OneHotForgotten,
        of_pairs.SoftmaxErrorOfTheWrongSign,
        of_pairs.DenominatorWithoutTheOutsideWord,
        of_pairs.MeanOverTheVocabulary,
        of_pairs.LossInBits,
        of_pairs.TemperatureOfTwo,
        of_pairs.SmallErrorsDropped,
        of_pairs.YhatClipped,
        of_pairs.TransposedWhereItFits,
        of_pairs.LastRowMissing,
        of_pairs.UnitVector,
        of_pairs.ClippedGradient,
        of_pairs.WeightDecay,
        of_pairs.ScaledScores,
        of_pairs.ScoresInHalfPrecision,
        of_pairs.NanSwallowed,
        of_pairs.GradientsMadeFinite,
        of_sums.ReusedWorkspace,
        of_sums.WorkspaceNotCleared,
        of_sums.AlwaysDouble,
        of_sums.MemoryOrder,
        of_sums.WriteableOnly,
        own.SqueezedRows,
        own.RowsCentredOnTheWay,
        own.RoundedGradient,
        own.PenaltyAlike,
        own.ScoresClippedAlike,
    ),
    *_planted(
        SAMPLING,
        of_pairs.OutsideErrorOfTheWrongSign,
        of_pairs.SigmaMinusOne,
        of_pairs.OutsideWordNeverANegative,
        of_pairs.DistinctDraws,
        of_pairs.LastDrawForgotten,
        of_pairs.MeanOverTheDraws,
        of_pairs.LossOfTheOutsideWordOnly,
        of_pairs.LearnedPairsSkipped,
        of_pairs.AssignedRows,
        of_pairs.BufferedAddition,
        of_pairs.MultiplicitySquared,
        of_pairs.SigmoidThatCancels,
        of_pairs.SigmoidByTanh,
        of_pairs.SigmoidFromATable,
        of_pairs.SigmoidOfFloat32,
        of_pairs.LogOfSigmoid,
        of_pairs.LogSigmoidWithoutLog1p,
        of_pairs.LogSigmoidWithEpsilon,
        of_sums.NegativesSortedInPlace,
        own.NoDrawsNoKernel,
        own.TableBeyondSixAlike,
        own.OutsideWordNeverANegativeAlike,
        own.SmallTermsOfTheWrongSign,
    ),
    *_planted(
        WINDOW,
        of_sums.WindowMean,
        of_sums.RepeatedOutsideWordsDropped,
        of_sums.CentreSkippedInItsWindow,
        of_sums.GradientInTheNextRow,
        own.CentreInItsWindow,
        own.WindowMeanAlike,
    ),
    *_planted(SAMPLING_WINDOW, of_sums.SharedWindowNegatives),
    *_planted(BATCH, of_sums.RepeatedCentresOverwrite, of_sums.MeanLosses, own.SumOverTheWrongAxis),
    *_planted(
        SAMPLING_BATCH,
        of_sums.SharedBatchNegatives,
        of_sums.SummedLosses,
        of_sums.RepeatedRows,
        of_sums.WordsHandedBack,
    ),
    _by_hand(cbow.undivided),
    _by_hand(cbow.buffered),
]
