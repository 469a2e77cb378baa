"""python -m tests.code_mutants: spoil the emitted files, and see which layer of checks notices."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from tests.code_mutants.drawn import drawn
from tests.code_mutants.executed import executed_lines
from tests.code_mutants.run import Fate, false_alarm, run
from tests.code_mutants.tally import lines

SHARED = ("_arguments.py",)  # what every kernel uses


def main(arguments: list[str] | None = None) -> int:
    """0 if symbolic execution sees every mutant that computes something else, 1 if not."""
    options = _parser().parse_args(arguments)
    start = perf_counter()
    edits = drawn(options.count, options.seed)
    alarm = next((alarm for file in SHARED if (alarm := false_alarm(file))), None)
    if alarm:
        print(f"the files as they are do not pass: {alarm}")
        return 1
    done = 0

    def progress(_: Fate) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty() or done % 50 == 0:
            end = "" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"\r{done:,} of {len(edits):,}{end}")
            sys.stderr.flush()

    fates = run(edits, options.jobs, progress)
    print("\n".join(lines(fates, executed_lines())))
    sys.stderr.write(f"\r{perf_counter() - start:.0f} s\n")
    return 1 if any(fate.missed for fate in fates) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.code_mutants",
        description="Makes one edit at a time in the files of generated/ and asks each layer of "
        "checks: the run on symbols, the properties of the kernels with a few examples each, the "
        "refusal of wrong arguments. Ordinary numbers tell whether an edit changes what is "
        "computed.",
        epilog="Exit status: 0 the run on symbols sees every edit that changes the numbers, 1 it "
        "does not, 2 wrong usage.",
    )
    parser.add_argument("--count", type=_positive, default=700, help="how many mutants (700)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=_positive, default=1, help="how many processes (1)")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a positive number")
    return number


if __name__ == "__main__":
    sys.exit(main())
