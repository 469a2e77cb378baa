"""Calls in one process, timed in turn: every round asks each of them once.

What counts is the time that a processor works for this process, all its threads together, so that
other work beside it does not.

The C library keeps freed memory below a bound that grows with the largest block freed so far, up to
32 MiB. It is brought there first, where it is in any process that has run for a while: otherwise
those who come later would find their pages ready.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from statistics import median
from time import process_time
from timeit import Timer

import numpy as np

from benchmarks.batch.contender import Call

AT_LEAST = 0.005
LARGEST_KEPT = 2**25 - 2**16  # bytes


@dataclass(frozen=True)
class Timed:
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


def interleaved(calls: Mapping[str, Call], rounds: int) -> dict[str, Timed]:
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
        name: Timed(tuple(took), repeats[name], sum(took) * repeats[name] / passed[name])
        for name, took in seconds.items()
    }


def settle() -> None:
    """Free one large block."""
    np.empty(LARGEST_KEPT, np.uint8)
