"""Documents and their kernels: verdicts of lines; gradients against losses typed by hand."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import HealthCheck, given, settings
from sympy import IndexedBase, Symbol

import generated
from codegen.emitted import GENERATED, texts_in
from codegen.kernel import Document
from derivations.claim import Verdict
from derivations.indices import IndexSet
from derivations.language.index_nodes import unfold
from derivations.proof.judge import judge
from derivations.reader.equation import Line
from derivations.report.subject import document
from tests.backends import BACKENDS, SHARE, for_jax, kernels_of, loops
from tests.codegen.programs import World, tabulated
from tests.documents import written
from tests.kernels.properties import drawn, times
from tests.planting import Mutant, Rewritten, fails, first_shown, mistakes, package_of
from tests.subjects import specified_losses as kinds
from tests.subjects.specified_losses import (
    BITS,
    CHECKS,
    KINDS,
    STEP,
    Kind,
    as_balls,
    dense,
    exact,
    is_close,
    keeps_to_the_exact_value,
)

FOLDER = Path(str(files("derivations")))
SUBJECTS = sorted(path.parent.name for path in FOLDER.glob("*/written.md"))
LONG = {"attention_head", "logistic_regression", "softmax_regression", "two_layer_network"}
JUDGED = [
    pytest.param(subject, marks=[pytest.mark.slow] if subject in LONG else [])
    for subject in SUBJECTS
]
FAULTY = (Verdict.REFUTED, Verdict.ILL_TYPED)


def expected(line: Line) -> Verdict:
    return line.expected or Verdict.PROVED


def test_the_subjects_are_there() -> None:
    assert {"cbow", "contrastive", "glove", "hierarchical_softmax", "word2vec"} <= {*SUBJECTS}
    assert LONG | {"layer_normalisation", "variational_autoencoder"} <= {*SUBJECTS}


@pytest.mark.parametrize("subject", JUDGED)
def test_each_line_has_the_verdict_that_its_document_expects(subject: str) -> None:
    judged = {line.id: judge(line.claim) for line in written(subject).lines}
    wrong = {
        line.id: (judged[line.id].verdict, judged[line.id].reason)
        for line in written(subject).lines
        if judged[line.id].verdict is not expected(line)
    }
    assert wrong == {}
    assert all(each.witness for each in judged.values() if each.verdict is Verdict.REFUTED)


@pytest.mark.parametrize("subject", JUDGED)
def test_each_faulty_line_has_a_correction_that_is_proved(subject: str) -> None:
    faulty = [line for line in written(subject).lines if expected(line) in FAULTY]
    for line in faulty:
        assert line.correction is not None, line.id
        assert judge(line.correction).verdict is Verdict.PROVED, line.id
    assert len(faulty) >= 2


@pytest.mark.parametrize("subject", SUBJECTS)
def test_most_lines_are_proved_and_none_is_expected_to_be_undecided(subject: str) -> None:
    verdicts = [expected(line) for line in written(subject).lines]
    assert verdicts.count(Verdict.PROVED) >= 8
    assert Verdict.UNDECIDED not in verdicts


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_document_names_its_source_and_says_nothing_of_what_reads_it(subject: str) -> None:
    text = document(subject).read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "python" not in text.lower()


DRAWN = np.random.default_rng(11)


def numbers_of(*shape: int) -> Any:
    return DRAWN.integers(-8, 9, shape) / 8


@dataclass(frozen=True)
class Printed:
    """A loss, a case, what its arguments are called in the document, and lines to compare.

    ``names`` maps families, lists and scalars of the document to arguments; ``lines`` maps lines
    to the argument their gradient is by, with the letter of its rows.
    """

    subject: str
    part: str
    loss: Callable[..., Any]
    case: dict[str, Any]
    names: dict[str, str]
    sizes: dict[str, int]
    lines: dict[str, tuple[str, str]] = field(default_factory=dict)


CONTEXT = {"context": [1, 0, 1], "o": 2, "V": numbers_of(3, 2), "U": numbers_of(3, 2)}
SAMPLED = {**CONTEXT, "negatives": [2, 0, 0, 1]}
NAMES = {"c": "context", "o": "o", "U": "U", "V": "V", "w": "negatives"}
GLOVE = {"W": numbers_of(3, 2), "C": numbers_of(3, 2), "b": numbers_of(3), "c": numbers_of(3)}
GLOVE_NAMES = {"W": "W", "W̃": "C", "b": "b", "b̃": "c"}
BATCH = {"Q": numbers_of(3, 2), "K": numbers_of(3, 2), "beta": np.array(1.5)}
BATCH_NAMES = {"Q": "Q", "K": "K", "β": "beta"}

PRINTED = (
    Printed(
        "cbow",
        "s",
        kinds.cbow_naive_softmax,
        CONTEXT,
        NAMES,
        {"N": 3, "d": 2, "C": 3},
        {"s.4": ("V", "x"), "s.5": ("V", "x"), "s.6": ("V", "x"), "u.1": ("U", "x")}
        | {"u.2": ("U", "x")},
    ),
    Printed(
        "cbow",
        "n",
        kinds.cbow_negative_sampling,
        SAMPLED,
        NAMES,
        {"N": 3, "d": 2, "C": 3, "K": 4},
        {"n.2": ("V", "x"), "n.3": ("V", "x"), "n.5": ("U", "x"), "n.6": ("U", "x")},
    ),
    Printed(
        "hierarchical_softmax",
        "s",
        kinds.hierarchical_softmax,
        {
            "v": numbers_of(2),
            "nodes": [1, 3, 1],
            "signs": np.array([1.0, -1.0, -1.0]),
            "Theta": numbers_of(4, 2),
        },
        {"v": "v", "p": "nodes", "s": "signs", "Θ": "Theta"},
        {"M": 4, "d": 2, "L": 3},
        {"s.3": ("v", ""), "s.4": ("v", ""), "s.5": ("v", "")}
        | {"s.6": ("Theta", "x"), "s.7": ("Theta", "x")},
    ),
    Printed(
        "glove",
        "a",
        kinds.glove,
        {**GLOVE, "weights": numbers_of(3, 3), "targets": numbers_of(3, 3)},
        {**GLOVE_NAMES, "f": "weights", "L": "targets"},
        {"N": 3, "d": 2},
        {"a.3": ("W", "x"), "a.4": ("W", "x"), "a.5": ("C", "x"), "a.6": ("C", "x")}
        | {"a.7": ("b", "x"), "a.8": ("c", "x")},
    ),
    Printed(
        "glove",
        "p",
        kinds.glove_list,
        {**GLOVE, "rows": [0, 2, 0, 0], "columns": [1, 1, 1, 0]}
        | {"weights": numbers_of(4), "targets": numbers_of(4)},
        {**GLOVE_NAMES, "r": "rows", "c": "columns", "g": "weights", "T": "targets"},
        {"N": 3, "d": 2, "P": 4},
        {"p.2": ("W", "x"), "p.3": ("C", "x"), "p.4": ("b", "x"), "p.5": ("c", "x")},
    ),
    Printed(
        "contrastive",
        "k",
        kinds.contrastive,
        BATCH,
        BATCH_NAMES,
        {"B": 3, "d": 2},
        {"q.2": ("Q", "b"), "q.3": ("Q", "b"), "q.4": ("Q", "b"), "k.1": ("K", "c")}
        | {"k.2": ("K", "c"), "k.3": ("K", "c"), "t.1": ("beta", ""), "t.2": ("beta", "")},
    ),
    Printed(
        "contrastive",
        "s",
        kinds.contrastive_symmetric,
        BATCH,
        BATCH_NAMES,
        {"B": 3, "d": 2},
        {"s.1": ("Q", "b"), "s.2": ("Q", "b"), "s.3": ("K", "c"), "s.4": ("beta", "")},
    ),
)


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
def test_a_kernel_keeps_its_promise_on_every_back_end(
    backend: str, check: Callable[..., None], kind: Kind, times: int
) -> None:
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
    assert is_close(hess, second(case))
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
MUTANTS = mistakes(Path(__file__).with_name("mutants.diff"), once=False)
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


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_a_planted_fault_is_seen(mutant: Mutant) -> None:
    assert_seen(mutant, package_of(mutant.texts(TEXTS)))


@pytest.mark.slow
@pytest.mark.parametrize("mutant", IN_JAX, ids=str)
def test_a_planted_fault_is_seen_in_the_text_for_jax(mutant: Mutant) -> None:
    assert_seen(mutant, for_jax(mutant.texts(TEXTS)))


@pytest.mark.slow
@pytest.mark.parametrize("mutant", IN_LOOPS, ids=str)
def test_a_planted_fault_is_seen_in_the_loops(mutant: Mutant) -> None:
    assert_seen(mutant, loops(mutant.texts(TEXTS), mutant.seen_by))


def test_most_faults_can_be_planted_in_the_text_of_every_back_end() -> None:
    assert len(IN_JAX) > 0.7 * len(MUTANTS)
    assert len(IN_LOOPS) > 0.9 * len(MUTANTS)
