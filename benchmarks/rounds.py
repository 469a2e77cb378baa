"""Whole commands, timed side by side in one run: medians, spread and ratios."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from time import perf_counter

PINNED = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"


@dataclass(frozen=True)
class Timed:
    """Wall seconds of one command over all rounds."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle time."""
        return median(self.seconds)

    @property
    def spread(self) -> str:
        """The fastest and the slowest round."""
        return f"{min(self.seconds):.3f} to {max(self.seconds):.3f}"


def interleaved(commands: dict[str, list[str]], rounds: int) -> list[Timed]:
    """Run the commands in turn, one warm-up round first; a command that fails is an error."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for round_number in range(rounds + 1):
        for name, command in commands.items():
            seconds = run(command)
            if round_number:
                times[name].append(seconds)
    return [Timed(name, tuple(seconds)) for name, seconds in times.items()]


def run(command: list[str]) -> float:
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
