"""A softmax batch in memory that is given to it, in parts and in tiles: the same results."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import generated._runtime.parts
from generated import Workspace, naive_softmax
from tests.kernels.cases import Batch
from tests.kernels.test_sizes import assert_kept


def batch(dtype: Any = np.float64, N: int = 40, d: int = 5, B: int = 23) -> Batch:
    rng = np.random.default_rng(8)
    V, U = rng.normal(size=(2, N, d)).astype(dtype)
    return Batch(V, U, rng.integers(N, size=B), rng.integers(N, size=B))


def call(case: Batch, work: Any = None) -> tuple[Any, Any, Any]:
    return naive_softmax.batch_value_and_grad(case.V, case.U, case.centers, case.outsides, work)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("pairs", [1, 7, 22, 23, 50])
def test_a_workspace_of_any_size_gives_the_same(dtype: Any, pairs: int) -> None:
    case = batch(dtype)
    work = Workspace(40, 5, pairs, dtype)
    losses, grad_V, grad_U = call(case)
    for _ in range(2):
        again = call(case, work)
        close = {"rtol": 64 * np.finfo(dtype).eps, "atol": 64 * np.finfo(dtype).eps}
        np.testing.assert_allclose(again[0], losses, **close)
        assert np.array_equal(again[1].rows, grad_V.rows)
        np.testing.assert_allclose(again[1].values, grad_V.values, **close)
        np.testing.assert_allclose(again[2], grad_U, **close)
        assert {part.dtype for part in (again[0], again[1].values, again[2])} == {np.dtype(dtype)}


@pytest.mark.parametrize("size", [1, 40 * 8, 3 * 40 * 8 + 1])
def test_parts_of_any_size_keep_the_promise(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated._runtime.parts, "_CACHE", size)
    assert_kept(generated, batch())


def test_the_gradient_is_in_the_workspace_if_that_holds_the_batch() -> None:
    work = Workspace(40, 5, 23)
    assert call(batch(), work)[2] is work.grad_U
    assert work.nbytes == 8 * (23 * 40 + 40 * 5)


def test_an_empty_batch_needs_no_memory() -> None:
    losses, grad_V, grad_U = call(batch(B=0), Workspace(40, 5, 1))
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
        call(batch(), work)


@pytest.mark.parametrize("sizes", [(0, 5, 3), (40, 0, 3), (40, 5, 0), (40, 5, -1)])
def test_a_workspace_of_nothing_is_refused(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="should be at least 1"):
        Workspace(*sizes)


def test_a_workspace_of_another_thread_is_refused_and_one_of_its_own_is_taken() -> None:
    case, work = batch(), Workspace(40, 5, 23)
    call(case, work)
    with ThreadPoolExecutor(1) as other:
        refused = other.submit(call, case, work).exception()
        assert isinstance(refused, ValueError)
        assert "another thread" in str(refused)
        losses, _, _ = other.submit(call, case, Workspace(40, 5, 23)).result()
    assert np.array_equal(losses, call(case, work)[0])
