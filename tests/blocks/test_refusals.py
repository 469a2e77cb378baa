"""Every wrong argument of the kernels of lists is refused by name, and nothing is changed."""

from typing import Any

import numpy as np
import pytest

from generated import blocks
from tests.blocks.given import MOST, RATE, given

GOOD = given()
FUNCTIONS = ("loss", "value_and_grad", "sgd_step")


def with_word(name: str, place: tuple[int, int], word: int) -> Any:
    array = GOOD[name].copy()
    array[place] = word
    return array


ANYWHERE: tuple[tuple[str, Any, type[Exception], str], ...] = (
    ("V", GOOD["V"][0], ValueError, "V has shape (3,)"),
    ("U", GOOD["U"][:4], ValueError, "U has shape (4, 3)"),
    ("U", GOOD["U"].astype("f4"), TypeError, "V is float64, U is float32"),
    ("centers", GOOD["centers"][0], ValueError, "centers has shape (2,)"),
    ("centers", with_word("centers", (2, 1), 5), IndexError, "centers[2, 1] is 5"),
    ("centers", GOOD["centers"][:, :0], ValueError, "centers has shape (3, 0)"),
    ("lists", GOOD["lists"][:, 1:], ValueError, "lists has shape (3, 3)"),
    ("lists", GOOD["lists"][:2], ValueError, "lists has shape (2, 4)"),
    ("lists", with_word("lists", (0, 3), -1), IndexError, "lists[0, 3] is -1"),
    ("lists", GOOD["lists"] * 1.0, TypeError, "lists is of dtype float64"),
    ("kinds", GOOD["kinds"][:, :1], ValueError, "kinds has shape (3, 1)"),
    ("kinds", with_word("kinds", (1, 0), 3), IndexError, "kinds[1, 0] is 3, should be in 0..2"),
    ("kinds", GOOD["kinds"] > 0, TypeError, "kinds is of dtype bool"),
    ("weights", GOOD["weights"][:, 1:], ValueError, "signs has shape (4,)"),
    ("weights", GOOD["weights"][:0], ValueError, "weights has shape (0, 4)"),
    ("weights", GOOD["weights"].astype("f4"), TypeError, "V is float64"),
    ("signs", GOOD["signs"][:3], ValueError, "signs has shape (3,)"),
    ("signs", None, TypeError, "signs is of dtype object"),
)
IN_A_STEP: tuple[tuple[str, Any, type[Exception], str], ...] = (
    ("V", GOOD["V"].tolist(), TypeError, "V is [["),
    ("U", np.broadcast_to(1.0, (5, 3)), ValueError, "U is read-only"),
    ("rate", [0.5], ValueError, "rate has shape (1,)"),
    ("most", True, TypeError, "most is of dtype bool"),
    ("most", np.ones(2), ValueError, "most has shape (2,)"),
)
CALLS = [
    (function, *fault)
    for function in FUNCTIONS
    for fault in (ANYWHERE + IN_A_STEP if function == "sgd_step" else ANYWHERE)
]


@pytest.mark.parametrize(("function", "name", "value", "error", "was"), CALLS)
def test_a_wrong_argument_is_refused_and_changes_nothing(
    function: str, name: str, value: Any, error: type[Exception], was: str
) -> None:
    case: dict[str, Any] = {**given(), **_more(function), name: value}
    with pytest.raises(error) as caught:
        getattr(blocks, function)(**case)
    assert str(caught.value).startswith(was)
    for matrix in {"V", "U"} - {name}:
        assert np.array_equal(case[matrix], GOOD[matrix])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_arguments_that_the_faults_are_planted_in_are_good(function: str) -> None:
    case = {**given(), **_more(function)}
    getattr(blocks, function)(**case)
    assert np.array_equal(case["V"], GOOD["V"]) == (function != "sgd_step")
    assert {name for asked, name, *_ in CALLS if asked == function} == {*case}


def _more(function: str) -> dict[str, Any]:
    return {"rate": RATE, "most": MOST} if function == "sgd_step" else {}
