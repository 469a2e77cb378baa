"""The documents: verdicts of their lines, and printed gradients against losses typed by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import IndexedBase, Symbol

from codegen.kernel import Document
from derivations.claim import Verdict
from derivations.indices import IndexSet
from derivations.language.index_nodes import unfold
from derivations.proof.judge import judge
from derivations.reader.derivation import derivation
from derivations.reader.line import Derivation, Line
from tests.codegen.scene import World, tabulated
from tests.subjects import kinds
from tests.subjects.kinds import exact

FOLDER = Path(str(files("derivations")))
SUBJECTS = sorted(path.parent.name for path in FOLDER.glob("*/written.md"))
LONG = {"attention_head", "logistic_regression", "softmax_regression", "two_layer_network"}
JUDGED = [
    pytest.param(subject, marks=[pytest.mark.slow] if subject in LONG else [])
    for subject in SUBJECTS
]
FAULTY = (Verdict.REFUTED, Verdict.ILL_TYPED)


@cache
def document(subject: str) -> Derivation:
    path = FOLDER / subject / "written.md"
    return derivation(path.read_text(encoding="utf-8"), path.name)


def expected(line: Line) -> Verdict:
    return line.expected or Verdict.PROVED


def test_the_subjects_are_there() -> None:
    assert {"cbow", "contrastive", "glove", "hierarchical_softmax", "word2vec"} <= {*SUBJECTS}
    assert LONG | {"layer_normalisation", "variational_autoencoder"} <= {*SUBJECTS}


@pytest.mark.parametrize("subject", JUDGED)
def test_each_line_has_the_verdict_that_its_document_expects(subject: str) -> None:
    judged = {line.id: judge(line.claim) for line in document(subject).lines}
    wrong = {
        line.id: (judged[line.id].verdict, judged[line.id].reason)
        for line in document(subject).lines
        if judged[line.id].verdict is not expected(line)
    }
    assert wrong == {}
    assert all(each.witness for each in judged.values() if each.verdict is Verdict.REFUTED)


@pytest.mark.parametrize("subject", JUDGED)
def test_each_faulty_line_has_a_correction_that_is_proved(subject: str) -> None:
    faulty = [line for line in document(subject).lines if expected(line) in FAULTY]
    for line in faulty:
        assert line.correction is not None, line.id
        assert judge(line.correction).verdict is Verdict.PROVED, line.id
    assert len(faulty) >= 2


@pytest.mark.parametrize("subject", SUBJECTS)
def test_most_lines_are_proved_and_none_is_expected_to_be_undecided(subject: str) -> None:
    verdicts = [expected(line) for line in document(subject).lines]
    assert verdicts.count(Verdict.PROVED) >= 8
    assert Verdict.UNDECIDED not in verdicts


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_document_names_its_source_and_says_nothing_of_what_reads_it(subject: str) -> None:
    text = (FOLDER / subject / "written.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "python" not in text.lower()


RNG = np.random.default_rng(11)


def numbers(*shape: int) -> Any:
    return RNG.integers(-8, 9, shape) / 8


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


CONTEXT = {"context": [1, 0, 1], "o": 2, "V": numbers(3, 2), "U": numbers(3, 2)}
SAMPLED = {**CONTEXT, "negatives": [2, 0, 0, 1]}
NAMES = {"c": "context", "o": "o", "U": "U", "V": "V", "w": "negatives"}
GLOVE = {"W": numbers(3, 2), "C": numbers(3, 2), "b": numbers(3), "c": numbers(3)}
GLOVE_NAMES = {"W": "W", "W̃": "C", "b": "b", "b̃": "c"}
BATCH = {"Q": numbers(3, 2), "K": numbers(3, 2), "beta": np.array(1.5)}
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
            "v": numbers(2),
            "nodes": [1, 3, 1],
            "signs": np.array([1.0, -1.0, -1.0]),
            "Theta": numbers(4, 2),
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
        {**GLOVE, "weights": numbers(3, 3), "targets": numbers(3, 3)},
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
        | {"weights": numbers(4), "targets": numbers(4)},
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
