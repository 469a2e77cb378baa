"""Negative sampling costs what its draws cost, whatever the size of the vocabulary."""

import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.kernels.calls import Kernels, raw
from tests.kernels.cases import Batch, Pair, Window

N, D = 1_000_000, 16
DENSE = N * D * np.dtype(np.float64).itemsize
STATM = Path("/proc/self/statm")


def vocabulary() -> np.ndarray:
    """Rows that the system has promised but not yet provided: none is ever written."""
    return np.zeros((N, D))


def big_batch() -> Batch:
    draws = np.random.default_rng(0).integers(N, size=(64, 5))
    return Batch(vocabulary(), vocabulary(), draws[:, 0], draws[:, 1], draws)


def big_pair() -> Pair:
    return Pair(np.ones(D), N // 2, vocabulary(), np.array([3, N - 1, 3]))


def big_window() -> Window:
    negatives = np.array([[5, N - 2], [7, 7]])
    return Window(N // 3, np.array([1, N // 2]), vocabulary(), vocabulary(), negatives)


def a_batch_never_allocates_a_dense_gradient(kernels: Kernels, make: Callable[[], Batch]) -> None:
    """A bitmap or a counter for each word is allowed; an (N, d) array is not."""
    batch = make()
    peak = peak_while(lambda: raw(kernels, batch))
    assert peak < DENSE / 4, f"{peak} bytes allocated; a dense gradient has {DENSE}"


def only_touched_rows_are_written(kernels: Kernels, make: Callable[[], Pair | Window]) -> None:
    """A fresh zero page costs nothing until it is written: the process hardly grows."""
    case = make()
    before = resident()
    kept = raw(kernels, case)
    grown = resident() - before
    assert grown < DENSE / 4, f"{grown} bytes written; a dense gradient has {DENSE}"
    del kept
    gradients = 1 if isinstance(case, Pair) else 2
    peak = peak_while(lambda: raw(kernels, case))
    assert peak < (gradients + 0.25) * DENSE, f"{peak} bytes allocated for {gradients} gradients"


def peak_while(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident() -> int:
    """Bytes of this process in memory, where the system tells."""
    return int(STATM.read_text().split()[1]) * 4096 if STATM.exists() else 0
