"""The clock of every benchmark: what is compared is timed in turn, in rounds, in one run.

One thread for every library, said before any of them is imported, and one processor for all.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from statistics import median
from time import perf_counter, process_time
from timeit import Timer

import numpy as np

# Whole commands, timed side by side in one run: medians, spread and ratios.


PINNED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"


def commands_in_turn(commands: dict[str, list[str]], rounds: int) -> dict[str, list[float]]:
    """Wall seconds of each command; one warm-up round first; a command that fails is an error."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(rounds + 1):
        for name, command in commands.items():
            seconds = run_python(command)
            if round_number:
                times[name].append(seconds)
    return times


def run_python(command: list[str]) -> float:
    """Wall seconds of ``python`` with these arguments, BLAS on one thread.

    Modules are compiled once, in the warm-up, as those of the libraries were when installed.
    """
    kept = {name: value for name, value in os.environ.items() if name != UNCOMPILED}
    start = perf_counter()
    subprocess.run(
        [sys.executable, *command],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**kept, **PINNED},
    )
    return perf_counter() - start


def peak_memory() -> float:
    """The largest resident size of any child so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


# Calls in one process, timed in turn: every round asks each of them once.
#
# What counts is the time that a processor works for this process, all its threads together, so that
# other work beside it does not.
#
# The C library keeps freed memory below a bound that grows with the largest block freed so far,
# up to 32 MiB. It is brought there first, where it is in any process that has run for a while:
# otherwise those who come later would find their pages ready.


AT_LEAST = 0.005
LARGEST_KEPT = 2**25 - 2**16  # bytes


@dataclass(frozen=True)
class TimedCall:
    """Seconds a call in every round; ``busy``, processor time by wall time, is 1 for one thread.

    Where others have the processor as well it is less.
    """

    seconds: tuple[float, ...]
    repeats: int
    busy: float

    @property
    def median(self) -> float:
        """The middle round."""
        return median(self.seconds)


def calls_in_turn(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, TimedCall]:
    """Each call repeated for 5 ms a round, rounds starting with another one in turn.

    The calls have been made before, so that nothing is compiled now.
    """
    settle()
    timers = {name: Timer(call) for name, call in calls.items()}
    repeats = {name: max(1, ceil(AT_LEAST / each.timeit(1))) for name, each in timers.items()}
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    passed = dict.fromkeys(calls, 0.0)
    names = list(calls)
    for number in range(rounds):
        start = number % max(1, len(names))
        for name in names[start:] + names[:start]:
            before = process_time()
            passed[name] += timers[name].timeit(repeats[name])
            seconds[name].append((process_time() - before) / repeats[name])
    return {
        name: TimedCall(tuple(took), repeats[name], sum(took) * repeats[name] / passed[name])
        for name, took in seconds.items()
    }


def settle() -> None:
    """Free one large block."""
    np.empty(LARGEST_KEPT, np.uint8)


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
    restart(module, arguments, ONE_THREAD)


def restart(module: str, arguments: list[str], variables: Mapping[str, str]) -> None:
    """Start ``python -m module`` again with these variables, which libraries read when imported."""
    if any(os.environ.get(name) != value for name, value in variables.items()):
        command = [sys.executable, "-m", module, *arguments]
        os.execve(sys.executable, command, {**os.environ, **variables})


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


class Stopwatch:
    """Runs from `start` to `stop`, again and again.

    Its seconds are those that the processors worked for this process, so that other work beside it
    does not count; or those of the clock where they are fewer, as with threads that overlap.
    """

    def __init__(self) -> None:
        self._worked, self._passed = 0.0, 0.0

    def start(self) -> None:
        """Go on from here."""
        self._worked -= process_time()
        self._passed -= perf_counter()

    def stop(self) -> None:
        """Stand still; while it runs `seconds` says nothing."""
        self._worked += process_time()
        self._passed += perf_counter()

    @property
    def seconds(self) -> float:
        """The lesser of both."""
        return min(self._worked, self._passed)
