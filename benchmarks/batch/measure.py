"""Contenders, their problems and results: N words of d entries, B pairs as in text, K samples.

A contender is a way to compute losses and gradients; results have to agree, and memory to be there.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from ctypes import CDLL
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.clock import TimedCall, calls_in_turn
from benchmarks.tables import beside


@dataclass(frozen=True)
class Size:
    """One size and dtype; K is 0 for the softmax."""

    N: int
    d: int
    B: int
    K: int = 0
    dtype: str = "float32"

    @property
    def itemsize(self) -> int:
        """Bytes of one number."""
        return {"float32": 4, "float64": 8}[self.dtype]

    def __str__(self) -> str:
        samples = f" K={self.K}" if self.K else ""
        return f"N={self.N} d={self.d} B={self.B}{samples} {self.dtype}"


@dataclass(frozen=True)
class Grid:
    """(N, d) for either loss, all with every number of pairs and samples; memory's (N, d)."""

    softmax: tuple[tuple[int, int], ...]
    sampling: tuple[tuple[int, int], ...]
    memory: tuple[int, int]
    pairs: tuple[int, ...] = (1, 32, 1024)
    samples: tuple[int, ...] = (5, 64)

    def sizes(self, part: str, dtype: str) -> Iterator[Size]:
        """All sizes of a part; a single pair is a batch of one."""
        sampling = part.startswith("sampling")
        pairs = (1,) if part.endswith("pair") else self.pairs
        shapes = self.sampling if sampling else self.softmax
        for (N, d), K, B in product(shapes, self.samples if sampling else (0,), pairs):
            yield Size(N, d, B, K, dtype)

    def largest(self, part: str, dtype: str) -> Size:
        """Where memory is measured."""
        K = max(self.samples) if part == "sampling" else 0
        return Size(*self.memory, max(self.pairs), K, dtype)


GRIDS = {
    "tiny": Grid(((50, 8),), ((50, 8),), memory=(50, 8), pairs=(4,), samples=(3,)),
    "small": Grid(((1_000, 100), (10_000, 100)), ((10_000, 100),), memory=(10_000, 100)),
    "full": Grid(
        softmax=tuple(product((1_000, 10_000, 100_000), (100, 300))),
        sampling=tuple(product((10_000, 100_000), (100, 300))),
        memory=(100_000, 100),
    ),
}


@dataclass(frozen=True)
class Problem:
    """One batch. There are no negatives, shape (B, 0), for the softmax."""

    size: Size
    V: NDArray[Any]
    U: NDArray[Any]
    centers: NDArray[np.intp]
    outsides: NDArray[np.intp]
    negatives: NDArray[np.intp]


def drawn(size: Size, seed: int = 0) -> Problem:
    """Entries of standard deviation 1/√d; words by Zipf's law, negatives by its power 3/4."""
    rng = np.random.default_rng(seed)
    V, U = (_matrix(rng, size) for _ in range(2))
    frequency = 1 / np.arange(1.0, size.N + 1)
    centers, outsides = (_words(rng, frequency, (size.B,)) for _ in range(2))
    negatives = _words(rng, frequency**0.75, (size.B, size.K))
    return Problem(size, V, U, centers, outsides, negatives)


def _matrix(rng: np.random.Generator, size: Size) -> NDArray[Any]:
    dtype = np.float32 if size.dtype == "float32" else np.float64
    matrix: NDArray[Any] = rng.standard_normal((size.N, size.d), dtype=dtype)
    matrix /= np.sqrt(dtype(size.d))
    return matrix


def _words(
    rng: np.random.Generator, frequency: NDArray[np.float64], shape: tuple[int, ...]
) -> NDArray[np.intp]:
    return rng.choice(len(frequency), shape, p=frequency / frequency.sum()).astype(np.intp)


class Rows(NamedTuple):
    """A gradient by some rows of a matrix, distinct; those from N on are padding."""

    rows: NDArray[np.intp]
    values: NDArray[Any]


Gradient = Rows | NDArray[Any]
Call = Callable[[], Any]


class Result(NamedTuple):
    """The losses of a batch and the gradients of their sum, as NumPy arrays."""

    losses: NDArray[Any]
    grad_V: Gradient
    grad_U: Gradient


def every_size(_: Size) -> float:
    """No work arrays that could be too large."""
    return 0


def as_it_is(found: Result, _: int) -> Result:
    """What a call returns that is in NumPy already."""
    return found


