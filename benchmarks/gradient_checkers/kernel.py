"""A kernel to be checked, and what the other checkers make of it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.gradient_checkers.subject import Subject

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
