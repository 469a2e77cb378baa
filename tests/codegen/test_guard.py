"""Inner products that are not finite: NaN where an input is not, else of the right sign."""

from typing import Any

import numpy as np
import pytest

from generated._runtime.products import guarded

BIG = 1.5e308


def product(left: Any, right: Any) -> Any:
    left, right = np.array(left, float), np.array(right, float)
    with np.errstate(all="ignore"):
        return guarded((left * right).sum(axis=-1), left, right)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 1])
def test_an_input_that_is_not_finite_gives_nan(bad: float, place: int) -> None:
    sides = [[1.0, 2.0], [3.0, 4.0]]
    sides[place][1] = bad
    assert np.isnan(product(*sides))


def test_only_the_products_that_it_enters_are_nan() -> None:
    got = product([[1.0, np.inf], [1.0, 1.0]], [1.0, 1.0])
    assert np.isnan(got[0])
    assert got[1] == 2


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([BIG, BIG], [1, 1], np.inf),
        ([BIG, BIG], [-1, -1], -np.inf),
        ([BIG, BIG, BIG], [1, 1, -3], -BIG),
        ([BIG, BIG, BIG], [1, 1, -4], -np.inf),
        ([BIG, -BIG], [BIG, BIG], 0),
        ([BIG, 0, BIG], [BIG, 1, -BIG], 0),
    ],
)
def test_an_overflow_on_the_way_is_mended(left: Any, right: Any, expected: float) -> None:
    assert product(left, right) == pytest.approx(expected, rel=1e-14)


def test_broadcast_sides_are_mended_at_their_own_places() -> None:
    rows = np.array([[BIG, BIG, -BIG], [1.0, 2.0, 3.0]])
    ones = np.array([[[1.0, 1.0, 2.0]], [[1.0, 1.0, 1.0]]])
    got = product(np.broadcast_to(rows, (2, 2, 3)), np.broadcast_to(ones, (2, 2, 3)))
    assert got.tolist() == [[0, 9], [BIG, 6]]


def test_finite_products_are_returned_as_they_are() -> None:
    products = np.array([1.0, 2.0])
    assert guarded(products, np.array([[np.nan]]), np.array([np.nan])) is products


def test_float32_stays_float32() -> None:
    row = np.array([[3e38, 3e38, -3e38]], np.float32)
    with np.errstate(all="ignore"):
        got = guarded(np.array([np.inf], np.float32), row, np.ones(3, np.float32))
    assert got.dtype == np.float32
    assert got[0] == np.float32(3e38)
