"""One size: contenders that agree, timed in turn, beside the least time; and the memory of a call.

The least time of a softmax batch on this machine is from rates measured in the same rounds:

    6 B N d / peak + itemsize (2 N d + 2 B d) / bandwidth

Three products of B, N and d cannot be avoided: the scores, and the gradients by the center vectors
and by U. The peak is the best rate of NumPy's own products into arrays that exist, a square one or
these three. U and the rows of V have to be read and their gradients written; the bandwidth is that
of copying U, from whichever cache it is in, to an array that exists. Exponentials, the (B, N)
scores, which could stay in a cache, and allocation count as nothing. Rates are medians over the
rounds, as the times are.

``python -m benchmarks.batch.measure MODULE PART CONTENDER N d B K DTYPE`` prints the memory of a
call above its inputs, in bytes. A small batch goes first, so that what a library sets up once does
not count. The system is asked through /proc, not by getrusage: that remembers the process which
started this one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from ctypes import CDLL
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.batch.problem import Bounds, Call, Contender, Problem, Size, check, drawn
from benchmarks.clock import TimedCall, calls_in_turn


@dataclass(frozen=True)
class Row:
    """One contender at one size. Seconds a call; ratios are of medians."""

    part: str
    size: Size
    contender: str
    gives: str
    ours: bool
    median: float
    fastest: float
    slowest: float
    busy: float
    to_peer: float | None  # the fastest peer; None where there is no other
    to_limit: float | None  # None but for a softmax batch


@dataclass(frozen=True)
class Skipped:
    """A contender that was not asked."""

    part: str
    size: Size
    contender: str
    reason: str


SQUARE = "square product"
THREE = "three products"
COPY = "copy"
SIDE = 1024


def limiting(problem: Problem) -> dict[str, Call]:
    """What is timed beside the contenders."""
    v, U = problem.V[problem.centers], problem.U
    scores, grad_v, grad_U = v @ U.T, np.empty_like(v), np.empty_like(U)
    left = np.ones((SIDE, SIDE), U.dtype)
    right, product = np.ones_like(left), np.empty_like(left)
    copy = np.ones_like(U)

    def three() -> None:
        np.matmul(v, U.T, out=scores)
        np.matmul(scores, U, out=grad_v)
        np.matmul(scores.T, v, out=grad_U)

    return {
        SQUARE: lambda: np.matmul(left, right, out=product),
        THREE: three,
        COPY: lambda: np.copyto(copy, U),
    }


def operations(size: Size) -> float:
    """Additions and multiplications of the three products."""
    return 6.0 * size.B * size.N * size.d


def peak(size: Size, timed: dict[str, TimedCall]) -> float:
    """Operations a second."""
    return max(2.0 * SIDE**3 / timed[SQUARE].median, operations(size) / timed[THREE].median)


def bandwidth(size: Size, timed: dict[str, TimedCall]) -> float:
    """Bytes a second, those read and those written."""
    return 2.0 * size.itemsize * size.N * size.d / timed[COPY].median


def least_time(size: Size, timed: dict[str, TimedCall]) -> float:
    """Seconds."""
    moved = size.itemsize * 2.0 * size.d * (size.N + size.B)
    return operations(size) / peak(size, timed) + moved / bandwidth(size, timed)


Agreed = list[tuple[Contender, Call]]


def measure(
    part: str, size: Size, contenders: Sequence[Contender], rounds: int, bounds: Bounds
) -> tuple[list[Row], list[Skipped]]:
    """Raises DisagreementError, before anything is timed. The first that can is the reference."""
    problem = drawn(size)
    agreed, reasons = _checked(problem, contenders, bounds)
    calls = {each.name: call for each, call in agreed}
    limits = limiting(problem) if part == "softmax" else {}
    timed = calls_in_turn({**calls, **limits}, rounds)
    least = least_time(size, timed) if limits else None
    peers = [timed[each.name].median for each, _ in agreed if not each.ours]
    rows = [
        Row(
            part,
            size,
            each.name,
            each.gives,
            each.ours,
            took.median,
            min(took.seconds),
            max(took.seconds),
            took.busy,
            took.median / min(peers) if peers else None,
            took.median / least if least else None,
        )
        for each, _ in agreed
        for took in (timed[each.name],)
    ]
    return rows, [Skipped(part, size, name, reason) for name, reason in reasons.items()]


def _checked(
    problem: Problem, contenders: Sequence[Contender], bounds: Bounds
) -> tuple[Agreed, dict[str, str]]:
    """The calls that agree with each other, and why others are left out."""
    agreed: Agreed = []
    reasons: dict[str, str] = {}
    reference = None
    for each in contenders:
        if reason := bounds.too_large(each, problem.size):
            reasons[each.name] = reason
            continue
        call = each.prepare(problem)
        start = perf_counter()
        found = call()
        seconds = perf_counter() - start
        result = each.read(found, problem.size.N)
        reference = reference or result
        check(each.name, result, reference, problem.size)
        if reason := bounds.too_slow(seconds):
            reasons[each.name] = reason
        else:
            agreed.append((each, call))
    return agreed, reasons


MODULE = "benchmarks.batch.measure"
FORGET = Path("/proc/self/clear_refs")
STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Peak:
    """The largest resident size during one call, less that before it, in bytes."""

    part: str
    size: Size
    contender: str
    bytes: int


def peak_in_child(part: str, size: Size, contender: Contender) -> list[Peak]:
    """Measured in a child process; nothing where the system cannot say."""
    if not FORGET.exists():
        return []
    numbers = map(str, (size.N, size.d, size.B, size.K))
    named = (contender.prepare.__module__, part, contender.name)
    command = [sys.executable, "-m", MODULE, *named, *numbers, size.dtype]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [Peak(part, size, contender.name, int(done.stdout))]


def peak_here(module: str, part: str, name: str, size: Size) -> int:
    """Measured in this process, once; no other contender's library is imported."""
    contenders = import_module(module).CONTENDERS[part]
    contender = next(each for each in contenders if each.name == name)
    contender.prepare(drawn(replace(size, N=8, d=2, B=2, K=min(size.K, 2))))()
    return during(contender.prepare(drawn(size)))


def during(call: Call) -> int:
    """The largest resident size of this process while it makes the call, less that before."""
    trim()
    FORGET.write_text("5")  # the largest size so far
    before = _kilobytes("VmRSS")
    call()
    return 1024 * (_kilobytes("VmHWM") - before)


def trim() -> None:
    """Give back what was freed, if the C library can, or the call could use it unseen."""
    if give_back := getattr(CDLL(None), "malloc_trim", None):
        give_back(0)


def _kilobytes(name: str) -> int:
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1])


def main() -> None:
    """Print the bytes."""
    module, part, name, *numbers, dtype = sys.argv[1:]
    print(peak_here(module, part, name, Size(*map(int, numbers), dtype=dtype)))


if __name__ == "__main__":
    main()
