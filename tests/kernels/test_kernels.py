"""The committed kernels keep every promise on made-up cases and at edges; mistakes are caught."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings

import generated
import generated._runtime.batches
from generated import RowGrad, Workspace, in_threads, naive_softmax, negative_sampling
from tests.backends import BACKENDS, COMPILED_TOO, LEFT_OUT, SHARE, kernels_of
from tests.kernels.cases import Batch, Case, Pair, Window, pairs, value_and_grad
from tests.kernels.mutation_table import COMMITTED, EXAMPLES, MUTANTS, failures
from tests.kernels.oracle import (
    WORKING,
    Derivative,
    assert_promise,
    central_difference,
    complex_step,
    differentiated,
    oracle,
)
from tests.kernels.properties import (
    BAD_CALLS,
    FUNCTIONS,
    PROPERTIES,
    Property,
    arguments_of,
    bad_arguments_are_refused_before_any_work,
    call,
    survivors,
    times,
)
from tests.planting import Mutant, module_with, rewritten

WITHIN = 1.07  # ulp, as the package's docstring says


@pytest.mark.slow
def test_the_exponential_is_within_its_bound_at_every_float32() -> None:
    """Beside that in double, which is off by far less; out of range it is 0 or infinite."""
    numba = pytest.importorskip("numba")
    floats = pytest.importorskip("generated.compiled._runtime.floats")
    exp, of_double = floats.exp, floats.exp

    def errors(first: Any, last: Any, out: Any) -> Any:
        for n in range(first, last):
            x = np.int32(n).view(np.float32)
            found, exact = np.float64(exp(x)), of_double(np.float64(x))
            power: Any = ((np.float64(exact).view(np.int64) >> 52) - 1023) - 23
            power = np.int64(max(power, -149))
            spacing = np.int64((power + 1023) << 52).view(np.float64)
            out[n - first] = abs(found - exact) / spacing
        return out.max()

    worst: Any = numba.njit(error_model="numpy")(errors)
    points = np.random.default_rng(0).uniform(-100, 88, 10_000)
    np.testing.assert_allclose([of_double(x) for x in points], np.exp(points), rtol=3e-16)
    top = int(np.float32(np.log(float(np.finfo(np.float32).max))).view(np.int32))
    low = int(np.float32(-104).view(np.int32))
    step = 2**20
    room = np.empty(step)
    for first, last in ((0, top), (-(2**31), low)):
        for start in range(first, last, step):
            stop = min(start + step, last)
            assert worst(start, stop, room[: stop - start]) <= WITHIN
    assert exp(np.float32(89)) == exp(np.float32(np.inf)) == np.inf
    assert exp(np.float32(-np.inf)) == exp(np.float32(-104)) == 0
    assert np.isnan(exp(np.float32(np.nan)))


# The smallest sizes have defined results, stated here by hand.


DTYPES = pytest.mark.parametrize("dtype", [np.float64, np.float32])


@COMPILED_TOO
@DTYPES
def test_a_vocabulary_of_one_word_costs_nothing(kernels: Any, dtype: Any) -> None:
    v, U = np.array([2.0, -1.0], dtype), np.array([[3.0, 4.0]], dtype)
    loss, grad_v, grad_U = kernels.naive_softmax.value_and_grad(v, 0, U)
    assert loss == 0
    assert np.array_equal(grad_v, [0, 0])
    assert grad_v.dtype == dtype
    assert np.array_equal(grad_U, [[0, 0]])
    assert grad_U.dtype == dtype


@COMPILED_TOO
@DTYPES
def test_one_coordinate_is_logistic_regression(kernels: Any, dtype: Any) -> None:
    v, U = np.array([1.0], dtype), np.array([[0.0], [0.0]], dtype)
    loss, grad_v, grad_U = kernels.naive_softmax.value_and_grad(v, 1, U)
    assert loss == pytest.approx(np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_v, [0])
    assert np.array_equal(grad_U, [[0.5], [-0.5]])


@COMPILED_TOO
@DTYPES
@pytest.mark.parametrize("none", [np.zeros(0, int), []])
def test_no_negatives_leave_the_outside_word(kernels: Any, dtype: Any, none: Any) -> None:
    v, U = np.array([0.0, 1.0], dtype), np.array([[5.0, 0.0], [7.0, 7.0]], dtype)
    loss, grad_v, grad_U = kernels.negative_sampling.value_and_grad(v, 0, U, none)
    assert loss == pytest.approx(np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_v, [-2.5, 0])
    assert np.array_equal(grad_U, np.array([[0, -0.5], [0, 0]]))


@COMPILED_TOO
@DTYPES
def test_an_outside_word_drawn_as_a_negative_counts_as_both(kernels: Any, dtype: Any) -> None:
    v, U = np.array([0.0], dtype), np.array([[4.0]], dtype)
    loss, grad_v, grad_U = kernels.negative_sampling.value_and_grad(v, 0, U, [0, 0])
    assert loss == pytest.approx(3 * np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_v, [2])
    assert np.array_equal(grad_U, [[0]])


@COMPILED_TOO
@DTYPES
@pytest.mark.parametrize("outside", [np.zeros(0, int), []])
def test_an_empty_window_costs_nothing_and_moves_nothing(
    kernels: Any, dtype: Any, outside: Any
) -> None:
    V, U = np.ones((3, 2), dtype), np.ones((3, 2), dtype)
    for loss, grad_V, grad_U in (
        kernels.skip_gram.naive_softmax_value_and_grad(1, outside, V, U),
        kernels.skip_gram.negative_sampling_value_and_grad(1, outside, V, U, np.zeros((0, 4), int)),
    ):
        assert loss == 0
        for gradient in (grad_V, grad_U):
            assert np.array_equal(gradient, np.zeros((3, 2)))
            assert gradient.dtype == dtype


@COMPILED_TOO
@DTYPES
@pytest.mark.parametrize("words", [np.zeros(0, int), []])
def test_an_empty_batch_has_no_losses_and_no_rows(kernels: Any, dtype: Any, words: Any) -> None:
    V, U = np.ones((3, 2), dtype), np.ones((3, 2), dtype)
    losses, grad_V, grad_U = kernels.naive_softmax.batch_value_and_grad(V, U, words, words)
    assert losses.shape == (0,)
    assert losses.dtype == dtype
    assert grad_V.rows.shape == (0,)
    assert grad_V.values.shape == (0, 2)
    assert np.array_equal(grad_V.dense(3), np.zeros((3, 2)))
    assert grad_V.values.dtype == dtype
    assert np.array_equal(grad_U, np.zeros((3, 2)))
    assert grad_U.dtype == dtype
    none = np.zeros((0, 4), int)
    losses, *gradients = kernels.negative_sampling.batch_value_and_grad(V, U, words, words, none)
    assert losses.shape == (0,)
    assert losses.dtype == dtype
    for gradient in gradients:
        assert gradient.rows.shape == (0,)
        assert gradient.values.shape == (0, 2)
        assert gradient.values.dtype == dtype


@COMPILED_TOO
@DTYPES
def test_a_score_that_overflows_on_its_way_is_still_right(kernels: Any, dtype: Any) -> None:
    """Each product is beyond the largest float; their sum is 0, exactly."""
    big = np.sqrt(np.finfo(dtype).max) * 4
    v, U = np.array([big, big], dtype), np.array([[big, -big], [0, 0]], dtype)
    loss, _, grad_U = kernels.naive_softmax.value_and_grad(v, 0, U)
    assert loss == pytest.approx(np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_U, np.stack([-v, v]) / 2)
    loss, _, grad_U = kernels.negative_sampling.value_and_grad(v, 0, U, [1])
    assert loss == pytest.approx(2 * np.log(2), rel=4 * float(np.finfo(dtype).eps))
    assert np.array_equal(grad_U, np.stack([-v, v]) / 2)


# The accuracy promise at sizes that are trained with, where sums are long.


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


@COMPILED_TOO
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


@COMPILED_TOO
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


@COMPILED_TOO
@DTYPES
@pytest.mark.parametrize("K", [None, 5])
def test_a_long_window_keeps_the_promise(kernels: Any, dtype: Any, K: int | None) -> None:
    rng = np.random.default_rng(3)
    V, U = rng.normal(size=(2, 40, 30)).astype(dtype)
    outside = rng.integers(5, size=50)
    negatives = None if K is None else rng.integers(5, size=(50, K))
    assert_kept(kernels, Window(3, outside, V, U, negatives))


# RowGrad: a gradient that is zero outside a few rows.


def test_dense_puts_each_row_in_its_place() -> None:
    gradient = RowGrad(np.array([1, 3]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert np.array_equal(gradient.dense(5), [[0, 0], [1, 2], [0, 0], [3, 4], [0, 0]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_dense_keeps_the_dtype_and_owns_its_memory(dtype: type) -> None:
    gradient = RowGrad(np.array([0, 1]), np.ones((2, 3), dtype))
    dense = gradient.dense(2)
    assert dense.dtype == dtype
    assert dense.flags.writeable
    dense[...] = 7
    assert np.array_equal(gradient.values, np.ones((2, 3)))


def test_no_rows_are_all_zero() -> None:
    gradient = RowGrad(np.zeros(0, int), np.zeros((0, 3)))
    assert np.array_equal(gradient.dense(2), np.zeros((2, 3)))


def test_duplicates_are_summed_so_that_a_plain_indexed_step_is_right() -> None:
    """rows are distinct, so U[rows] -= values loses nothing."""
    rng = np.random.default_rng(0)
    V, U = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    centers, outsides, negatives = [2, 2, 2], [1, 1, 0], [[3, 3], [1, 3], [3, 0]]
    _, grad_V, grad_U = negative_sampling.batch_value_and_grad(V, U, centers, outsides, negatives)
    for gradient in (grad_V, grad_U):
        stepped = np.zeros((4, 3))
        stepped[gradient.rows] -= gradient.values
        assert np.array_equal(stepped, -gradient.dense(4))
    assert grad_V.rows.tolist() == [2]
    assert grad_U.rows.tolist() == [0, 1, 3]


# A softmax batch in memory that is given to it, in parts and in tiles: the same results.


def batch(dtype: Any = np.float64, N: int = 40, d: int = 5, B: int = 23) -> Batch:
    rng = np.random.default_rng(8)
    V, U = rng.normal(size=(2, N, d)).astype(dtype)
    return Batch(V, U, rng.integers(N, size=B), rng.integers(N, size=B))


def call_batch(case: Batch, work: Any = None) -> tuple[Any, Any, Any]:
    return naive_softmax.batch_value_and_grad(case.V, case.U, case.centers, case.outsides, work)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("pairs", [1, 7, 22, 23, 50])
def test_a_workspace_of_any_size_gives_the_same(dtype: Any, pairs: int) -> None:
    case = batch(dtype)
    work = Workspace(40, 5, pairs, dtype)
    losses, grad_V, grad_U = call_batch(case)
    for _ in range(2):
        again = call_batch(case, work)
        close = {"rtol": 64 * np.finfo(dtype).eps, "atol": 64 * np.finfo(dtype).eps}
        np.testing.assert_allclose(again[0], losses, **close)
        assert np.array_equal(again[1].rows, grad_V.rows)
        np.testing.assert_allclose(again[1].values, grad_V.values, **close)
        np.testing.assert_allclose(again[2], grad_U, **close)
        assert {part.dtype for part in (again[0], again[1].values, again[2])} == {np.dtype(dtype)}


@pytest.mark.parametrize("size", [1, 40 * 8, 3 * 40 * 8 + 1])
def test_parts_of_any_size_keep_the_promise(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated._runtime.batches, "_CACHE", size)
    assert_kept(generated, batch())


def test_the_gradient_is_in_the_workspace_if_that_holds_the_batch() -> None:
    work = Workspace(40, 5, 23)
    assert call_batch(batch(), work)[2] is work.grad_U
    assert work.nbytes == 8 * (23 * 40 + 40 * 5)


def test_an_empty_batch_needs_no_memory() -> None:
    losses, grad_V, grad_U = call_batch(batch(B=0), Workspace(40, 5, 1))
    assert (len(losses), len(grad_V.rows)) == (0, 0)
    assert not grad_U.any()


@pytest.mark.parametrize(
    ("work", "error", "what"),
    [
        (Workspace(41, 5, 23), ValueError, r"work is for U of \(41, 5\)"),
        (Workspace(40, 6, 23), ValueError, r"work is for U of \(40, 6\)"),
        (Workspace(40, 5, 23, np.float32), ValueError, "work is for U of .* float32"),
        (np.empty((23, 40)), TypeError, "work is of type ndarray, should be a Workspace"),
        (True, TypeError, "work is of type bool"),
    ],
)
def test_a_workspace_that_does_not_fit_is_refused(work: Any, error: Any, what: str) -> None:
    with pytest.raises(error, match=what):
        call_batch(batch(), work)


@pytest.mark.parametrize("sizes", [(0, 5, 3), (40, 0, 3), (40, 5, 0), (40, 5, -1)])
def test_a_workspace_of_nothing_is_refused(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="should be at least 1"):
        Workspace(*sizes)


def test_a_workspace_of_another_thread_is_refused_and_one_of_its_own_is_taken() -> None:
    case, work = batch(), Workspace(40, 5, 23)
    call_batch(case, work)
    with ThreadPoolExecutor(1) as other:
        refused = other.submit(call_batch, case, work).exception()
        assert isinstance(refused, ValueError)
        assert "another thread" in str(refused)
        losses, _, _ = other.submit(call_batch, case, Workspace(40, 5, 23)).result()
    assert np.array_equal(losses, call_batch(case, work)[0])


# A batch by several threads: stretches of pairs, joined and added up in their order.


THREADED: dict[str, Callable[..., tuple[Any, ...]]] = {
    "softmax": naive_softmax.batch_value_and_grad,
    "sampling": negative_sampling.batch_value_and_grad,
}


def lists_of(name: str) -> tuple[Any, ...]:
    case = batch(B=23)
    negatives = np.random.default_rng(3).integers(40, size=(23, 4))
    return (case.centers, case.outsides, *([negatives] if name == "sampling" else []))


def dense(result: Any) -> Any:
    return result.dense(40) if isinstance(result, RowGrad) else result


def by_hand(name: str, threads: int, lists: tuple[Any, ...]) -> list[Any]:
    """The stretches one after the other, added up as dense arrays."""
    case, pairs = batch(), len(lists[0])
    bounds = [pairs * n // threads for n in range(threads + 1)]
    found = [
        THREADED[name](case.V, case.U, *(each[a:b] for each in lists)) for a, b in pairwise(bounds)
    ]
    losses, *others = zip(*found, strict=True)
    return [np.concatenate(losses), *(sum(map(dense, parts)) for parts in others)]


def agrees_with_stretches(several: Callable[..., tuple[Any, ...]], name: str, threads: int) -> bool:
    lists, matrices = lists_of(name), (batch().V, batch().U)
    found = several(THREADED[name], threads, matrices, *lists)
    wanted = by_hand(name, threads, lists)
    pairs_of = [(dense(a), b) for a, b in zip(found, wanted, strict=True)]
    close = all(a.shape == b.shape and np.allclose(a, b, rtol=1e-13) for a, b in pairs_of)
    return close and np.array_equal(found[0], wanted[0])


@pytest.mark.parametrize("threads", [1, 2, 3, 23])
@pytest.mark.parametrize("name", THREADED)
def test_threads_add_up_what_stretches_of_the_pairs_give(name: str, threads: int) -> None:
    assert agrees_with_stretches(in_threads, name, threads)
    lists, matrices = lists_of(name), (batch().V, batch().U)
    first, again = (in_threads(THREADED[name], threads, matrices, *lists) for _ in range(2))
    for one, other, whole in zip(first, again, THREADED[name](*matrices, *lists), strict=True):
        assert dense(one).tobytes() == dense(other).tobytes()
        assert np.allclose(dense(one), dense(whole), rtol=1e-12)
        assert type(one) is type(whole)


THREADS = in_threads.__module__
# what threads could do wrong
WRONG = [
    Mutant(meant, rewritten(THREADS, old, new))
    for meant, old, new in (
        (
            "the last stretch is lost",
            "map(_added, others)",
            "map(_added, (each[:-1] for each in others))",
        ),
        ("losses in another order", "range(threads)", "sorted(parts, reverse=True)"),
        ("a pair at each cut is taken twice", "each[start:end]", "each[start : end + 1]"),
        ("nothing is added", "total += part", "total + part"),
        ("rows are put, not added", "places[part.rows]] += ", "places[part.rows]] = "),
    )
]


@pytest.mark.parametrize("mistake", WRONG, ids=str)
def test_what_threads_could_do_wrong_is_seen(mistake: Mutant) -> None:
    wrong = module_with(mistake, generated._runtime.batches).in_threads
    assert not all(agrees_with_stretches(wrong, name, 3) for name in THREADED)


def test_what_is_wrong_with_a_stretch_is_said_of_the_whole() -> None:
    case = batch()
    words = case.outsides.copy()
    words[20] = 40
    with pytest.raises(IndexError) as whole:
        naive_softmax.batch_value_and_grad(case.V, case.U, case.centers, words)
    with pytest.raises(IndexError) as stretched:
        in_threads(THREADED["softmax"], 3, (case.V, case.U), case.centers, words)
    assert str(stretched.value) == str(whole.value)
    with pytest.raises(ValueError, match="should be at least 1"):
        in_threads(THREADED["softmax"], 0, (case.V, case.U), case.centers, case.outsides)
    none = batch(B=0)
    losses, _, _ = in_threads(THREADED["softmax"], 2, (none.V, none.U), none.centers, none.outsides)
    assert losses.shape == (0,)


# The oracle against the specified losses, and against numbers worked by hand.


@pytest.mark.parametrize("derivative", [central_difference, complex_step])
def test_exact_gradients_are_the_derivatives_of_the_specified_loss(derivative: Derivative) -> None:
    @settings(max_examples=settings().max_examples // 3)
    @given(pairs(moderate=True))
    def every_pair(pair: Pair) -> None:
        exact, scale = oracle(pair)
        slopes = differentiated(pair, derivative)
        with ctx.workprec(WORKING):
            for what in ("loss", "grad_v", "grad_U"):
                error = np.ravel(abs(getattr(exact, what) - getattr(slopes, what)))
                allow = np.ravel(getattr(scale, what)) * arb(2) ** -100 + arb(2) ** -1300
                assert all(e <= a for e, a in zip(error, allow, strict=True)), (what, pair)

    every_pair()


def test_two_equal_words_have_the_scale_worked_by_hand() -> None:
    """U = (1, 1), v = 1: yhat = 1/2, t = 1, beta = 1/2 (1/2 + 1/2) = 1/2."""
    exact, scale = oracle(Pair(np.ones(1), 0, np.ones((2, 1))))
    assert float(exact.loss) == pytest.approx(np.log(2), rel=1e-15)
    assert float(scale.loss) == pytest.approx(np.log(2) + 1, rel=1e-15)
    assert [float(x) for x in exact.grad_U[:, 0]] == [-0.5, 0.5]
    assert [float(x) for x in scale.grad_U[:, 0]] == [1, 1]
    assert float(scale.grad_v[0]) == 2


def test_a_drawn_outside_word_has_the_scale_of_both_its_roles() -> None:
    """At z = 0 each draw has |delta| = 1/2 and beta = 1/4 t; the deltas cancel, B does not."""
    exact, scale = oracle(Pair(np.zeros(1), 0, np.ones((1, 1)), np.array([0])))
    assert float(exact.grad_v[0]) == 0
    assert float(scale.grad_v[0]) == 1


@pytest.mark.parametrize("gap", [20.0, 40.0, 600.0, 745.0, 1e300])
def test_balls_stay_narrow_for_a_confident_outside_word(gap: float) -> None:
    exact, _ = oracle(Pair(np.ones(1), 0, np.array([[gap], [0.0]])))
    assert exact.loss > 0 or gap == 1e300
    assert exact.loss.rad() <= abs(exact.loss.mid()) * arb(2) ** -200 or gap == 1e300
    assert exact.loss < arb(2) ** -28


ROWS = np.arange(6.0).reshape(3, 2)


class Subclass(np.ndarray[Any, Any]):
    """An array that is not just an array."""


@COMPILED_TOO
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_wrong_argument_is_refused_before_any_work_and_good_ones_are_not(
    kernels: Any, function: str
) -> None:
    result: Any = call(kernels, function, arguments_of(function))
    loss = result if function.endswith(".loss") else result[0]
    assert np.all(np.isfinite(loss))
    bad = [one for one in BAD_CALLS if one.function == function]
    assert len(bad) > 10
    for one in bad:
        bad_arguments_are_refused_before_any_work(kernels, one)


@COMPILED_TOO
@pytest.mark.parametrize("function", FUNCTIONS)
def test_words_may_be_of_any_integer_type(kernels: Any, function: str) -> None:
    good = arguments_of(function)
    for integer in (np.int8, np.uint16, np.int32, np.uint64, np.intp):
        words = {
            name: integer(value) if isinstance(value, int) else value.astype(integer)
            for name, value in good.items()
            if isinstance(value, int) or value.dtype.kind == "i"
        }
        assert_same_loss(kernels, function, words)


def read_only(array: Any) -> Any:
    array = array.copy()
    array.flags.writeable = False
    return array


SPELLED: tuple[Callable[[Any], Any], ...] = (
    lambda array: array.tolist(),
    lambda array: array.astype(array.dtype.newbyteorder()),
    lambda array: np.repeat(array, 2, axis=0)[::2],
    lambda array: array[::-1].copy()[::-1],
    lambda array: array.view(Subclass),
    np.asfortranarray,
    read_only,
)


@COMPILED_TOO
@pytest.mark.parametrize("function", FUNCTIONS)
def test_arrays_may_lie_anyhow(kernels: Any, function: str) -> None:
    good = arguments_of(function)
    arrays = {name: value for name, value in good.items() if isinstance(value, np.ndarray)}
    for spell in SPELLED:
        spelled = {name: spell(value) for name, value in arrays.items()}
        assert_same_loss(kernels, function, spelled)
        for name, value in spelled.items():
            assert_same_loss(kernels, function, {name: value})


def assert_same_loss(kernels: Any, function: str, changes: dict[str, Any]) -> None:
    good = arguments_of(function)
    usual, other = call(kernels, function, good), call(kernels, function, {**good, **changes})
    if function.endswith(".loss"):
        usual, other = (usual,), (other,)
    assert np.array_equal(usual[0], other[0])  # type: ignore[index]


@COMPILED_TOO
@pytest.mark.parametrize("word", [-1, 3, np.iinfo(np.intp).min, np.iinfo(np.intp).max])
def test_the_first_word_that_is_outside_is_named(kernels: Any, word: int) -> None:
    negatives = np.array([[0, 1, 2], [2, word, 0], [word, 3, -1]])
    batch = kernels.negative_sampling.batch_value_and_grad
    for spelled in (np.array, np.asfortranarray, np.ndarray.tolist):
        with pytest.raises(IndexError, match=rf"negatives\[1, 1\] is {word}, should be in 0..2"):
            batch(ROWS, ROWS, [0, 1, 2], [2, 1, 0], spelled(negatives))


@COMPILED_TOO
def test_of_several_faults_the_dtype_comes_first_then_the_shape(kernels: Any) -> None:
    naive_softmax = kernels.naive_softmax
    table, flags, single = np.ones((3, 4)), np.ones(2, bool), np.ones(2, np.float32)
    with pytest.raises(TypeError, match="v_c is of dtype bool"):
        naive_softmax.loss(flags, 3, table)
    with pytest.raises(ValueError, match=r"v_c has shape \(2,\), should be \(d,\) with d = 4 as"):
        naive_softmax.loss(single, 3, table)
    with pytest.raises(TypeError, match="U is float64, v_c is float32; they should be of one"):
        naive_softmax.loss(np.ones(4, np.float32), 3, table)
    with pytest.raises(IndexError, match=r"o is 3, should be in 0\.\.2"):
        naive_softmax.loss(np.ones(4), 3, table)


# The package works with the rest of the project deleted and without SymPy.


PACKAGE = Path(generated.__file__).parent

PROGRAM = """
import sys
for name in ("sympy", "derivations", "codegen"):
    sys.modules[name] = None  # an import of it now raises
