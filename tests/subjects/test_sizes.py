"""At sizes that are trained with: the slope along a direction, of losses typed by hand."""

from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

import generated
from tests.subjects.checks import dense
from tests.subjects.exact import BITS, STEP, balls
from tests.subjects.kinds import KINDS, Kind

RNG = np.random.default_rng(29)
N, D = 40, 12
WORDS = {"context": RNG.integers(0, 6, 9), "negatives": RNG.integers(0, 6, 15)}
CELLS = {"rows": RNG.integers(0, 8, 30), "columns": RNG.integers(0, 8, 30)}


def numbers(*shape: int) -> Any:
    return RNG.normal(size=shape) / 2


BIASES = {"b": numbers(N), "c": numbers(N)}
CASES: dict[str, dict[str, Any]] = {
    "cbow.naive_softmax_value_and_grad": {
        "context": WORDS["context"],
        "o": 3,
        "V": numbers(N, D),
        "U": numbers(N, D),
    },
    "cbow.negative_sampling_value_and_grad": {
        **WORDS,
        "o": 3,
        "V": numbers(N, D),
        "U": numbers(N, D),
    },
    "hierarchical_softmax.value_and_grad": {
        "v": numbers(D),
        "nodes": RNG.permutation(N)[:17],
        "signs": RNG.choice([-1.0, 1.0], 17),
        "Theta": numbers(N, D),
    },
    "glove.value_and_grad": {
        "W": numbers(N, D),
        "C": numbers(N, D),
        **BIASES,
        "weights": numbers(N, N) ** 2,
        "targets": numbers(N, N),
    },
    "glove.batch_value_and_grad": {
        "W": numbers(N, D),
        "C": numbers(N, D),
        **BIASES,
        **CELLS,
        "weights": numbers(30) ** 2,
        "targets": numbers(30),
    },
    "contrastive.value_and_grad": {
        "Q": numbers(N, D),
        "K": numbers(N, D),
        "beta": np.array(5.0),
    },
    "contrastive.symmetric_value_and_grad": {
        "Q": numbers(N, D),
        "K": numbers(N, D),
        "beta": np.array(5.0),
    },
    "logistic_regression.value_and_grad": {
        "w": numbers(D),
        "X": numbers(N, D),
        "t": RNG.random(N),
    },
    "logistic_regression.margin_value_and_grad": {
        "w": numbers(D),
        "X": numbers(N, D),
        "t": RNG.choice([-1.0, 1.0], N),
        "b": np.array(0.25),
        "penalty": np.array(0.1),
    },
    "layer_normalisation.value_and_grad": {
        "x": numbers(N),
        "gain": numbers(N),
        "shift": numbers(N),
        "epsilon": np.array(1e-5),
        "upstream": numbers(N),
    },
    "attention_head.value_and_grad": {
        "Q": numbers(12, D),
        "K": numbers(15, D),
        "V": numbers(15, D - 2),
        "scale": np.array(1.5),
        "upstream": numbers(12, D - 2),
    },
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_each_gradient_is_the_slope_along_a_direction(kind: Kind) -> None:
    case = CASES[kind.name]
    loss, *gradients = kind(generated, case)
    for name, gradient in zip(kind.by, gradients, strict=True):
        direction = numbers(*case[name].shape)
        terms = dense(gradient, len(case[name]) if case[name].shape else 0) * direction
        value, slope = along(kind, case, name, direction)
        assert loss == pytest.approx(value, rel=1e-13)
        assert abs(np.sum(terms) - slope) <= 1e-13 * np.abs(terms).sum(), name


def along(kind: Kind, case: dict[str, Any], name: str, direction: Any) -> tuple[float, float]:
    """The loss and its slope, rounded at the very end."""
    with ctx.workprec(BITS):
        given = {key: balls(value) for key, value in case.items()}
        step = balls(direction) * arb(STEP)
        above = kind.loss(**{**given, name: given[name] + step})
        below = kind.loss(**{**given, name: given[name] - step})
        return float(kind.loss(**given)), float((above - below) / (2 * STEP))
