"""python -m tests.mutation: slips in true lines; every one that is false has to fall."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from benchmarks.tables import positive
from tests.mutation.campaign import SECONDS, Outcome, all_slips, chosen, failed, lines, run


def main(arguments: list[str] | None = None) -> int:
    """0 if every false line fell or was left undecided, 1 if one passed or the checker broke."""
    options = _parser().parse_args(arguments)
    start = perf_counter()
    mutants = chosen(all_slips(), options.count, options.seed)
    done = 0

    def progress(_: Outcome) -> None:
        nonlocal done
        done += 1
        if sys.stderr.isatty() or done % 100 == 0:
            end = "" if sys.stderr.isatty() else "\n"
            sys.stderr.write(f"\r{done:,} of {len(mutants):,}{end}")
            sys.stderr.flush()

    found = run(mutants, options.jobs, seconds=options.seconds, progress=progress)
    results = list(zip(mutants, found, strict=True))
    print("\n".join(lines(results)))
    sys.stderr.write(f"\r{perf_counter() - start:.0f} s\n")
    return 1 if failed(results) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation",
        description="Makes slips in the lines of the written derivation that hold, one in each, "
        "and judges them. What is called proved is evaluated again at larger sizes.",
        epilog="Exit status: 0 nothing wrong, 1 a false line passed or the checker broke, 2 wrong "
        "usage. Undecided mutants are listed; they do not pass.",
    )
    parser.add_argument("--count", type=positive, default=1500, help="how many mutants (1,500)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=positive, default=1, help="how many processes (1)")
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"at most for one mutant ({SECONDS:g})"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