import numpy as np
from generated import RowGrad, naive_softmax, negative_sampling, skip_gram

U = np.zeros((4, 2))
assert np.isclose(naive_softmax.loss(U[0], 1, U), np.log(4))
assert np.isclose(negative_sampling.loss(U[0], 1, U, [2, 2]), 3 * np.log(2))
assert np.isclose(skip_gram.naive_softmax_value_and_grad(0, [1, 2], U, U)[0], 2 * np.log(4))
assert RowGrad(np.array([1]), np.ones((1, 2))).dense(2).sum() == 2
print(sorted(name.split(".")[0] for name in sys.modules if sys.modules[name] is not None))
"""


def run_in(folder: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_copy_of_the_package_alone_computes(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "generated")
    loaded = run_in(tmp_path, PROGRAM)
    assert "'numpy'" in loaded


def test_importing_the_package_does_not_import_sympy(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "generated")
    loaded = run_in(tmp_path, "import generated, sys; print(*sys.modules)").split()
    assert "numpy" in loaded
    for absent in ("sympy", "mpmath", "flint", "derivations", "codegen", "tests"):
        assert absent not in loaded


# The compiled kernels beside Numba: asked for alone, refused without it, lazy and safe.


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_without_numba_the_message_says_what_to_install() -> None:
    done = run("import sys; sys.modules['numba'] = None; from generated.compiled import glove")
    assert done.returncode == 1
    assert done.stderr.endswith(
        "ImportError: generated.compiled needs Numba: pip install 'proved-kernels[compiled]'\n"
    )


def test_generated_alone_imports_neither_numba_nor_loops() -> None:
    done = run(
        "import sys, generated; print({n for n in sys.modules if 'numba' in n or 'compiled' in n})"
    )
    assert done.stdout == "set()\n", done.stderr


def test_nothing_is_compiled_before_it_is_called() -> None:
    pytest.importorskip("numba")
    done = run("import generated.compiled.glove as glove; print(glove._loss.compiled.signatures)")
    assert done.stdout.startswith("[]"), done.stderr


@pytest.mark.slow  # compiles
def test_a_number_that_is_no_word_is_refused_once_compiled() -> None:
    """Numba would make an integer of it."""
    loss = kernels_of("compiled").negative_sampling.loss
    U = np.ones((3, 2))
    good: Any = loss(U[0], 1, U, [2])
    assert loss(U[0], np.int8(1), U, [2]) == good
    for bad in (1.0, 1.5, True, "1", None):
        with pytest.raises(TypeError, match=r"o is .* should be an integer"):
            loss(U[0], bad, U, [2])
    for outside in (3, -1, 2**70, -(2**70)):
        with pytest.raises(IndexError, match=r"o is -?\d+, should be in 0\.\.2"):
            loss(U[0], outside, U, [2])


@pytest.mark.slow  # compiles
def test_a_memory_map_and_a_masked_array_are_read_as_their_numbers(tmp_path: Any) -> None:
    loss = kernels_of("compiled").naive_softmax.loss
    U = np.arange(12.0).reshape(4, 3) / 10
    np.save(tmp_path / "U.npy", U)
    want = loss(U[1], 2, U)
    assert loss(U[1], 2, np.load(tmp_path / "U.npy", mmap_mode="r")) == want
    assert loss(np.ma.masked_greater(U[1], 0.4), 2, np.asmatrix(U)) == want


COMPILED = "compiled"  # by Numba, which takes seconds a kernel and dtype
PROMISED = [
    *(
        pytest.param(COMPILED, prop, id=f"{prop.name}-{COMPILED}", marks=pytest.mark.slow)
        for prop in PROPERTIES
    ),
    *(
        pytest.param(backend, prop, id=f"{prop.name}-{backend}")
        for backend in BACKENDS
        for prop in PROPERTIES
        if (backend, prop.name) not in LEFT_OUT
    ),
]


@times(5)
@pytest.mark.parametrize(("backend", "prop"), PROMISED)
def test_generated_kernels_hold_that(backend: str, prop: Property, times: int) -> None:
    kernels = kernels_of(backend)

    @settings(max_examples=times * settings().max_examples // SHARE.get(backend, 1))
    @given(prop.strategy)
    def every_case(case: Any) -> None:
        prop.check(kernels, case)

    every_case()


def test_what_a_back_end_leaves_out_is_a_property() -> None:
    assert {name for _, name in LEFT_OUT} <= {prop.name for prop in PROPERTIES}


FEW, MORE = 60, 100


@pytest.mark.slow
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.name)
def test_a_property_kills_the_mutants_that_name_it(prop: Property) -> None:
    named = [mutant for mutant in MUTANTS if mutant.seen_by == prop.name]
    assert survivors(prop, named, (FEW, MORE, EXAMPLES)) == []


def test_every_mutant_is_one_of_its_own_and_names_a_property() -> None:
    assert {mutant.seen_by for mutant in MUTANTS} == {prop.name for prop in PROPERTIES}
    assert len({mutant.meant for mutant in MUTANTS}) == len(MUTANTS) >= 80
    assert len({mutant.changes for mutant in MUTANTS}) == len(MUTANTS)


def test_what_no_case_kills_survives_and_code_that_has_changed_is_no_mutant() -> None:
    prop = next(prop for prop in PROPERTIES if prop.name == MUTANTS[0].seen_by)
    assert survivors(prop, [MUTANTS[0], COMMITTED], (FEW,)) == [COMMITTED.meant]
    gone = Mutant("a mistake in code that is gone", rewritten("_sigmoid.py", "as it was", ""))
    with pytest.raises(LookupError, match="the text has changed"):
        survivors(prop, [gone], (FEW,))


def test_the_table_reports_survivors_idle_properties_and_false_alarms() -> None:
    kills: dict[str, dict[str, int]] = {one.meant: {} for one in (COMMITTED, *MUTANTS)}
    kills[COMMITTED.meant] = {PROPERTIES[0].name: 1}
    report = failures(kills)
    assert f"survives: {MUTANTS[0].meant}" in report
    assert f"false alarm: {PROPERTIES[0].name}" in report
    assert f"kills nothing: {PROPERTIES[1].name}" in report
