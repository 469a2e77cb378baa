"""How much memory one call needs above its inputs, each contender in a process of its own.

``python -m benchmarks.batch.memory MODULE PART CONTENDER N d B K DTYPE`` prints it in bytes. A
small batch goes first, so that what a library sets up once does not count. The system is asked
through /proc, not by getrusage: that remembers the process which started this one.
"""

from __future__ import annotations

import subprocess
import sys
from ctypes import CDLL
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from benchmarks.batch.contender import Call, Contender
from benchmarks.batch.problem import Size, drawn

MODULE = "benchmarks.batch.memory"
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


def peak(module: str, part: str, name: str, size: Size) -> int:
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
    print(peak(module, part, name, Size(*map(int, numbers), dtype=dtype)))


if __name__ == "__main__":
    main()
