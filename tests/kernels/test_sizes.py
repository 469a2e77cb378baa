"""The accuracy promise at sizes that are trained with, where sums are long."""

from typing import Any

import numpy as np
import pytest

import generated
from tests.kernels.backends import BACK_ENDS
from tests.kernels.calls import value_and_grad
from tests.kernels.cases import Batch, Case, Pair, Window
from tests.kernels.promise import assert_promise

DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])
SCALES = pytest.mark.parametrize("scale", [0.01, 0.3, 2.0])


def assert_kept(kernels: Any, case: Case) -> None:
    in_turn = 0 if kernels is generated else most_on_a_row(case)
    assert_promise(value_and_grad(kernels, case), case, in_turn)


def most_on_a_row(case: Case) -> int:
    """How often the most frequent word occurs: compiled loops add its rows one after the other."""
    if isinstance(case, Pair):
        words = [np.array([case.o])]
    elif isinstance(case, Window):
        words = [case.outside]
    else:
        words = [case.centers, case.outsides]
    words += [] if case.negatives is None else [case.negatives.ravel()]
    return max(int(np.bincount(each).max()) for each in (words[0], np.concatenate(words)))


@BACK_ENDS
@DTYPES
@SCALES
@pytest.mark.parametrize("K", [None, 20])
def test_a_pair_of_many_coordinates_keeps_the_promise(
    kernels: Any, dtype: Any, scale: float, K: int | None
) -> None:
    rng = np.random.default_rng(1)
    U = (scale * rng.normal(size=(300, 100))).astype(dtype)
    negatives = None if K is None else rng.integers(300, size=K)
    assert_kept(kernels, Pair((scale * rng.normal(size=100)).astype(dtype), 7, U, negatives))


@BACK_ENDS
@DTYPES
@SCALES
@pytest.mark.parametrize("K", [None, 5])
def test_a_batch_of_many_repeats_keeps_the_promise(
    kernels: Any, dtype: Any, scale: float, K: int | None
) -> None:
    """Words drawn by frequency: the first ones turn up again and again."""
    rng = np.random.default_rng(2)
    V, U = (scale * rng.normal(size=(2, 40, 30))).astype(dtype)
    words = np.minimum(rng.geometric(0.2, size=(64, 7)), 39)
    negatives = None if K is None else words[:, 2:]
    assert_kept(kernels, Batch(V, U, words[:, 0], words[:, 1], negatives))


@BACK_ENDS
@DTYPES
@pytest.mark.parametrize("K", [None, 5])
def test_a_long_window_keeps_the_promise(kernels: Any, dtype: Any, K: int | None) -> None:
    rng = np.random.default_rng(3)
    V, U = rng.normal(size=(2, 40, 30)).astype(dtype)
    outside = rng.integers(5, size=50)
    negatives = None if K is None else rng.integers(5, size=(50, K))
    assert_kept(kernels, Window(3, outside, V, U, negatives))
