"""Wrong arguments for the kernels of blocks. Data."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.spans.case import Blocks

GOOD = Blocks(
    V=np.arange(8.0).reshape(4, 2),
    U=np.ones((4, 2)),
    centers=np.array([[1, 2, 3], [3, 3, 0]]),
    contexts=np.array([[0, 1, 2, 3, 1], [2, 3, 3, 0, 1]]),
    before=np.array([[1, 0, 1], [0, 1, 1]]),
    after=np.array([[1, 1, 0], [1, 1, 1]]),
    negatives=np.array([[0, 2], [1, 1]]),
    draws=5,
)
RATE = 0.5
FUNCTIONS = ("loss", "value_and_grad", "sgd_step")
SINGLE = GOOD.V.astype(np.float32)


@dataclass(frozen=True, eq=False)
class BadCall:
    """An argument with a wrong value; the message begins with its name and says ``was``."""

    function: str
    fault: str
    argument: str
    value: Any
    error: type[Exception]
    was: str

    def __str__(self) -> str:
        return f"{self.function}: {self.argument} {self.fault}"


def with_word(name: str, place: tuple[int, int], word: int) -> Any:
    array = getattr(GOOD, name).copy()
    array[place] = word
    return array


def read_only() -> Any:
    array = GOOD.V.copy()
    array.flags.writeable = False
    return array


ANYWHERE: tuple[tuple[str, str, Any, type[Exception], str], ...] = (
    ("has one axis", "V", GOOD.V[0], ValueError, "V has shape (2,)"),
    ("has no rows", "V", np.zeros((0, 2)), ValueError, "V has shape (0, 2)"),
    ("holds booleans", "V", GOOD.V > 1, TypeError, "V is "),
    ("is single beside double", "V", SINGLE, TypeError, "V is float32"),
    ("has a row less", "U", GOOD.U[:3], ValueError, "U has shape (3, 2)"),
    ("is wider than V", "U", np.ones((4, 3)), ValueError, "U has shape (4, 3)"),
    ("has one axis", "centers", GOOD.centers[0], ValueError, "centers has shape (3,)"),
    ("has no places", "centers", GOOD.centers[:, :0], ValueError, "centers has shape (2, 0)"),
    ("has a block less", "centers", GOOD.centers[:1], ValueError, "contexts has shape (2, 5)"),
    ("has word N", "centers", with_word("centers", (1, 2), 4), IndexError, "centers[1, 2] is 4"),
    ("has word -1", "centers", with_word("centers", (0, 1), -1), IndexError, "centers[0, 1] is -1"),
    ("holds floats", "centers", GOOD.centers * 1.0, TypeError, "centers is of dtype float64"),
    ("has an odd surplus", "contexts", GOOD.contexts[:, 1:], ValueError, "contexts has shape (2,"),
    ("is narrower", "contexts", GOOD.contexts[:, 3:], ValueError, "contexts has shape (2, 2)"),
    ("has a block less", "contexts", GOOD.contexts[:1], ValueError, "contexts has shape (1, 5)"),
    ("has word N", "contexts", with_word("contexts", (0, 4), 4), IndexError, "contexts[0, 4] is 4"),
    ("has word -9", "contexts", with_word("contexts", (1, 0), -9), IndexError, "contexts[1, 0] is"),
    ("is ragged", "contexts", [[1], [1, 2]], ValueError, "contexts is ragged"),
    ("reaches beyond m", "before", with_word("before", (0, 1), 2), IndexError, "before[0, 1] is 2"),
    ("is negative", "before", with_word("before", (1, 1), -1), IndexError, "before[1, 1] is -1"),
    ("is one for all", "before", np.array([[1]]), ValueError, "before has shape (1, 1)"),
    ("holds booleans", "before", GOOD.before > 0, TypeError, "before is of dtype bool"),
    ("reaches beyond m", "after", with_word("after", (1, 2), 2), IndexError, "after[1, 2] is 2"),
    ("is as wide as contexts", "after", GOOD.contexts, ValueError, "after has shape (2, 5)"),
    ("holds floats", "after", GOOD.after * 1.0, TypeError, "after is of dtype float64"),
    ("has no samples", "negatives", GOOD.negatives[:, :0], ValueError, "negatives has shape (2, 0"),
    ("has one axis", "negatives", [0, 1], ValueError, "negatives has shape (2,)"),
    ("has a block more", "negatives", [[0], [0], [0]], ValueError, "negatives has shape (3, 1)"),
    ("has word N", "negatives", [[0], [4]], IndexError, "negatives[1, 0] is 4"),
    ("has word -1", "negatives", [[0], [-1]], IndexError, "negatives[1, 0] is -1"),
    ("is an array", "draws", [5.0], ValueError, "draws has shape (1,)"),
    ("is text", "draws", "5", TypeError, "draws is of dtype <U1"),
    ("is a boolean", "draws", True, TypeError, "draws is of dtype bool"),
    ("is missing", "draws", None, TypeError, "draws is of dtype object"),
    ("is a single array beside double", "draws", np.array(5, "f4"), TypeError, "draws is float32"),
)
IN_A_STEP: tuple[tuple[str, str, Any, type[Exception], str], ...] = (
    ("is a list", "V", GOOD.V.tolist(), TypeError, "V is [[0.0, 1.0]"),
    ("is a list", "U", GOOD.U.tolist(), TypeError, "U is [[1.0, 1.0]"),
    ("holds integers", "V", GOOD.V.astype(int), TypeError, "V is of dtype int64"),
    ("is of another byte order", "V", GOOD.V.astype(">f8"), TypeError, "V is of dtype >f8"),
    ("holds integers", "U", GOOD.U.astype(int), TypeError, "U is of dtype int64"),
    ("is read-only", "V", read_only(), ValueError, "V is read-only"),
    ("is read-only", "U", np.broadcast_to(1.0, (4, 2)), ValueError, "U is read-only"),
    ("is an array", "rate", [0.5], ValueError, "rate has shape (1,)"),
    ("is a boolean", "rate", True, TypeError, "rate is of dtype bool"),
    ("is a single array beside double", "rate", np.array(1, "f4"), TypeError, "rate is float32"),
)
BAD_CALLS = tuple(
    BadCall(function, *fault)
    for function in FUNCTIONS
    for fault in (ANYWHERE + IN_A_STEP if function == "sgd_step" else ANYWHERE)
)
