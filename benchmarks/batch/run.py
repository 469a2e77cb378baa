"""All that was asked for: ours and every peer whose library is installed, at every size."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module

from rich.console import Console
from rich.progress import track

from benchmarks.batch import by_numpy, by_us
from benchmarks.batch.contender import Bounds, Contender
from benchmarks.batch.measure import Row, Skipped, measure
from benchmarks.batch.memory import Peak, peak_in_child
from benchmarks.batch.problem import GRIDS
from benchmarks.clock import TimedCommand, commands_in_turn

PARTS = {
    "softmax": "naive softmax, a batch",
    "sampling": "negative sampling, a batch",
    "softmax_pair": "naive softmax, one pair",
    "sampling_pair": "negative sampling, one pair",
}
# module here: the package it needs
PEERS = {
    "by_scipy": "scipy",
    "by_torch": "torch",
    "by_jax": "jax",
    "by_autograd": "autograd",
    "by_numba": "numba",
}

Roster = dict[str, list[Contender]]


def roster(without: list[str]) -> tuple[Roster, list[str]]:
    """The contenders of each part, ours first, and what to say of those that are missing."""
    modules, missing = [by_us, by_numpy], []
    for module, package in PEERS.items():
        if package in without:
            continue
        try:
            modules.append(import_module(f"benchmarks.batch.{module}"))
        except ModuleNotFoundError as error:
            if error.name is None or error.name.split(".")[0] not in PEERS.values():
                raise
            missing.append(f"{package} is left out: pip install {error.name}")
    parts = {
        part: [each for module in modules for each in module.CONTENDERS.get(part, ())]
        for part in PARTS
    }
    return parts, missing


IMPORTS = {text: ["-c", text] for text in ("pass", "import numpy", "import generated")}


@dataclass
class Found:
    """What was measured, and what was not."""

    rounds: int
    rows: list[Row] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    peaks: list[Peak] = field(default_factory=list)
    imports: list[TimedCommand] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def run(options: Namespace) -> Found:
    """Raises DisagreementError when a contender computes something else."""
    parts, missing = roster(options.without)
    found = Found(options.rounds, missing=missing)
    bounds = Bounds(options.memory, options.seconds)
    asked = options.parts or (*PARTS, "memory", "imports")
    dtypes = ("float32", "float64") if options.dtype == "both" else (options.dtype,)
    if "imports" in asked:
        found.imports = commands_in_turn(IMPORTS, options.rounds)
    if "memory" in asked:
        found.peaks = [
            peak for each in dtypes for peak in _peaks(parts, options.sizes, bounds, each)
        ]
    sizes = [
        (part, size)
        for part in PARTS
        if part in asked
        for dtype in dtypes
        for size in GRIDS[options.sizes].sizes(part, dtype)
    ]
    console = Console(stderr=True)
    for part, size in track(sizes, description="sizes", console=console, transient=True):
        rows, skipped = measure(part, size, parts[part], options.rounds, bounds)
        found.rows += rows
        found.skipped += skipped
    return found


def _peaks(parts: Roster, sizes: str, bounds: Bounds, dtype: str) -> Iterator[Peak]:
    for part in ("softmax", "sampling"):
        size = GRIDS[sizes].largest(part, dtype)
        for each in parts[part]:
            if not bounds.too_large(each, size):
                yield from peak_in_child(part, size, each)
