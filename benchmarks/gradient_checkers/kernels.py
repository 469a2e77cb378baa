"""Kernels to be checked, what of, and where random points for the other checkers come from."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import derivations

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
