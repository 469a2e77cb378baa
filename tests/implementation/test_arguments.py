"""What cannot be checked as asked is refused, with what would do."""

from __future__ import annotations

from typing import Any

import pytest

from derivations import check_kernel
from derivations.implementation import BadArguments
from tests.implementation.kernels import rows, softmax

PAIR = {"v_c": "V[c]", "o": "o", "U": "U"}


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: check_kernel(3, "c.any"), "a function is checked, not a int"),
        (lambda: check_kernel(softmax, "naive_softmaks"), "did you mean naive_softmax"),
        (lambda: check_kernel(softmax, "c.any2"), "did you mean c.any"),
        (lambda: check_kernel(softmax, "c.any"), r"takes \(v_c, o, U\); say which argument"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "W": "U"}), "no argument 'W'"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "U": "Q"}), "there is no 'Q' here"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "U": "U[["}), "is not a symbol such as"),
        (lambda: check_kernel(softmax, "c.any", {**PAIR, "v_c": "V[q]"}), "'q' is no index"),
        (lambda: check_kernel(softmax, "c.any", {"v_c": "V[c]", "U": "U"}), "needs the index o"),
        (lambda: check_kernel(softmax, "c.any", {"v_c": "V[c]", "o": "o"}), "no argument holds U"),
        (lambda: check_kernel(rows, "negative_sampling", returns="grad_V"), "there is no 'grad_V'"),
        (lambda: check_kernel(rows, "negative_sampling", returns=(None,)), "name at least one"),
        (lambda: check_kernel(softmax, "naive_softmax", dtypes=["float16"]), "'float16'"),
        (lambda: check_kernel(softmax, "naive_softmax", dtypes=[]), "name at least one"),
        (lambda: check_kernel(softmax, "a.1", derivation="nowhere.md"), "nowhere.md"),
        (lambda: check_kernel(lambda c, near, V: V, "h.center"), "has no values in numbers"),
    ],
)
def test_wrong_usage_says_what_was_expected(call: Any, message: str) -> None:
    with pytest.raises(BadArguments, match=message):
        call()


def test_claims_that_leave_entries_open_are_refused() -> None:
    """g.untouched is about rows that are neither the outside word nor drawn: not all of U."""
    arguments = {"v_c": "V[c]", "o": "o", "U": "U", "negatives": "n"}
    with pytest.raises(BadArguments, match="none is covered by the claims"):
        check_kernel(rows, "g.outside", arguments)


def test_a_line_that_is_not_proved_is_no_measure() -> None:
    with pytest.raises(BadArguments, match=r"a\.2 is refuted"):
        check_kernel(lambda X, w, y: w, "a.2", derivation="examples/homework.md")


def test_a_converter_that_fails_is_not_the_kernel_s_mistake() -> None:
    def convert(array: Any) -> Any:
        raise TypeError("not today")

    with pytest.raises(BadArguments, match="not today"):
        check_kernel(softmax, "naive_softmax", convert=convert)
