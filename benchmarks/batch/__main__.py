"""python -m benchmarks.batch: the kernels beside other ways to compute the same."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.batch.problem import GRIDS
from benchmarks.clock import pin
from benchmarks.tables import figure_type, positive


def main(arguments: list[str]) -> int:
    """0 when all was measured, 1 when a contender computes something else."""
    options = _parser().parse_args(arguments)
    pin("benchmarks.batch", arguments)
    # these import the peers as well, which read how many threads they may use
    from benchmarks.batch.problem import DisagreementError
    from benchmarks.batch.report import as_json, run, save_plot, show

    if options.plot:
        figure_type()  # missing, it is better missed before minutes of measuring
    try:
        found = run(options)
    except DisagreementError as error:
        print(error, file=sys.stderr)
        return 1
    if options.format == "json":
        print(as_json(found))
    else:
        show(found)
    if options.plot:
        save_plot(options.plot, found.rows)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.batch",
        description="Losses and gradients of batches and of single pairs: these kernels beside "
        "NumPy, SciPy, Numba, torch, jax and autograd, one thread each, rounds in turn; how much "
        "memory a call needs, and how long it takes to start.",
    )
    parser.add_argument(
        "--parts",
        nargs="+",
        choices=("softmax", "sampling", "softmax_pair", "sampling_pair", "memory", "imports"),
        help="some tables only",
    )
    parser.add_argument("--sizes", choices=GRIDS, default="small", help="how many sizes (small)")
    parser.add_argument("--rounds", type=positive, default=7, help="counted rounds (7)")
    parser.add_argument(
        "--dtype",
        choices=("float32", "float64", "both"),
        default="float32",
        help="float32 is what word vectors are trained in (default)",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=("scipy", "torch", "jax", "autograd", "numba"),
        help="leave a peer out",
    )
    parser.add_argument(
        "--memory", type=float, default=6.0, help="GiB that one contender may need (6)"
    )
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="that the first call may take (20)"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="also draw the ratios")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
