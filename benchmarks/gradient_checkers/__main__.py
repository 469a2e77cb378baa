"""python -m benchmarks.gradient_checkers: planted bugs by checkers, one table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from benchmarks.gradient_checkers.correct import correct
from benchmarks.gradient_checkers.escaping import ESCAPING, TWINS
from benchmarks.gradient_checkers.kernel import Kernel
from benchmarks.gradient_checkers.planted import PLANTED
from derivations.implementation import BadArguments

MODULES = ("by_us", "by_torch", "by_jax", "by_scipy", "by_numdifftools")
POINTS = 8
Said = dict[str, str | None]


def main(arguments: list[str] | None = None) -> None:
    """Print the table; exit with 1 where ours misses a bug or accuses a correct kernel."""
    options = _parser().parse_args(arguments)
    checkers, missing = _installed(options.without)
    escaping = [each.kernel for each in ESCAPING if each.covered]
    wrong = [kernel for kernel in (*PLANTED, *escaping) if options.only in kernel.name]
    wrong = [kernel for kernel in wrong if kernel in escaping] if options.escaping else wrong
    twins = [*TWINS] if options.escaping else [*_loadable(correct(), missing), *TWINS]
    right = [] if options.only else twins
    found = [(kernel, _asked(kernel, checkers, options)) for kernel in _watched(wrong, "bugs")]
    alarms = [(kernel, _asked(kernel, checkers, options)) for kernel in _watched(right, "correct")]
    names = [checker.NAME for checker in checkers]
    if options.format == "json":
        print(json.dumps(_as_json(names, found, alarms, missing, options), indent=2))
    else:
        _print(names, found, alarms, missing, options)
    ours = names[0]
    well = all(said[ours] for _, said in found) and not any(said[ours] for _, said in alarms)
    sys.exit(0 if well else 1)


def _asked(kernel: Kernel, checkers: list[ModuleType], options: Any) -> Said:
    """What each checker says of a kernel; what it raises is an objection as well."""
    said: Said = {}
    for checker in checkers:
        try:
            said[checker.NAME] = checker.catches(kernel, options.points, options.seed)
        except BadArguments:
            raise  # it was not checked at all
        except Exception as error:
            said[checker.NAME] = f"{type(error).__name__}: {error}"[:200]
    return said


def _print(names: list[str], found: Any, alarms: Any, missing: list[str], options: Any) -> None:
    console = Console(highlight=False)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("planted bug")
    for name in names:
        table.add_column(name.split(".")[0] if name != names[0] else name, justify="center")
    table.add_column("what check_kernel calls it", overflow="fold")
    for kernel, said in found:
        marks = ("✓" if said[name] else "·" for name in names)
        table.add_row(kernel.name, *marks, Text(said[names[0]] or ""))
    totals = (str(sum(bool(said[name]) for _, said in found)) for name in names)
    table.add_row(f"caught of {len(found)}", *totals, "")
    accused = (str(sum(bool(said[name]) for _, said in alarms)) for name in names)
    table.add_row(f"false alarms, {len(alarms)} correct kernels", *accused, "")
    console.print(table)
    for kernel, said in alarms:
        for name, text in said.items():
            if text:
                console.print(f"{name} accuses {kernel.name}: {text}", markup=False)
    console.print(f"{options.points} random points each, seed {options.seed}; {', '.join(names)}")
    for message in missing:
        console.print(message, markup=False)


def _as_json(names: list[str], found: Any, alarms: Any, missing: list[str], options: Any) -> Any:
    def rows(kernels: Any) -> list[Any]:
        return [{"name": k.name, "what": k.what, "said": said} for k, said in kernels]

    return {
        "checkers": names,
        "points": options.points,
        "seed": options.seed,
        "planted": rows(found),
        "correct": rows(alarms),
        "caught": {name: sum(bool(said[name]) for _, said in found) for name in names},
        "missing": missing,
    }


def _installed(without: list[str]) -> tuple[list[ModuleType], list[str]]:
    checkers, missing = [], []
    for name in MODULES:
        module = import_module(f"benchmarks.gradient_checkers.{name}")
        if name.removeprefix("by_") in without:
            continue
        try:
            module.load()
        except ModuleNotFoundError as error:
            missing.append(f"{module.NAME} left out: no module {error.name}")
        else:
            checkers.append(module)
    return checkers, missing


def _loadable(kernels: Iterable[Kernel], missing: list[str]) -> list[Kernel]:
    gone = {message.split(".")[0].split(" ")[0] for message in missing}
    return [kernel for kernel in kernels if kernel.name.split(":")[0].lower() not in gone]


def _watched(kernels: list[Kernel], what: str) -> Iterable[Kernel]:
    console = Console(stderr=True)
    return track(kernels, what, console=console, transient=True, disable=not console.is_terminal)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gradient_checkers",
        description="Planted kernel bugs, each given to derivations.check_kernel and to the "
        "gradient checkers of PyTorch, JAX, SciPy and numdifftools (default settings, float64, "
        "random points), and correct kernels, which none may accuse.",
    )
    parser.add_argument("--points", type=int, default=POINTS, help="random points for the others")
    parser.add_argument("--seed", type=int, default=0, help="which points (0)")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--only", default="", metavar="TEXT", help="bugs whose name has this text")
    parser.add_argument("--escaping", action="store_true",
                        help="only those made to escape, and their twins")  # fmt: skip
    parser.add_argument("--without", action="append", default=[], metavar="LIBRARY",
                        choices=[name.removeprefix("by_") for name in MODULES[1:]],
                        help="leave a checker out: torch, jax, scipy or numdifftools")  # fmt: skip
    return parser


if __name__ == "__main__":
    main()
