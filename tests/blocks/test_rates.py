"""A row whose mass times the rate is above the bound moves at a rate that comes to the bound."""

from typing import Any

import numpy as np
import pytest

from generated import blocks
from tests.blocks.given import MOST, RATE, given

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def masses(case: dict[str, Any]) -> dict[str, Any]:
    """Counted pair by pair."""
    found = {"V": np.zeros(5), "U": np.zeros(5)}
    for g, p in np.ndindex(*case["centers"].shape):
        for place, word in enumerate(case["lists"][g]):
            weight = case["weights"][case["kinds"][g, p], place]
            found["V"][case["centers"][g, p]] += weight
            found["U"][word] += weight
    return found


@DTYPES
@pytest.mark.parametrize("most", [MOST, 0.1, 1e6])
def test_rows_move_at_their_own_rates(dtype: Any, most: float) -> None:
    case, start = given(dtype), given(dtype)
    _, grad_V, grad_U = blocks.value_and_grad(**start)
    blocks.sgd_step(**case, rate=RATE, most=most)
    for name, grad in (("V", grad_V), ("U", grad_U)):
        mass = masses(start)[name]
        rates = np.minimum(RATE, most / np.maximum(mass, 1e-9))
        wanted = start[name] - rates[:, np.newaxis] * grad.dense(5)
        assert case[name] == pytest.approx(wanted, rel=1e-5, abs=1e-6)
        slowed = int((rates < RATE).sum())
        assert slowed == {MOST: slowed, 0.1: np.count_nonzero(mass), 1e6: 0}[most]


@DTYPES
def test_with_no_bound_all_rows_move_at_the_rate(dtype: Any) -> None:
    case, start = given(dtype), given(dtype)
    _, grad_V, _ = blocks.value_and_grad(**start)
    blocks.sgd_step(**case, rate=RATE, most=np.inf)
    wanted = start["V"] - case["V"].dtype.type(RATE) * grad_V.dense(5)
    assert np.array_equal(case["V"], wanted)


def test_at_this_bound_some_rows_are_slowed_and_some_are_not() -> None:
    mass = masses(given())
    slowed = np.concatenate((mass["V"], mass["U"])) * RATE > MOST
    assert slowed.any()
    assert not slowed.all()


@DTYPES
def test_a_row_that_nothing_moves_stays(dtype: Any) -> None:
    case = given(dtype)
    case["weights"][...] = 0
    before = case["U"].copy()
    with np.errstate(all="raise"):
        blocks.sgd_step(**case, rate=RATE, most=MOST)
    assert np.array_equal(case["U"], before)


def test_no_blocks_move_nothing() -> None:
    case = given()
    for name in ("centers", "lists", "kinds"):
        case[name] = case[name][:0]
    assert blocks.loss(**case) == 0
    before = case["V"].copy()
    blocks.sgd_step(**case, rate=RATE, most=MOST)
    assert np.array_equal(case["V"], before)


def test_a_score_out_of_range_that_does_not_count_costs_nothing() -> None:
    V, U = np.array([[1e200], [1.0]]), np.array([[1.0], [-1e200]])
    case = {"centers": [[0]], "lists": [[0, 1]], "kinds": [[0]], "signs": np.array([-1.0, -1.0])}
    counted = blocks.loss(V, U, **case, weights=np.array([[1.0, 1.0]]))
    assert counted == np.inf
    assert blocks.loss(V, U, **case, weights=np.array([[1.0, 0.0]])) == 0
