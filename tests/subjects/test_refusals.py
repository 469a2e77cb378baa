"""Wrong arguments are refused by name, before any work."""

from typing import Any

import numpy as np
import pytest

from generated import cbow, contrastive, glove, hierarchical_softmax

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
