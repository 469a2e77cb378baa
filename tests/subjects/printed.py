"""What the documents print: losses typed by hand, cases for them, and lines to compare. Data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tests.subjects import losses

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
        losses.cbow_naive_softmax,
        CONTEXT,
        NAMES,
        {"N": 3, "d": 2, "C": 3},
        {"s.4": ("V", "x"), "s.5": ("V", "x"), "s.6": ("V", "x"), "u.1": ("U", "x")}
        | {"u.2": ("U", "x")},
    ),
    Printed(
        "cbow",
        "n",
        losses.cbow_negative_sampling,
        SAMPLED,
        NAMES,
        {"N": 3, "d": 2, "C": 3, "K": 4},
        {"n.2": ("V", "x"), "n.3": ("V", "x"), "n.5": ("U", "x"), "n.6": ("U", "x")},
    ),
    Printed(
        "hierarchical_softmax",
        "s",
        losses.hierarchical_softmax,
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
        losses.glove,
        {**GLOVE, "weights": numbers(3, 3), "targets": numbers(3, 3)},
        {**GLOVE_NAMES, "f": "weights", "L": "targets"},
        {"N": 3, "d": 2},
        {"a.3": ("W", "x"), "a.4": ("W", "x"), "a.5": ("C", "x"), "a.6": ("C", "x")}
        | {"a.7": ("b", "x"), "a.8": ("c", "x")},
    ),
    Printed(
        "glove",
        "p",
        losses.glove_list,
        {**GLOVE, "rows": [0, 2, 0, 0], "columns": [1, 1, 1, 0]}
        | {"weights": numbers(4), "targets": numbers(4)},
        {**GLOVE_NAMES, "r": "rows", "c": "columns", "g": "weights", "T": "targets"},
        {"N": 3, "d": 2, "P": 4},
        {"p.2": ("W", "x"), "p.3": ("C", "x"), "p.4": ("b", "x"), "p.5": ("c", "x")},
    ),
    Printed(
        "contrastive",
        "k",
        losses.contrastive,
        BATCH,
        BATCH_NAMES,
        {"B": 3, "d": 2},
        {"q.2": ("Q", "b"), "q.3": ("Q", "b"), "q.4": ("Q", "b"), "k.1": ("K", "c")}
        | {"k.2": ("K", "c"), "k.3": ("K", "c"), "t.1": ("beta", ""), "t.2": ("beta", "")},
    ),
    Printed(
        "contrastive",
        "s",
        losses.contrastive_symmetric,
        BATCH,
        BATCH_NAMES,
        {"B": 3, "d": 2},
        {"s.1": ("Q", "b"), "s.2": ("Q", "b"), "s.3": ("K", "c"), "s.4": ("beta", "")},
    ),
)
