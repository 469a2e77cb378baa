"""python -m benchmarks.checkers: false lines that other checkers accept, true ones they reject."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from datetime import date
from os import cpu_count
from platform import platform

from benchmarks.checkers.lines import Case, Truth, answers, cases
from benchmarks.checkers.others import CHECKERS
from benchmarks.tables import console, table
from tests.mutation.campaign import run
from tests.mutation.slips import all_slips, chosen, true_lines

COLUMNS = ("", "false accepted", "ill-typed accepted", "true rejected", "no answer", "median ms",
           "lines a second")  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    """Print the table; with --list, also every line that a checker got wrong."""
    options = _parser().parse_args(arguments)
    logging.disable(logging.WARNING)  # a package that logs what it cannot read
    lines = true_lines()
    mutants = chosen(all_slips(), options.count, options.seed)
    found = list(cases(lines, mutants, run(mutants, options.jobs)))
    chosen_checkers = [*CHECKERS]
    if options.without:
        chosen_checkers = [each for each in chosen_checkers if each.name not in options.without]
    results = [answers(each, found, options.limit, _dots(found)) for each in chosen_checkers]
    shown = table(*COLUMNS)
    for result in results:
        shown.add_row(*result.row())
    console().print(shown)
    truths = ", ".join(f"{sum(case.truth is t for case in found)} {t.value}" for t in Truth)
    print(f"\n{len(found)} lines: {truths}; at most {options.limit:g} s for one line.")
    print(f"{date.today()}, {platform()}, {cpu_count()} cores, of which one is used.")
    print(
        "Lines that this judge left undecided, and those that cannot be read, are not among them: "
        "its own row says only that it agrees with certified numbers."
    )
    for result in results if options.list else ():
        print(f"\n{result.checker.name}")
        for wrong in result.wrong:
            print(f"  {wrong}")


def _dots(found: list[Case]) -> Callable[[], None]:
    done = 0

    def progress() -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done} of {len(found)}\033[K")

    return progress


def _parser() -> argparse.ArgumentParser:
    names = [each.name for each in CHECKERS]
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.checkers",
        description="The true lines of the written derivation and slips made in them, put to "
        "several checkers. Whether a line is true is known: proved and evaluated again, or refuted "
        "by certified numbers.",
    )
    parser.add_argument("--count", type=int, default=150, help="how many slips (150)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=int, default=1, help="processes for judging them first (1)")
    parser.add_argument("--limit", type=float, default=5.0, help="seconds for one line (5)")
    parser.add_argument("--without", action="append", choices=names, help="leave a checker out")
    parser.add_argument("--list", action="store_true", help="also list what each got wrong")
    return parser


if __name__ == "__main__":
    main()
