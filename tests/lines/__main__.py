"""python -m tests.lines: random equalities, true and false; no verdict may be wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from time import monotonic

from tests.lines.campaign import (
    FAULTS,
    MOST,
    Result,
    Task,
    checked,
    group_of,
    one_of_each,
    run,
    said,
    seen,
    shown,
    shrunk,
    summary,
)
from tests.lines.families import FAMILIES, TEXTS
from tests.planting import table

EVERY = 2.0 if sys.stderr.isatty() else 60.0  # seconds between two reports of progress


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if no verdict was wrong, 1 if one was."""
    options = _parser().parse_args(arguments)
    if options.mutants:
        most = options.count or MOST
        return 1 if table(FAULTS, lambda each: seen(each, most, options.seed)) else 0
    options.count = options.count or 2000
    task = Task(options.seed, tuple(options.family or (*FAMILIES, *TEXTS)))
    start = last = monotonic()
    results: list[Result] = []
    for result in run(task, options.count, jobs=options.jobs, budget=options.budget):
        results.append(result)
        if monotonic() - last > EVERY:
            last = monotonic()
            bad = sum(each.wrong for each in results)
            _tell(f"{len(results):,} of {options.count:,}, {bad:,} wrong, {last - start:.0f} s")
    results.sort(key=lambda each: each.number)
    print("\n".join(summary(results)))
    wrong = [each for each in results if each.wrong]
    for each in one_of_each(wrong, options.show):
        if each.family in TEXTS:
            print(f"\n--- {', '.join(group_of(each))}\n{each.how}")
            continue
        _tell(f"making case {each.number} smaller")
        case, _ = task.case(each.number)
        case = shrunk(case, each.said, said)
        print("\n" + "\n".join(shown(case, each.number, task.seed, checked(case, said))))
    _tell(f"{len(results):,} lines in {monotonic() - start:.0f} s\n")
    return 1 if wrong else 0


def _tell(text: str) -> None:
    """On a terminal the same line again, else a line more."""
    end = "" if sys.stderr.isatty() else "\n"
    sys.stderr.write(f"\r{text}   {end}" if not text.endswith("\n") else f"\r{text}")
    sys.stderr.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.lines",
        description="Makes equalities whose truth is known, as files of derivations in many "
        "spellings, and has them judged. Truth is decided by evaluation that shares no code with "
        "the project.",
        epilog="Exit status: 0 no wrong verdict; 1 a true line was refuted or ill-typed, a false "
        "one proved, something crashed, or a planted mistake is not seen; 2 wrong usage. What is "
        "undecided or not read is counted by family and reason.",
    )
    parser.add_argument("--count", type=_positive, help="how many lines (2,000)")
    parser.add_argument("--seed", type=int, default=0, help="which ones are drawn (0)")
    parser.add_argument("--jobs", type=_positive, default=1, help="how many processes (1)")
    parser.add_argument(
        "--family",
        action="append",
        choices=[*FAMILIES, *TEXTS],
        help="only this one; may be repeated",
    )
    parser.add_argument(
        "--show", type=int, default=5, help="wrong verdicts made small and shown in full (5)"
    )
    parser.add_argument(
        "--mutants",
        action="store_true",
        help=f"plant mistakes; each must be seen within {MOST} lines, or --count",
    )
    parser.add_argument("--budget", type=float, help="seconds after which no more are made")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not a positive number")
    return number


if __name__ == "__main__":
    sys.exit(main())
