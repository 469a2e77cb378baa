"""The generated kernels keep to their losses, at sizes of training too; planted faults are seen."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import HealthCheck, given, settings

import generated
from codegen.emitted import GENERATED, texts_in
from tests.backends import BACKENDS, SHARE, for_jax, kernels_of, loops
from tests.kernels.examples import drawn, times
from tests.planting import Mutant, Rewritten, fails, first_shown, package_of
from tests.subjects import kinds
from tests.subjects.kinds import (
    BITS,
    CHECKS,
    CLOSE,
    KINDS,
    STEP,
    Kind,
    as_balls,
    dense,
    is_close,
    keeps_to_the_exact_value,
)
from tests.subjects.mutants import MUTANTS

QUICK = settings(
    max_examples=20, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


# compiling takes seconds a kernel and dtype: the last check calls with either dtype
COMPILED = [
    pytest.param("compiled", CHECKS[-1], kind, marks=pytest.mark.slow, id=f"compiled-{kind.name}")
    for kind in KINDS
]


@times(3)
@pytest.mark.parametrize(
    ("backend", "check", "kind"),
    [
        *(
            pytest.param(backend, check, kind, id=f"{backend}-{check.__name__}-{kind.name}")
            for backend in (*BACKENDS, "loops")
            for check in CHECKS
            for kind in KINDS
        ),
        *COMPILED,
    ],
)
def test_a_kernel(backend: str, check: Callable[..., None], kind: Kind, times: int) -> None:
    kernels = kernels_of(backend)

    @settings(QUICK, max_examples=times * QUICK.max_examples // SHARE[backend])
    @given(kind.cases)
    def every_case(case: dict[str, Any]) -> None:
        check(kernels, kind, case)

    every_case()


def second(case: dict[str, Any]) -> Any:
    """Differences of differences, of the loss by the weights."""
    with ctx.workprec(BITS):
        numbers = {name: as_balls(value) for name, value in case.items()}
        d = len(case["w"])
        out = np.empty((d, d), dtype=object)
        for i, j in np.ndindex(d, d):
            total = 0
            for first, other in product((1, -1), repeat=2):
                w = numbers["w"].copy()
                w[i] += first * STEP
                w[j] += other * STEP
                total += first * other * kinds.logistic_of_targets(**{**numbers, "w": w})
            out[i, j] = total / (2 * STEP) ** 2
        return out


@settings(QUICK)
@given(kinds.examples())
def test_the_hessian_of_a_logistic_regression_is_that_of_its_loss(case: dict[str, Any]) -> None:
    loss, grad, hess = generated.logistic_regression.value_grad_and_hess(**case)
    assert is_close(hess, second(case), CLOSE)
    alone, slope = generated.logistic_regression.value_and_grad(**case)
    assert loss == alone
    assert np.array_equal(grad, slope)


def test_a_hessian_far_from_the_boundary_keeps_its_digits() -> None:
    _, _, hess = generated.logistic_regression.value_grad_and_hess([1.0], [[40.0]], [1.0])
    assert hess[0, 0] == 1600 * np.exp(-40.0) / (1 + np.exp(-40.0)) ** 2


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
        given = {key: as_balls(value) for key, value in case.items()}
        step = as_balls(direction) * arb(STEP)
        above = kind.loss(**{**given, name: given[name] + step})
        below = kind.loss(**{**given, name: given[name] - step})
        return float(kind.loss(**given)), float((above - below) / (2 * STEP))


TEXTS = texts_in(GENERATED)
EXAMPLES = 60


def examples(kind: Kind) -> list[dict[str, Any]]:
    return drawn(kind.cases, EXAMPLES)


def in_jax(mutant: Mutant) -> Mutant:
    """The same replacement in the text for JAX."""
    (numpy, *_) = mutant.changes
    assert isinstance(numpy, Rewritten)
    return replace(mutant, changes=(replace(numpy, file=f"jax/{numpy.file}"),))


def can_be_made(mutant: Mutant) -> bool:
    try:
        mutant.texts(TEXTS)
    except LookupError:
        return False
    return True


def assert_seen(mutant: Mutant, kernels: Any) -> None:
    """Of the kernels of the module at fault one does not keep to its exact values."""
    kinds = [kind for kind in KINDS if kind.module == mutant.seen_by]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert any(
            first_shown(partial(fails, keeps_to_the_exact_value, kernels, kind), examples(kind))
            for kind in kinds
        )


IN_JAX = [one for one in map(in_jax, MUTANTS) if can_be_made(one)]
IN_LOOPS = [replace(one, changes=one.changes[1:]) for one in MUTANTS if one.changes[1:]]


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_planted_fault_is_seen(mutant: Mutant) -> None:
    assert_seen(mutant, package_of(mutant.texts(TEXTS)))


@pytest.mark.parametrize("mutant", IN_JAX, ids=str)
def test_a_planted_fault_is_seen_in_the_text_for_jax(mutant: Mutant) -> None:
    assert_seen(mutant, for_jax(mutant.texts(TEXTS)))


@pytest.mark.parametrize("mutant", IN_LOOPS, ids=str)
def test_a_planted_fault_is_seen_in_the_loops(mutant: Mutant) -> None:
    assert_seen(mutant, loops(mutant.texts(TEXTS), mutant.seen_by))


def test_most_faults_can_be_planted_in_the_text_of_every_back_end() -> None:
    assert len(IN_JAX) > 0.7 * len(MUTANTS)
    assert len(IN_LOOPS) > 0.9 * len(MUTANTS)
