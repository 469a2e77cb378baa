"""Work shared out to processes, one a core; results in the order of the work."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
MOST_PROCESSES = 8


def in_processes(work: Callable[[str], T], names: Sequence[str]) -> Iterator[T]:
    """``work`` of each name; what it needs besides is set before, and forked with the process."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    processes = min(cores, len(names), MOST_PROCESSES)
    if processes < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, names)
        return
    ignoring = (signal.SIGINT, signal.SIG_IGN)  # the parent ends them all
    with multiprocessing.get_context("fork").Pool(processes, signal.signal, ignoring) as pool:
        yield from pool.imap(work, names)
