"""python -m tests.code_mutants: spoil the emitted files, and see which layer of checks notices."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from benchmarks.tables import positive
from derivations.report.stdio import progress
from tests.code_mutants.run import Fate, as_json, false_alarm, judged, lines, looked_at, run
from tests.code_mutants.sites import TEXTS, all_edits, drawn

SHARED = "_runtime/arguments.py"  # what every kernel uses
EVERY = 50  # mutants between two lines of progress where there is no terminal


def main(arguments: list[str] | None = None) -> int:
    """0 if symbols see every mutant but those that are explained, 1 if not, 130 interrupted."""
    options = _parser().parse_args(arguments)
    start = perf_counter()
    edits = drawn(options.count, options.seed, options.files)
    alarm = false_alarm(SHARED)
    if alarm:
        print(f"the files as they are do not pass: {alarm}")
        return 1
    done = 0
    try:
        with progress(len(edits)) as on_done:

            def one_done(fate: Fate) -> None:
                nonlocal done
                done += 1
                on_done(f"{fate.edit.file}:{fate.edit.line}")
                if done % EVERY == 0 and not sys.stderr.isatty():
                    print(f"{done:,} of {len(edits):,}", file=sys.stderr, flush=True)

            fates = run(edits, options.jobs, one_done)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    found = judged(fates, looked_at(), list(all_edits()))
    seconds = perf_counter() - start
    if options.format == "json":
        print(as_json(fates, found, seconds))
    else:
        print("\n".join(lines(fates, found)))
        print(f"{seconds:.0f} s", file=sys.stderr)
    return int(found.failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.code_mutants",
        description="Makes one edit at a time in the files of generated/ and asks each layer of "
        "checks: the run on symbols, the properties of the kernels with a few examples each, the "
        "refusal of wrong arguments. Ordinary numbers tell whether an edit changes what is "
        "computed. What symbols pass has to be listed, with a reason, in looked_at.toml.",
        epilog="Exit status: 0 all that symbols pass is explained, 1 it is not, or they pass an "
        "edit that changes the numbers, 2 wrong usage, 130 interrupted.",
    )
    parser.add_argument("--count", type=positive, default=650, help="how many mutants (650)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=positive, default=1, help="how many processes (1)")
    parser.add_argument(
        "--files", nargs="+", default=(), choices=sorted(TEXTS), metavar="FILE", help="only these"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    return parser


if __name__ == "__main__":
    sys.exit(main())
