"""Work shared out to processes, one a core; results as they are done."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
MOST_PROCESSES = 8


def in_processes(work: Callable[[int], T], order: Sequence[int]) -> Iterator[T]:
    """``work`` of each number, begun in this order.

    What it needs besides is set before, and forked with the process.
    """
    processes = min(_cores(), len(order), MOST_PROCESSES)
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, order)
        return
    with multiprocessing.get_context("fork").Pool(processes, _begin) as pool:
        yield from pool.imap_unordered(work, order)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends them all
    gc.freeze()  # what was forked is neither looked through nor copied
