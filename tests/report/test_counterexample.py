"""A counterexample can be read at a glance and typed into Python."""

from dataclasses import replace

from derivations.report.statement import as_python, in_short
from tests.report.pretend import WITNESS


def test_the_lines_run_as_python_and_give_the_values() -> None:
    names: dict[str, object] = {}
    exec("\n".join(as_python(WITNESS)), names)
    assert names["N"] == 2
    assert names["c"] == 1
    assert names["near"] == {-1: 2, 1: 1}
    assert names["V"] == [[0.5], [-1]]
    assert names["z"] == 3


def test_an_entry_that_neither_side_reads_is_zero() -> None:
    sparse = replace(WITNESS, words={}, values={"U[2,2]": "1", "U[1,1]": "5"})
    assert as_python(sparse) == ["N, d = 2, 1", "U = [[5, 0], [0, 1]]"]


def test_in_short_it_is_the_sizes_and_both_sides() -> None:
    assert in_short(WITNESS) == "N=2, d=1: 0.268 ≠ 0.731"


def test_sides_that_are_close_are_shown_with_the_digits_that_tell_them_apart() -> None:
    close = replace(WITNESS, left=("-1.00001", "-1.000009"), right=("-1.00002", "-1.00002"))
    assert in_short(close) == "N=2, d=1: −1.00001 ≠ −1.00002"


def test_a_side_that_may_be_zero_is_shown_as_zero() -> None:
    around_zero = replace(WITNESS, left=("-0.00000001", "0.00000001"))
    assert in_short(around_zero) == "N=2, d=1: 0 ≠ 0.731"


def test_sides_closer_than_floats_are_shown_as_certified() -> None:
    low, high = "1.00000000000000000001", "1.00000000000000000002"
    tiny = replace(WITNESS, sizes={}, left=(low, low), right=(high, high))
    assert in_short(tiny) == f"{low} ≠ {high}"
