"""A kernel as two functions of one flat vector."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.gradient_checkers.kernel import value_and_grads
from benchmarks.gradient_checkers.subject import Subject

Array = NDArray[Any]


def loss(
    function: Callable[..., Any], subject: Subject, words: Mapping[str, Any], x: Array
) -> float:
    """The sum of the losses."""
    return float(value_and_grads(function, subject, words, _apart(subject, x))[0])


def gradient(
    function: Callable[..., Any], subject: Subject, words: Mapping[str, Any], x: Array
) -> Array:
    """All gradients in a row."""
    _, gradients = value_and_grads(function, subject, words, _apart(subject, x))
    return np.concatenate([np.asarray(part, dtype=np.float64).ravel() for part in gradients])


def _apart(subject: Subject, x: Array) -> list[Array]:
    shapes = [subject.floats[name] for name in subject.differentiated]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    pairs = zip(np.split(x, ends), shapes, strict=True)
    return [part.reshape(shape).copy() for part, shape in pairs]
