"""The scalar core, as emitted: which functions, on which ranges, and within how many units.

Units are those of `codegen.rounding.scalars`: u |value|, and at least half the smallest
subnormal. The limits are for the hypotheses as they stand; weaker ones prove less.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from codegen.rounding.scalars import Limit
from generated import naive_softmax
from generated._sigmoid import log_sigmoid, sigmoid

# a kernel and its arguments: plain ones, or numbers with errors
Apply = Callable[..., Any]

LARGEST = {"float64": 1.7976931348623157e308, "float32": 3.4028234663852886e38}
WHOLE = {name: (-high, high) for name, high in LARGEST.items()}
MIDDLE = {name: (-high / 4, high / 4) for name, high in LARGEST.items()}  # products stay in range
SHIFTED = {"float64": (-745.0, 0.0), "float32": (-103.0, 0.0)}  # beyond, the weight is 0


@dataclass(frozen=True)
class Scalar:
    """A function of z, or of the difference z - other of two scores; its limits by dtype.

    ``exact`` is what it is equal to, as it is defined, for balls or for numbers in double.
    One that ``takes_arrays`` is evaluated at many points at a time; of the others ``evaluate``
    builds the arguments of many points at a time, and the kernel is called at each of them.
    """

    name: str
    evaluate: Callable[[Apply, Any, Any], Any]
    exact: Callable[[Any], Any]
    limits: dict[str, Limit]
    takes_arrays: bool = False


def _limits(
    float64: float, float32: float, ranges: dict[str, tuple[float, float]], grows: bool = False
) -> dict[str, Limit]:
    units = {"float64": float64, "float32": float32}
    return {name: Limit(units[name], *ranges[name], grows) for name in units}


def _two_words(z: Any, other: Any) -> tuple[Any, Any]:
    """A center vector and outside vectors whose scores are z and other, without a rounding.

    z and other have one entry along their last axis; where they have more axes, so have both.
    """
    first, second = (np.array(column, z.dtype) for column in ([[1], [0]], [[0], [1]]))
    rows = (..., np.newaxis, slice(None))
    return z * 0 + 1, z[rows] * first + other[rows] * second


def _sigma(z: Any) -> Any:
    return np.exp(_log_sigma(z))


def _log_sigma(z: Any) -> Any:
    return -_softplus(-z)


def _softplus(z: Any) -> Any:
    return np.where(z > 0, z, 0 * z) + np.log1p(np.exp(-abs(z)))


def _loss_of_two(apply: Apply, z: Any, other: Any) -> Any:
    v, U = _two_words(z, other)
    return apply(naive_softmax.loss, v, 1, U)


def _error_of_two(apply: Apply, z: Any, other: Any) -> Any:
    v, U = _two_words(z, other)
    return apply(naive_softmax.value_and_grad, v, 1, U)[2][..., 0, 0]


CORE: tuple[Scalar, ...] = (
    Scalar(
        "sigmoid",
        lambda apply, z, _: apply(sigmoid, z),
        _sigma,
        _limits(5.25, 12, WHOLE),
        takes_arrays=True,
    ),
    Scalar(
        "log_sigmoid",
        lambda apply, z, _: apply(log_sigmoid, z),
        _log_sigma,
        _limits(4.5, 10.5, WHOLE),
        takes_arrays=True,
    ),
    Scalar(
        "softplus",
        lambda apply, z, _: -apply(log_sigmoid, -z),
        _softplus,
        _limits(4.5, 10.5, WHOLE),
        takes_arrays=True,
    ),
    Scalar("loss of two words", _loss_of_two, _softplus, _limits(4.5, 10.5, WHOLE)),
    Scalar("error of two words", _error_of_two, _sigma, _limits(4.5, 8.5, MIDDLE)),
    Scalar("error after a shift", _error_of_two, _sigma, _limits(4.5, 8.5, SHIFTED, grows=True)),
)
