"""The accuracy promise at sizes that are trained with, where sums are long."""

from typing import Any

import numpy as np
import pytest

import generated
from tests.kernels.calls import value_and_grad
from tests.kernels.cases import Batch, Case, Pair, Window
from tests.kernels.promise import assert_promise

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])
SCALES = pytest.mark.parametrize("scale", [0.01, 0.3, 2.0])


def assert_kept(case: Case) -> None:
    assert_promise(value_and_grad(generated, case), case)


@DTYPES
@SCALES
@pytest.mark.parametrize("K", [None, 20])
def test_a_pair_of_many_coordinates_keeps_the_promise(
    dtype: Any, scale: float, K: int | None
) -> None:
    rng = np.random.default_rng(1)
    U = (scale * rng.normal(size=(300, 100))).astype(dtype)
    negatives = None if K is None else rng.integers(300, size=K)
    assert_kept(Pair((scale * rng.normal(size=100)).astype(dtype), 7, U, negatives))


@DTYPES
@SCALES
@pytest.mark.parametrize("K", [None, 5])
def test_a_batch_of_many_repeats_keeps_the_promise(dtype: Any, scale: float, K: int | None) -> None:
    """Words drawn by frequency: the first ones turn up again and again."""
    rng = np.random.default_rng(2)
    V, U = (scale * rng.normal(size=(2, 40, 30))).astype(dtype)
    words = np.minimum(rng.geometric(0.2, size=(64, 7)), 39)
    negatives = None if K is None else words[:, 2:]
    assert_kept(Batch(V, U, words[:, 0], words[:, 1], negatives))


@DTYPES
@pytest.mark.parametrize("K", [None, 5])
def test_a_long_window_keeps_the_promise(dtype: Any, K: int | None) -> None:
    rng = np.random.default_rng(3)
    V, U = rng.normal(size=(2, 40, 30)).astype(dtype)
    outside = rng.integers(5, size=50)
    negatives = None if K is None else rng.integers(5, size=(50, K))
    assert_kept(Window(3, outside, V, U, negatives))
