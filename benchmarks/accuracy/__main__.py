"""python -m benchmarks.accuracy: errors of the kernels and of other libraries, side by side."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from rich.progress import track

from benchmarks.accuracy.errors import FULL, LIMIT, QUICK, Measured, measure
from benchmarks.accuracy.implementations import LIBRARIES, OURS, installed
from benchmarks.accuracy.inputs import EDGES, NAMES
from benchmarks.accuracy.report import (
    Target,
    as_json,
    conditioned_tables,
    confident_table,
    scalar_table,
    targets,
)
from benchmarks.tables import console, mark


def main(arguments: list[str] | None = None) -> None:
    """Print the tables; exit with 1 where the kernels of this project miss what they promise."""
    options = _parser().parse_args(arguments)
    implementations, missing = installed(options.without)
    measured = measure(implementations, QUICK if options.quick else FULL, options.seed, _watched)
    kept = targets(measured, OURS)
    names = ["numpy", "python-flint", *(each.name for each in implementations)]
    versions = {name: version(name) for name in names if name != OURS}
    if options.format == "json":
        print(as_json(measured, kept, versions, missing))
    else:
        _print(measured, kept, versions, missing)
    sys.exit(0 if all(each.met for each in kept if each.promised) else 1)


def _print(
    measured: Measured, kept: list[Target], versions: dict[str, str], missing: list[str]
) -> None:
    out = console()
    out.print(scalar_table(measured.scalars))
    for dtype, edges in EDGES.items():
        limits = ", ".join(f"{n} {e:g}" for n, e in zip(NAMES, edges, strict=False))
        out.print(f"{dtype.name} from {limits}")
    for each in conditioned_tables(measured.conditioned):
        out.print("", each)
    out.print("u B is defined in help(generated); what underflow costs is added to it")
    out.print(f"beyond {LIMIT:g}: pairs of which some part is further off than that")
    out.print("", confident_table(measured.confident))
    for target in kept:
        limit = f"at most {target.limit:g}" if target.promised else "not promised"
        out.print(f"{mark(target.met)}: {target.what}: {target.found:.2f}, {limit}")
    out.print(", ".join(f"{name} {number}" for name, number in versions.items()))
    for message in missing:
        out.print(message, markup=False)


def _watched(steps: Iterable[Any], what: str) -> Iterable[Any]:
    err = console(error=True)
    return track(steps, what, console=err, transient=True, disable=not err.is_terminal)


def _parser() -> argparse.ArgumentParser:
    names = [name for name in LIBRARIES if name != OURS]
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
