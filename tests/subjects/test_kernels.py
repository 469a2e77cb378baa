"""The kernels of the subjects: gradients on paper, second ones, refusals, planted mistakes."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from flint import ctx
from hypothesis import HealthCheck, given, settings
from sympy import IndexedBase, Symbol

import generated
from codegen.document import Document
from derivations.indices import IndexSet
from derivations.language.index_nodes import unfold
from generated import cbow, contrastive, glove, hierarchical_softmax
from tests.backends import BACKENDS, SHARE, for_jax
from tests.codegen.scene import World, tabulated
from tests.kernels.examples import TEXTS, drawn, times
from tests.planting import Mutant, Rewritten, fails, package_of
from tests.subjects import kinds
from tests.subjects.checks import CHECKS, CLOSE, is_close, keeps_to_the_exact_value
from tests.subjects.kinds import BITS, KINDS, STEP, Kind, balls, exact
from tests.subjects.planted import MUTANTS
from tests.subjects.printed import PRINTED, Printed

# The generated kernels of the derivation files keep to their losses, typed by hand.


QUICK = settings(
    max_examples=20, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)


@times(3)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_kernel(backend: str, kind: Kind, check: Callable[..., None], times: int) -> None:
    @settings(QUICK, max_examples=times * QUICK.max_examples // SHARE[backend])
    @given(kind.cases)
    def every_case(case: dict[str, Any]) -> None:
        check(BACKENDS[backend], kind, case)

    every_case()


# The gradients as the documents print them, in numbers, against the losses typed here by hand.
#
# The right sides are evaluated by walking their trees; the slopes come from ball arithmetic.


@pytest.mark.parametrize(
    "printed", PRINTED, ids=lambda printed: f"{printed.subject}-{printed.part}"
)
def test_a_printed_gradient_is_the_slope_of_the_loss(printed: Printed) -> None:
    by = sorted({argument for argument, _ in printed.lines.values()})
    _, slopes = exact(printed.loss, printed.case, by)
    document = Document(printed.subject)
    for line, (argument, row) in printed.lines.items():
        sides = document.claims[line].sides
        axes = [document.index(printed.part, row), *sides.axes] if row else [*sides.axes]
        found = tabulated(sides.right, tuple(axes), _world(sides.right, printed, axes))
        wanted = np.vectorize(float, otypes=[float])(slopes[argument])
        assert found == pytest.approx(wanted, rel=1e-12, abs=1e-14), line


def _world(expression: Any, printed: Printed, axes: list[Any]) -> World:
    """The case as values of the families, words and sizes of the document; members from zero."""

    def size(space: IndexSet) -> int:
        return printed.sizes[str(space.upper)]

    families, symbols, spaces = {}, {}, {axis.space for axis in axes}
    for node in _everything(expression):
        if isinstance(node, IndexedBase):
            families[node] = _family(printed.case[printed.names[str(node)]])
        elif isinstance(node, Symbol) and hasattr(node, "space"):
            spaces.add(node.space)
        elif isinstance(node, Symbol) and str(node) in printed.sizes:
            symbols[node] = printed.sizes[str(node)]
        if isinstance(node, Symbol) and printed.names.get(str(node)) in printed.case:
            symbols[node] = printed.case[printed.names[str(node)]]
    return World({space: range(size(space)) for space in spaces}, families, symbols)


def _everything(expression: Any) -> set[Any]:
    """Every symbol and family that occurs, in the bodies of definitions as well."""
    whole = unfold(expression)
    return {*whole.atoms(Symbol), *whole.atoms(IndexedBase)}


def _family(value: Any) -> Callable[..., Any]:
    array = np.asarray(value)
    return lambda *at: array[at]


# The checks see mistakes planted in the emitted code.


FEW, CASES = 60, 400


def examples(kind: Kind, count: int = FEW) -> list[dict[str, Any]]:
    """The cases of a kind that mutants are tried on."""
    return drawn(kind.cases, count)


def is_seen(mutant: Mutant, kernels: Any) -> bool:
    """Whether some kind of kernel is not what it should be: at few cases, or at more."""
    module = mutant.meant.partition(":")[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return any(
            fails(keeps_to_the_exact_value, kernels, kind, case)
            for count in (FEW, CASES)
            for kind in KINDS
            if kind.module == module
            for case in examples(kind, count)
        )


def in_jax(mutant: Mutant) -> Mutant:
    """The same mistake in the text for JAX."""
    (change,) = mutant.changes
    assert isinstance(change, Rewritten)
    return replace(mutant, changes=(replace(change, file=f"jax/{change.file}"),))


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_planted_mistake_is_seen(mutant: Mutant) -> None:
    assert is_seen(mutant, package_of(mutant.texts(TEXTS)))


IN_JAX = [one for one in map(in_jax, MUTANTS) if not fails(one.texts, TEXTS)]


@pytest.mark.parametrize("mutant", IN_JAX, ids=str)
def test_a_planted_mistake_is_seen_in_the_text_for_jax(mutant: Mutant) -> None:
    assert is_seen(mutant, for_jax(mutant.texts(TEXTS)))


def test_most_mistakes_can_be_planted_in_the_text_for_jax() -> None:
    assert len(IN_JAX) > 0.7 * len(MUTANTS)


# Second derivatives that kernels return: those of losses typed by hand, in ball arithmetic.


def second(case: dict[str, Any]) -> Any:
    """Differences of differences, of the loss by the weights."""
    with ctx.workprec(BITS):
        numbers = {name: balls(value) for name, value in case.items()}
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


# Wrong arguments are refused by name, before any work.


ROWS, SINGLE = np.ones((3, 2)), np.ones((3, 2), np.float32)
CBOW = {"context": [0, 1], "o": 2, "V": ROWS, "U": ROWS}
SAMPLED = {**CBOW, "negatives": [0]}
PATH = {"v": np.ones(2), "nodes": [0, 2], "signs": [1, -1], "Theta": ROWS}
BIASES = {"b": np.ones(3), "c": np.ones(3)}
GLOVE = {"W": ROWS, "C": ROWS, **BIASES, "weights": np.ones((3, 3)), "targets": np.ones((3, 3))}
PAIRS = {"W": ROWS, "C": ROWS, **BIASES, "rows": [0], "columns": [1], "weights": [1.0]} | {
    "targets": [1.0]
}
BATCH = {"Q": ROWS, "K": ROWS, "beta": 1.0}

REFUSED: tuple[tuple[Any, dict[str, Any], dict[str, Any], type[Exception], str], ...] = (
    (cbow.naive_softmax_value_and_grad, CBOW, {"context": []}, ValueError, "context.*C at least 1"),
    (cbow.naive_softmax_loss, CBOW, {"context": np.zeros(0, int)}, ValueError, "context has shape"),
    (
        cbow.naive_softmax_value_and_grad,
        CBOW,
        {"context": [0, 3]},
        IndexError,
        r"context\[1\] is 3",
    ),
    (cbow.naive_softmax_value_and_grad, CBOW, {"context": [-1]}, IndexError, r"context\[0\] is -1"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"context": [0.5]}, TypeError, "context is of dtype"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"o": 3}, IndexError, "o is 3, should be in 0..2"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"o": 1.0}, TypeError, "o is 1.0 of type float"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"V": SINGLE}, TypeError, "one dtype"),
    (cbow.naive_softmax_value_and_grad, CBOW, {"U": ROWS[:2]}, ValueError, "U has shape"),
    (cbow.negative_sampling_value_and_grad, SAMPLED, {"negatives": [[0]]}, ValueError, "negatives"),
    (cbow.negative_sampling_value_and_grad, SAMPLED, {"negatives": [5]}, IndexError, "negatives"),
    (cbow.negative_sampling_loss, SAMPLED, {"context": []}, ValueError, "context"),
    (hierarchical_softmax.value_and_grad, PATH, {"nodes": [0]}, ValueError, "nodes has shape"),
    (hierarchical_softmax.value_and_grad, PATH, {"nodes": [0, 3]}, IndexError, r"nodes\[1\] is 3"),
    (hierarchical_softmax.value_and_grad, PATH, {"signs": [True, False]}, TypeError, "signs is of"),
    (hierarchical_softmax.value_and_grad, PATH, {"signs": [], "nodes": []}, ValueError, "signs"),
    (hierarchical_softmax.loss, PATH, {"v": np.ones(3)}, ValueError, "v has shape"),
    (glove.value_and_grad, GLOVE, {"weights": np.ones((3, 2))}, ValueError, "weights has shape"),
    (glove.value_and_grad, GLOVE, {"b": np.ones(2)}, ValueError, "b has shape"),
    (glove.loss, GLOVE, {"targets": np.ones(3)}, ValueError, "targets has shape"),
    (glove.batch_value_and_grad, PAIRS, {"rows": [0, 1]}, ValueError, "rows has shape"),
    (glove.batch_value_and_grad, PAIRS, {"columns": [9]}, IndexError, r"columns\[0\] is 9"),
    (glove.batch_value_and_grad, PAIRS, {"targets": [1.0, 2.0]}, ValueError, "targets has shape"),
    (contrastive.value_and_grad, BATCH, {"K": ROWS[:2]}, ValueError, "K has shape"),
    (contrastive.value_and_grad, BATCH, {"beta": [1.0]}, ValueError, "beta has shape"),
    (contrastive.symmetric_value_and_grad, BATCH, {"beta": True}, TypeError, "beta is of dtype"),
    (
        contrastive.loss,
        BATCH,
        {"Q": np.ones((0, 2)), "K": np.ones((0, 2))},
        ValueError,
        "at least 1",
    ),
)


@pytest.mark.parametrize(
    ("function", "case", "changes", "error", "message"),
    REFUSED,
    ids=lambda part: "-".join(part) if isinstance(part, dict) and len(part) < 3 else "",
)
def test_a_wrong_argument_is_refused_by_name(
    function: Any, case: dict[str, Any], changes: dict[str, Any], error: Any, message: str
) -> None:
    function(**case)
    with pytest.raises(error, match=message):
        function(**{**case, **changes})
