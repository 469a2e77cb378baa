"""python -m tests.proof.fuzz: the normal form of random expressions against their values."""

from __future__ import annotations

import argparse
import sys
from time import perf_counter

from benchmarks.tables import positive
from tests.proof.fuzz.campaign import COUNT, MUTANTS, Tally, block, run, survivors


def main(arguments: list[str] | None = None) -> int:
    """0 if nothing is wrong, 1 for a fault, a surviving mutant or a run that shows nothing."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.mutants:
        return 1 if survivors(MUTANTS, chosen.count or COUNT, chosen.seed) else 0
    if chosen.only:
        seed, number = chosen.only
        return _summary(block((seed, number, number + 1)), alone=True)
    start = perf_counter()
    count = chosen.count or 10_000
    tally = run(count, chosen.seed, chosen.jobs, lambda seen: _progress(seen, count, start))
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
    code = _summary(tally, alone=False)
    last = chosen.seed + (count - 1) // 1000
    print(f"seeds {chosen.seed} to {last}, {perf_counter() - start:.0f} s")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.proof.fuzz",
        description="Random index expressions: an empty normal form has to mean zero, and any "
        "other one the expression's value, at small sizes in certified intervals.",
        epilog="Exit status: 0 nothing wrong, 1 a fault or a survivor, 2 wrong usage.",
    )
    parser.add_argument("--count", type=positive, help="how many expressions (10,000)")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; 1,000 cases each")
    parser.add_argument("--jobs", type=positive, default=1, help="how many processes (1)")
    parser.add_argument("--only", type=_case, metavar="SEED:NUMBER", help="a single case")
    parser.add_argument("--mutants", action="store_true", help="plant faults; each must be found")
    return parser


def _case(text: str) -> tuple[int, int]:
    seed, number = text.split(":")
    return int(seed), int(number)


def _progress(tally: Tally, count: int, start: float) -> None:
    if sys.stderr.isatty():
        done, faults = tally.counts["expressions"], len(tally.reports)
        seconds = perf_counter() - start
        sys.stderr.write(f"\r{done:,} of {count:,}, {faults} faults, {seconds:.0f} s\033[K")
        sys.stderr.flush()


def _summary(tally: Tally, *, alone: bool) -> int:
    vacuous = [] if alone else tally.vacuous()
    print("\n".join([*tally.reports, *tally.lines(), *vacuous]))
    return 1 if tally.reports or vacuous else 0


if __name__ == "__main__":
    sys.exit(main())
