"""Passes over programs; row sums."""

import numpy as np
import pytest
from sympy import Expr, KroneckerDelta

from codegen.arrays.computed_nodes import Applied, MatrixProduct, Product, RowSums, Terms, Totals
from codegen.arrays.nodes import LoweringError, Name, Node, nodes
from codegen.arrays.program import Step
from codegen.backends.numpy.expressions import step_lines
from codegen.lower.row_gradients import row_sums as lowered_row_sums
from codegen.lower.row_gradients import row_totals
from codegen.passes.shared_steps import MOST, shared, short
from derivations.indices import total
from derivations.word2vec.losses import U, V, b, centers, draw, i, j, k, near, o, outsides, w, x
from generated._runtime.rows import RowGrad, row_sums
from tests.codegen.scene import COIN, SCALE, arguments, lowering, run, tabulated, world

# Passes turn programs into programs: the same values, once each, in steps of a readable length.


U_OF_PASSES, V_OF_PASSES, A = Name("U", (w, i)), Name("v", (i,)), Name("a", (w,))
SCORES = MatrixProduct(U_OF_PASSES, V_OF_PASSES, (w,))
EXP = Applied("exp", (SCORES,), (w,))


def printed(steps: list[Step]) -> list[str]:
    return [line for step in steps for line in step_lines(step)]


def test_what_is_computed_twice_is_computed_once() -> None:
    steps = [
        Step("b", Product((EXP, A), (), (w,))),
        Step("c", Terms((A, EXP), (False, True), (w,))),
    ]
    assert printed(shared(steps, ())) == [
        "weight = np.exp(U @ v)",
        "b = weight * a",
        "c = a - weight",
    ]


def test_a_step_that_is_the_whole_is_used_again() -> None:
    steps = [Step("z", SCORES), Step("c", Product((SCORES, A), (), (w,)))]
    assert printed(shared(steps, ())) == ["z = U @ v", "c = z * a"]


def test_what_stands_once_stays_where_it_is() -> None:
    steps = [Step("b", EXP), Step("c", Product((A, A), (), (w,)))]
    assert shared(steps, ()) == steps


def test_a_name_that_is_taken_is_not_taken_again() -> None:
    steps = [Step("product", A), Step("c", Product((SCORES, SCORES), (), (w,)))]
    assert printed(shared(steps, ())) == [
        "product = a",
        "product_2 = U @ v",
        "c = product_2 * product_2",
    ]


def test_a_long_step_is_split() -> None:
    long: Node = A
    for _ in range(MOST):
        long = Applied("exp", (Terms((long, A), (False, False), (w,)),), (w,))
    steps = short([Step("b", long)], ())
    assert len(steps) > 2
    assert all(sum(1 for _ in nodes(step.value)) <= MOST for step in steps)
    assert steps[-1].name == "b"


# Row-sparse gradients: every term falls on its word, and what meets there is added.


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
