"""One thread for every library, said before any of them is imported, and one processor for all."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version

from benchmarks.clock import PINNED

ONE_THREAD = {
    **PINNED,
    "NUMBA_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
LIBRARIES = ("numpy", "scipy", "numba", "torch", "jax", "autograd")


def pin(module: str, arguments: list[str]) -> None:
    """Start ``python -m module`` again with one thread each, unless it was started so.

    Where the system can, it is kept to one processor: a library may start threads all the same.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        command = [sys.executable, "-m", module, *arguments]
        os.execve(sys.executable, command, {**os.environ, **ONE_THREAD})


def threads() -> dict[str, str | None]:
    """As this process was started."""
    return {name: os.environ.get(name) for name in ONE_THREAD}


def processors() -> int | None:
    """How many this process may use; None where the system cannot say."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


def versions() -> dict[str, str]:
    """The libraries that are installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
