"""python -m benchmarks.accuracy: errors of the kernels and of other libraries, side by side."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from rich.console import Console
from rich.progress import track

from benchmarks.accuracy import by_generated
from benchmarks.accuracy.errors import LIMIT
from benchmarks.accuracy.inputs import EDGES, NAMES
from benchmarks.accuracy.measure import FULL, LIBRARIES, QUICK, Measured, installed, measure
from benchmarks.accuracy.report import (
    Target,
    as_json,
    conditioned_tables,
    confident_table,
    scalar_table,
    targets,
)


def main(arguments: list[str] | None = None) -> None:
    """Print the tables; exit with 1 where the kernels of this project miss what they promise."""
    options = _parser().parse_args(arguments)
    implementations, missing = installed(options.without)
    measured = measure(implementations, QUICK if options.quick else FULL, options.seed, _watched)
    kept = targets(measured, by_generated.NAME)
    names = ["numpy", "python-flint", *(each.name for each in implementations)]
    versions = {name: version(name) for name in names if name != by_generated.NAME}
    if options.format == "json":
        print(as_json(measured, kept, versions, missing))
    else:
        _print(measured, kept, versions, missing)
    sys.exit(0 if all(each.met for each in kept if each.promised) else 1)


def _print(
    measured: Measured, kept: list[Target], versions: dict[str, str], missing: list[str]
) -> None:
    console = Console(highlight=False)
    console.print(scalar_table(measured.scalars))
    for dtype, edges in EDGES.items():
        limits = ", ".join(f"{n} {e:g}" for n, e in zip(NAMES, edges, strict=False))
        console.print(f"{dtype.name} from {limits}")
    for table in conditioned_tables(measured.conditioned):
        console.print("", table)
    console.print("u B is defined in help(generated); what underflow costs is added to it")
    console.print(f"beyond {LIMIT:g}: pairs of which some part is further off than that")
    console.print("", confident_table(measured.confident))
    for target in kept:
        mark = "✓" if target.met else "✗"
        limit = f"at most {target.limit:g}" if target.promised else "not promised"
        console.print(f"{mark} {target.what}: {target.found:.2f}, {limit}")
    console.print(", ".join(f"{name} {number}" for name, number in versions.items()))
    for message in missing:
        console.print(message, markup=False)


def _watched(steps: Iterable[Any], what: str) -> Iterable[Any]:
    console = Console(stderr=True)
    return track(steps, what, console=console, transient=True, disable=not console.is_terminal)


def _parser() -> argparse.ArgumentParser:
    names = [each.NAME for each in LIBRARIES if each is not by_generated]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description="Errors of the scalar functions in ulp, and of losses and gradients relative "
        "to their condition scale, against ball arithmetic: this project's kernels, SciPy, "
        "PyTorch and JAX. Libraries that are missing are named and left out.",
    )
    parser.add_argument("--quick", action="store_true", help="a small share of points and pairs")
    parser.add_argument("--seed", type=int, default=0, help="which points and pairs (0)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--without", action="append", default=[], choices=names, metavar="LIBRARY",
                        help="leave a library out: scipy, torch or jax")  # fmt: skip
    return parser


if __name__ == "__main__":
    main()