@dataclass(frozen=True)
class Contender:
    """One row of the table.

    ``prepare`` takes a problem to its own arrays and gives the call that is timed; ``read`` takes
    what the call returns to NumPy, and is not timed. ``gives`` is the form of the gradients by
    V and U. ``entries`` estimates how many numbers it holds at once, ``writes`` how many it writes.
    """

    name: str
    gives: str
    prepare: Callable[[Problem], Call]
    read: Callable[[Any, int], Result] = as_it_is
    entries: Callable[[Size], float] = every_size
    writes: Callable[[Size], float] = every_size
    ours: bool = False


COMPILED = "ours, compiled"  # targets of its own are told by this name
# spacings of floats at 1, by the largest entry: sums of N or B terms, rounded in another order
SPACINGS = 400


class DisagreementError(Exception):
    """A contender's result is not ours."""


def check(name: str, result: Result, reference: Result, size: Size) -> None:
    """Raises DisagreementError, saying which result differs and by how much."""
    for what in Result._fields:
        found, wanted = (dense(getattr(each, what), size.N) for each in (result, reference))
        if found.shape != wanted.shape or found.dtype != wanted.dtype:
            raise DisagreementError(
                f"{name}, {size}: {what} is {found.dtype} {found.shape}, "
                f"not {wanted.dtype} {wanted.shape}"
            )
        error = float(np.abs(found - wanted).max() / np.abs(wanted).max())
        allowed = SPACINGS * float(np.finfo(size.dtype).eps)
        if not error <= allowed:
            raise DisagreementError(
                f"{name}, {size}: {what} differs by {error:.1e} of its largest entry, "
                f"allowed {allowed:.1e}"
            )


def dense(gradient: Gradient, N: int) -> NDArray[Any]:
    """As a whole array. Of a row that is listed twice the last counts: it was not summed."""
    if not isinstance(gradient, Rows):
        return gradient
    kept = gradient.rows < N
    matrix = np.zeros((N, gradient.values.shape[1]), gradient.values.dtype)
    matrix[gradient.rows[kept]] = gradient.values[kept]
    return matrix


MOST_WRITTEN = 2e9


@dataclass(frozen=True)
class Bounds:
    """GiB that are held at once, as estimated, and seconds that the first call takes."""

    memory: float = 6.0
    seconds: float = 20.0

    def too_large(self, contender: Contender, size: Size) -> str | None:
        """Why a contender is not asked at this size."""
        needed = contender.entries(size) * size.itemsize / 2**30
        if needed > self.memory:
            return f"needs about {needed:.1f} GiB (--memory {self.memory:g})"
        if (written := contender.writes(size)) > MOST_WRITTEN:
            return f"writes {written:.1e} numbers a call, more than {MOST_WRITTEN:.0e}"
        return None

    def too_slow(self, seconds: float) -> str | None:
        """Why a contender is not timed after its first call."""
        if seconds > self.seconds:
            return f"the first call took {seconds:.0f} s (--seconds {self.seconds:g})"
        return None


# One size: contenders that agree, timed in turn, beside the least time; and the memory of a call.
#
# The least time of a softmax batch on this machine is from rates measured in the same rounds:
#
#     6 B N d / peak + itemsize (2 N d + 2 B d) / bandwidth
#
# Three products of B, N and d cannot be avoided: the scores, and the gradients by the center
# vectors and by U. The peak is the best rate of NumPy's own products into arrays that exist, a
# square one or these three. U and the rows of V have to be read and their gradients written; the
# bandwidth is that of copying U, from whichever cache it is in, to an array that exists.
# Exponentials, the (B, N) scores, which could stay in a cache, and allocation count as nothing.
# Rates are medians over the rounds, as the times are.
#
# ``python -m benchmarks.batch.measure MODULE PART CONTENDER N d B K DTYPE`` prints the memory of
# a call above its inputs, in bytes. A small batch goes first, so that what a library sets up once
# does not count. The system is asked through /proc, not by getrusage: that remembers the process
# which started this one.


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
    rounds_to_peer: tuple[float, ...] = ()  # the same round by round


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
    peers = [timed[each.name] for each, _ in agreed if not each.ours]
    fastest = min(peers, key=lambda each: each.median, default=None)
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
            took.median / fastest.median if fastest else None,
            took.median / least if least else None,
            tuple(beside(took.seconds, fastest.seconds)) if fastest else (),
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
    N, d, B, K, *_ = map(int, numbers)
    print(peak_here(module, part, name, Size(N, d, B, K, dtype)))


if __name__ == "__main__":
    main()
