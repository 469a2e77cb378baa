"""How long the whole command takes, beside importing SymPy: ``python -m benchmarks.verify``."""

from __future__ import annotations

import argparse

from benchmarks.clock import commands_in_turn, peak_memory, run_python
from benchmarks.tables import beside, console, table

IMPORT = "import sympy"
DEFAULT = "verify"
WRITTEN = "derivations/word2vec/written.md"
ONE_LINE = "benchmarks/one_line.md"
COMMANDS = {
    IMPORT: ["-c", "import sympy"],
    "import generated": ["-c", "import generated"],
    "verify one line": ["-m", "derivations.verify", ONE_LINE],
    "verify written.md": ["-m", "derivations.verify", WRITTEN],
    DEFAULT: ["-m", "derivations.verify"],
}


def main() -> None:
    """Time the default run round by round, and the full one once if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verify", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="counted rounds (default 7)")
    parser.add_argument("--full", action="store_true", help="also run --sizes full, once")
    options = parser.parse_args()
    timed = commands_in_turn(COMMANDS, options.rounds)
    base = next(t.median for t in timed if t.name == IMPORT)
    found = table("command", "median s", "spread s", f"times '{IMPORT}'")
    for each in timed:
        found.add_row(each.name, f"{each.median:.3f}", each.spread, beside(each.median, base))
    console().print(found)
    console().print(f"{options.rounds} rounds in turn after a warm-up, BLAS on one thread")
    if options.full:
        seconds = run_python(["-m", "derivations.verify", "--sizes", "full"])
        console().print(
            f"verify --sizes full: {seconds:.1f} s; largest process {peak_memory():.0f} MiB"
        )


if __name__ == "__main__":
    main()
