"""The accuracy promise at sizes that are trained with, and where one word is most of the text."""

from typing import Any

import numpy as np
import pytest
from flint import ctx

import generated
from tests.kernels.oracle import WORKING
from tests.spans.cases import Blocks, value_and_grad
from tests.spans.oracle import assert_promise

pytestmark = pytest.mark.usefixtures("either_way")
DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


def text(G: int, S: int, m: int, R: int, d: int, often: float, scale: float, dtype: Any) -> Blocks:
    """Words drawn by frequency, so that the first ones turn up again and again."""
    rng = np.random.default_rng(G + S)
    V, U = (scale * rng.normal(size=(2, 40, d))).astype(dtype)
    contexts, negatives = (
        np.minimum(rng.geometric(often, size=(G, places)) - 1, 39) for places in (S + 2 * m, R)
    )
    before, after = rng.integers(1, m, size=(2, G, S), endpoint=True)
    return Blocks(V, U, contexts[:, m : m + S], contexts, before, after, negatives, 5)


def assert_kept(case: Blocks) -> None:
    with ctx.workprec(WORKING):
        assert_promise(value_and_grad(generated, case), case)


@DTYPES
@pytest.mark.parametrize("scale", [0.01, 0.3, 2.0])
def test_blocks_that_are_trained_with_keep_the_promise(dtype: Any, scale: float) -> None:
    assert_kept(text(4, 16, 5, 16, 30, 0.2, scale, dtype))


@DTYPES
@pytest.mark.parametrize("often", [0.5, 1.0])
def test_a_long_block_of_few_words_keeps_the_promise(dtype: Any, often: float) -> None:
    """With ``often`` of 1 the text is one word, and so are all samples."""
    assert_kept(text(1, 64, 5, 64, 3, often, 0.5, dtype))


@DTYPES
def test_many_blocks_of_one_word_keep_the_promise(dtype: Any) -> None:
    assert_kept(text(150, 4, 2, 4, 2, 1.0, 0.5, dtype))


@DTYPES
def test_equal_vectors_keep_the_promise(dtype: Any) -> None:
    """Every term is the same, so that roundings do not cancel."""
    case = text(1, 64, 5, 64, 2, 1.0, 0.5, dtype)
    case.V[...], case.U[...] = 0.1, 0.3
    assert_kept(case)
