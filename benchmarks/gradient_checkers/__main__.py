"""python -m benchmarks.gradient_checkers: planted bugs by checkers, one table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from typing import Any

from rich.progress import track
from rich.text import Text

from benchmarks.gradient_checkers.checkers import CHECKERS, OURS, Checker
from benchmarks.gradient_checkers.escaping_kernels import ESCAPING, TWINS
from benchmarks.gradient_checkers.planted import PLANTED, Kernel, correct
from benchmarks.tables import console, table
from derivations.implementation import BadArguments

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
    names = [checker.name for checker in checkers]
    if options.format == "json":
        print(json.dumps(_as_json(names, found, alarms, missing, options), indent=2))
    else:
        _print(names, found, alarms, missing, options)
    well = all(said[OURS.name] for _, said in found)
    well = well and not any(said[OURS.name] for _, said in alarms)
    sys.exit(0 if well else 1)


def _asked(kernel: Kernel, checkers: list[Checker], options: Any) -> Said:
    """What each checker says of a kernel; what it raises is an objection as well."""
    said: Said = {}
    for checker in checkers:
        try:
            said[checker.name] = checker.catches(kernel, options.points, options.seed)
        except BadArguments:
            raise  # it was not checked at all
        except Exception as error:
            said[checker.name] = f"{type(error).__name__}: {error}"[:200]
    return said


def _print(names: list[str], found: Any, alarms: Any, missing: list[str], options: Any) -> None:
    screen = console()
    short = [name if name == OURS.name else name.split(".")[0] for name in names]
    shown = table("planted bug", *short, "what check_kernel calls it")
    shown.columns[-1].justify, shown.columns[-1].overflow = "left", "fold"
    for kernel, said in found:
        marks = ("✓" if said[name] else "·" for name in names)
        shown.add_row(kernel.name, *marks, Text(said[OURS.name] or ""))
    totals = (str(sum(bool(said[name]) for _, said in found)) for name in names)
    shown.add_row(f"caught of {len(found)}", *totals, "")
    accused = (str(sum(bool(said[name]) for _, said in alarms)) for name in names)
    shown.add_row(f"false alarms, {len(alarms)} correct kernels", *accused, "")
    screen.print(shown)
    for kernel, said in alarms:
        for name, text in said.items():
            if text:
                screen.print(f"{name} accuses {kernel.name}: {text}", markup=False)
    screen.print(f"{options.points} random points each, seed {options.seed}; {', '.join(names)}")
    for message in missing:
        screen.print(message, markup=False)


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


def _installed(without: list[str]) -> tuple[list[Checker], list[str]]:
    checkers, missing = [], []
    for checker in CHECKERS:
        if checker.library in without:
            continue
        try:
            checker.load()
        except ModuleNotFoundError as error:
            missing.append(f"{checker.name} left out: no module {error.name}")
        else:
            checkers.append(checker)
    return checkers, missing


def _loadable(kernels: Iterable[Kernel], missing: list[str]) -> list[Kernel]:
    gone = {message.split(".")[0].split(" ")[0] for message in missing}
    return [kernel for kernel in kernels if kernel.name.split(":")[0].lower() not in gone]


def _watched(kernels: list[Kernel], what: str) -> Iterable[Kernel]:
    screen = console(error=True)
    return track(kernels, what, console=screen, transient=True, disable=not screen.is_terminal)


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
                        choices=[each.library for each in CHECKERS if each.needs],
                        help="leave a checker out: torch, jax, scipy or numdifftools")  # fmt: skip
    return parser


if __name__ == "__main__":
    main()
