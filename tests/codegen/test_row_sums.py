"""Row-sparse gradients: every term falls on its word, and what meets there is added."""

import numpy as np
import pytest
from sympy import Expr, KroneckerDelta

from codegen.arrays.computed_nodes import RowSums, Totals
from codegen.arrays.nodes import LoweringError
from codegen.lower.row_gradients import row_sums as lowered_row_sums
from codegen.lower.row_gradients import row_totals
from derivations.indices import total
from derivations.word2vec.losses import U, V, b, centers, draw, i, j, k, near, o, outsides, x
from generated._runtime.rows import RowGrad, row_sums
from tests.codegen.interpreter import tabulated
from tests.codegen.scene import COIN, SCALE, arguments, lowering, run, world


def at(word: Expr) -> Expr:
    return KroneckerDelta(x, word)


TOUCHED = {
    "one word": at(o) * SCALE * V[o, i],
    "draws": total(at(draw[k]) * COIN[k] * V[o, i], k),
    "a word and draws, multiplied out": (total(at(draw[k]) * COIN[k], k) - 3 * at(o)) * V[o, i],
    "rows that do not vary": total(at(draw[k]) * V[o, i], k),
    "a sum beside the word": at(o) * total(COIN[k] * U[draw[k], i], k),
    "pairs": total(at(centers[b]) * U[outsides[b], i], b),
    "draws of pairs": total(
        (total(at(draw[k]) * COIN[k], k) - at(outsides[b])) * V[centers[b], i], b
    ),
    "a window": total((1 - KroneckerDelta(j, 0)) * at(near[j]) * U[near[j], i], j),
    "a window around a word": at(o) * total((1 - KroneckerDelta(j, 0)) * U[near[j], i], j),
}


@pytest.mark.parametrize("name", TOUCHED)
@pytest.mark.parametrize("seed", range(6))
def test_touched_rows_add_up_to_the_gradient(name: str, seed: int) -> None:
    values, lowered = arguments(seed), lowering()
    parts = lowered_row_sums(TOUCHED[name], x, lowered)
    assert parts is not None
    if name == "draws of pairs":
        assert len(parts) == 2
    got = run(lowered, RowSums(parts), values)
    want = tabulated(TOUCHED[name], (x, i), world(values))
    assert sorted(set(got.rows.tolist())) == got.rows.tolist()
    np.testing.assert_allclose(got.dense(len(values["U"])), want, rtol=1e-12, atol=1e-14)
    assert got.values.shape == (len(got.rows), values["U"].shape[1])


@pytest.mark.parametrize("seed", range(20))
def test_any_multiplicity_is_summed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    words = rng.integers(0, rng.integers(1, 9), rng.integers(0, 40))
    rows = rng.integers(-9, 9, (len(words), 2)).astype(float)
    expected = np.zeros((9, 2))
    for word, row in zip(words, rows, strict=True):
        expected[word] += row
    got = row_sums((words, None, rows))
    assert np.array_equal(got.dense(9), expected)
    assert np.array_equal(got.rows, np.unique(words))


@pytest.mark.parametrize(("times", "most"), [(30, 6), (1000, 12), (100_000, 20)])
def test_rounding_hardly_grows_with_the_multiplicity(times: int, most: int) -> None:
    rows = np.full((times, 1), np.float32(0.1))
    (total_,) = row_sums((np.zeros(times, int), None, rows)).values[0]
    assert abs(total_ / (times * np.float64(np.float32(0.1))) - 1) < most * 2.0**-24


def test_too_few_rows_to_be_dense_are_refused() -> None:
    gradient = RowGrad(np.array([0, 4]), np.ones((2, 1)))
    with pytest.raises(IndexError, match="N is 4"):
        gradient.dense(4)


NUMBERS = {
    "draws": total(at(draw[k]) * COIN[k], k),
    "sums at draws": total(at(draw[k]) * total(COIN[k] * U[draw[k], i], i), k),
    "numbers times sums": total(at(draw[k]) * COIN[k] * total(U[draw[k], i], i), k),
}


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("seed", range(3))
def test_numbers_add_up_by_word(name: str, seed: int) -> None:
    values, lowered = arguments(seed), lowering()
    words, numbers = row_totals(NUMBERS[name], x, lowered)
    rows = np.unique(values["n"])
    grad = RowGrad(rows, np.ones((len(rows), 1)))
    got = run(lowered, Totals("grad", words, numbers, (x,)), {**values, "grad": grad})
    want = tabulated(NUMBERS[name], (x,), world(values))
    np.testing.assert_allclose(got, want[rows], rtol=1e-12, atol=1e-14)


def test_what_falls_on_no_word_or_on_two_lists_is_no_total() -> None:
    for expression in (total(COIN[k], k), total(at(draw[k]) * COIN[k], k) + at(o)):
        with pytest.raises(LoweringError, match="not one sum of numbers at words"):
            row_totals(expression, x, lowering())
