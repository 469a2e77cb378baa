"""Large batches: memory used again, as much at a time as caches hold, and several threads."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from threading import Thread, get_ident
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from .rows import RowGrad, row_sums

_CACHE = 2**20  # bytes of a part: what a core's own cache holds beside other things
_GATHERED = 2**23  # bytes of rows gathered at a time: memory that the C library keeps


class Workspace:
    """Memory for batches of up to B pairs, N words and d coordinates.

    A kernel that is given one allocates nothing large; what it returns of the size of U is then
    the workspace's own memory, and holds until the next call. ``nbytes`` says how much it is.
    It belongs to the thread that first uses it: another one is refused, and needs its own.
    """

    def __init__(self, N: int, d: int, B: int, dtype: DTypeLike = np.float64) -> None:
        for name, length in (("N", N), ("d", d), ("B", B)):
            if length < 1:
                raise ValueError(f"{name} is {length}, should be at least 1")
        self.scores = np.empty((B, N), dtype)
        self.grad_U = np.empty((N, d), dtype)

    @property
    def nbytes(self) -> int:
        """Bytes of both arrays."""
        return int(self.scores.nbytes + self.grad_U.nbytes)


def is_too_small(work: object, pairs: int, U: NDArray[Any]) -> bool:
    """Whether the pairs have to be taken in tiles.

    Raises TypeError or ValueError if ``work`` is no workspace, one for another U, or another
    thread's.
    """
    if not isinstance(work, Workspace):
        raise TypeError(f"work is of type {type(work).__name__}, should be a Workspace or None")
    if work.grad_U.shape != U.shape or work.grad_U.dtype != U.dtype:
        own = f"{work.grad_U.shape} and {work.grad_U.dtype}"
        raise ValueError(f"work is for U of {own}, should be for {U.shape} and {U.dtype}")
    if vars(work).setdefault("thread", get_ident()) != get_ident():  # the first one stays
        raise ValueError("work belongs to another thread, each needs a Workspace of its own")
    return len(work.scores) < pairs


def memory(work: Workspace | None, pairs: int) -> tuple[NDArray[Any] | None, NDArray[Any] | None]:
    """Where scores (pairs, N) and a gradient by U are to be written; None for new arrays."""
    return (None, None) if work is None else (work.scores[:pairs], work.grad_U)


def room(work: Workspace | None, pairs: int, U: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where scores (pairs, N) and a gradient by U are to be written."""
    if work is not None:
        return work.scores[:pairs], work.grad_U
    return np.empty((pairs, len(U)), U.dtype), np.empty(U.shape, U.dtype)


def in_tiles(
    kernel: Callable[..., tuple[NDArray[Any], RowGrad, NDArray[Any]]],
    work: Workspace,
    matrices: tuple[NDArray[Any], ...],
    *words: NDArray[np.intp],
) -> tuple[NDArray[Any], RowGrad, NDArray[Any]]:
    """What the kernel says of all pairs, from as many pairs at a time as ``work`` holds."""
    pairs = len(work.scores)
    total = np.zeros_like(work.grad_U)
    losses, rows = [], []
    for start in range(0, len(words[0]), pairs):
        some = (each[start : start + pairs] for each in words)
        loss, grad_V, grad_U = kernel(*matrices, *some, work=work)
        losses.append(loss)
        rows.append((grad_V.rows, None, grad_V.values))
        total += grad_U
    return np.concatenate(losses), row_sums(*rows), total


def by_parts(
    function: Callable[..., tuple[NDArray[Any], ...]],
    large: NDArray[Any],
    *alike: NDArray[Any],
) -> tuple[NDArray[Any], ...]:
    """``function(large, *alike)`` for some of the leading places at a time.

    Its first result is like ``large``, whose memory it takes; the others are one for each place.
    """
    size = max(1, _CACHE // max(large[:1].nbytes, 1))
    return _in_turn(function, size, (large, *alike), [large])


def by_places(
    function: Callable[..., tuple[NDArray[Any], ...]],
    matrix: NDArray[Any],
    *lists: NDArray[np.intp],
) -> tuple[NDArray[Any], ...]:
    """``function(*lists)`` for some of the leading places at a time; its results, joined.

    Each word of the lists gathers a row as long as those of ``matrix``.
    """
    gathered = sum(words.size for words in lists) * matrix[:1].nbytes
    size = -(-len(lists[0]) // max(1, -(-gathered // _GATHERED)))
    return _in_turn(function, size, lists, [])


def _in_turn(
    function: Callable[..., tuple[NDArray[Any], ...]],
    size: int,
    arrays: tuple[NDArray[Any], ...],
    results: list[NDArray[Any]],
) -> tuple[NDArray[Any], ...]:
    """The function of ``size`` places at a time; the first results have memory already."""
    places = len(arrays[0])
    if places <= size:
        return function(*arrays)
    for start in range(0, places, size):
        some = slice(start, start + size)
        found = function(*(array[some] for array in arrays))
        for part in found[len(results) :]:
            results.append(np.empty((places, *part.shape[1:]), part.dtype))
        for result, part in zip(results, found, strict=True):
            if not np.may_share_memory(part, result[some]):
                result[some] = part
    return tuple(results)


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
