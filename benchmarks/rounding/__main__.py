"""python -m benchmarks.rounding: bounds on rounding, and what is measured."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from rich.console import Console

from benchmarks.rounding.counted import counted_rows
from benchmarks.rounding.table import as_json, table
from codegen.rounding.bound_rows import KINDS, Row, rows

WIDTH = 140  # of the table, where it goes to a file


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table; exit with 1 where a hypothesis or a bound does not hold."""
    options = _parser().parse_args(arguments)
    console, watched = Console(highlight=False), Console(stderr=True, highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    found: list[Row] = []
    kinds = options.only or KINDS
    with watched.status(f"{kinds[0]} rows") as status:
        for row in _rows(kinds, options.quick, options.seed):
            found.append(row)
            status.update(f"{len(found)} rows; {row.kind} {row.name}, {row.dtype} done")
    versions = {name: version(name) for name in ("numpy", "python-flint")}
    if options.format == "json":
        print(as_json(found, versions))
    else:
        console.print(table(found))
        for row in found:
            if not row.holds:
                console.print(f"✗ {row.kind} {row.name}, {row.dtype}: {row.how}", markup=False)
        console.print(", ".join(f"{name} {number}" for name, number in versions.items()))
    sys.exit(0 if all(row.holds for row in found) else 1)


def _rows(kinds: Sequence[str], is_quick: bool, seed: int) -> Iterator[Row]:
    plain = [kind for kind in kinds if kind != "count"]
    yield from rows(not is_quick, seed=seed, kinds=plain)
    if "count" in kinds:
        yield from counted_rows(100 if is_quick else 4000, seed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.rounding",
        description="Bounds on the rounding errors of the emitted code beside what is measured: "
        "the hypotheses about exp and log1p in ulp, the scalar core over all floats in u |value|, "
        "running bounds of losses and gradients, and bounds in u B for all inputs of a size. "
        "Takes some twenty minutes.",
    )
    parser.add_argument("--quick", action="store_true", help="a small share, in a minute")
    parser.add_argument("--only", action="append", choices=KINDS, metavar="KIND",
                        help="only rows of this kind; may be repeated")  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="which points and cases (0)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    return parser


if __name__ == "__main__":
    main()
