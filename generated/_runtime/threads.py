"""A batch by several threads: stretches of its pairs, joined and added up in their order."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .rows import RowGrad


def in_threads(
    kernel: Callable[..., tuple[Any, ...]],
    threads: int,
    matrices: Sequence[ArrayLike],
    *lists: ArrayLike,
) -> tuple[Any, ...]:
    """What a batch kernel says of all pairs, a stretch of them by each of so many threads.

    Args:
        kernel: of `generated` or `generated.compiled`, whose work threads do side by side.
        threads: at least 1. The pairs are cut into so many stretches, each as long or one longer.
        matrices: the first arguments, as they are for every pair: V and U.
        lists: the other arguments, each with one place a pair.

    Returns:
        As ``kernel(*matrices, *lists)``: its first result joined, the others added up in the order
        of the stretches. So the bytes are the same for the same number of threads, whichever is
        done first; each sum has ``threads - 1`` roundings more.

    Raises ValueError for less than one thread, and what the kernel raises.
    """
    if threads < 1:
        raise ValueError(f"threads is {threads}, should be at least 1")
    arrays = [np.asarray(each) for each in lists]
    places = {len(each) for each in arrays if each.ndim}
    if len(places) != 1 or threads == 1 or max(places) < threads:
        return kernel(*matrices, *lists)
    cuts = [max(places) * n // threads for n in range(threads + 1)]
    parts: dict[int, tuple[Any, ...]] = {}

    def stretch(number: int, start: int, end: int) -> None:
        with suppress(TypeError, ValueError, IndexError):
            parts[number] = kernel(*matrices, *(each[start:end] for each in arrays))

    ends = enumerate(pairwise(cuts))
    workers = [Thread(target=stretch, args=(number, *both)) for number, both in ends]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if len(parts) < threads:
        return kernel(*matrices, *lists)  # says what is wrong, and where in the whole
    first, *others = zip(*(parts[number] for number in range(threads)), strict=True)
    return (np.concatenate(first), *map(_added, others))


def _added(parts: tuple[Any, ...]) -> Any:
    """Gradients of stretches added up, rows by word."""
    if isinstance(parts[0], RowGrad):
        return _rows_added(parts)
    total = parts[0].copy()
    for part in parts[1:]:
        total += part
    return total


def _rows_added(parts: tuple[RowGrad, ...]) -> RowGrad:
    """The same of rows that each stretch lists once, in the order of the words."""
    listed = np.zeros(max(int(part.rows.max(initial=-1)) for part in parts) + 1, bool)
    for part in parts:
        listed[part.rows] = True
    places = np.cumsum(listed) - 1
    rows = np.flatnonzero(listed)
    total = np.zeros((len(rows), parts[0].values.shape[1]), parts[0].values.dtype)
    total[places[parts[0].rows]] = parts[0].values
    for part in parts[1:]:
        total[places[part.rows]] += part.values
    return RowGrad(rows, total)
