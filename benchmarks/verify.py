"""Time of checking: whole commands beside ``import sympy``, and a line after a save.

``python -m benchmarks.verify`` times commands in rounds; then, in a copy of the written answers, it
changes one line at a time and back, looked at by what ``derivations watch`` calls. Between the save
and that, watching itself waits 20 ms for more.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.progress import track
from rich.table import Table

from benchmarks.clock import commands_in_turn, peak_memory, run_python
from benchmarks.tables import beside, console, positive, spread, table
from derivations.report.judging import Watched
from derivations.report.subject import WRITTEN, of_file

IMPORT = "import sympy"
ONE_LINE = """\
# One line

```given
size n >= 1
vector x in R^n
```

## (a) A square

$$x^\\top x = \\sum_{i=1}^n x_i^2$$
"""


def commands(one_line: Path) -> dict[str, list[str]]:
    """What is timed, the least of it first."""
    return {
        IMPORT: ["-c", IMPORT],
        "import generated": ["-c", "import generated"],
        "verify one line": ["-m", "derivations.verify", str(one_line)],
        "verify written.md": ["-m", "derivations.verify", str(WRITTEN)],
        "verify": ["-m", "derivations.verify"],
    }


def of_commands(rounds: int) -> Table:
    """Wall seconds of each, and beside the first."""
    with TemporaryDirectory() as folder:
        one_line = Path(folder) / "one_line.md"
        one_line.write_text(ONE_LINE, encoding="utf-8")
        timed = commands_in_turn(commands(one_line), rounds)
    made = table("command", "s", f"times '{IMPORT}'")
    for name, seconds in timed.items():
        made.add_row(name, spread(seconds, ".3f"), spread(beside(seconds, timed[IMPORT])))
    return made


def edits(file: Path) -> Iterator[str]:
    """The text with one line changed: its right side doubled in place."""
    text = file.read_text(encoding="utf-8")
    lines = text.split("\n")
    for line in of_file(str(file)).lines:
        row, at = line.place.line - 1, line.place.column - 1
        changed = f"{lines[row][:at]}2 {lines[row][at:]}"
        yield "\n".join([*lines[:row], changed, *lines[row + 1 :]])


@dataclass(frozen=True)
class Took:
    """Milliseconds: by the clock, and of the processor in all processes."""

    clock: float
    processor: float


def processor() -> float:
    """Milliseconds of the processor so far, here and in processes that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(each.ru_utime + each.ru_stime for each in used)


def of_saves(every: int) -> Table:
    """Each edit, and going back on it, after a first look at everything."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / WRITTEN.name
        before = WRITTEN.read_text(encoding="utf-8")
        file.write_text(before, encoding="utf-8")
        watched = Watched(str(file))
        changes: list[Took] = []
        backs: list[Took] = []
        first = [looked(watched)]
        while watched.warm():
            pass
        chosen = [*edits(file)][::every]
        for text in track(chosen, "edits", console=console(error=True), transient=True):
            for content, times in ((text, changes), (before, backs)):
                file.write_text(content, encoding="utf-8")
                times.append(looked(watched))
    made = table("after a save", "ms", "ms of the processor", "times")
    made.add_row(f"all {len(watched.lines or ())} lines", *_cells(first))
    made.add_row("a line changed", *_cells(changes))
    made.add_row("changed back, so that all is known", *_cells(backs))
    return made


def looked(watched: Watched) -> Took:
    """One look at a file that was saved."""
    start, before = perf_counter(), processor()
    found = watched.look()
    took = Took(1000 * (perf_counter() - start), processor() - before)
    watched.remember(found)
    return took


def _cells(times: list[Took]) -> tuple[str, str, str]:
    clock, processors = [each.clock for each in times], [each.processor for each in times]
    return spread(clock, ".0f"), spread(processors, ".0f"), str(len(times))


def main() -> None:
    """Both tables, and the full run once if it is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verify", description=__doc__)
    parser.add_argument("--rounds", type=positive, default=7, help="of the commands (7)")
    parser.add_argument("--every", type=positive, default=3, help="every how many lines (3)")
    parser.add_argument("--full", action="store_true", help="also run --sizes full, once")
    options = parser.parse_args()
    out, err = console(), console(error=True)
    with err.status("commands in turn"):
        shown = of_commands(options.rounds)
    out.print(shown)
    out.print(f"{options.rounds} rounds in turn after a warm-up, BLAS on one thread")
    out.print(of_saves(options.every))
    if options.full:
        with err.status("verify --sizes full"):
            seconds = run_python(["-m", "derivations.verify", "--sizes", "full"])
        out.print(f"verify --sizes full: {seconds:.1f} s; largest process {peak_memory():.0f} MiB")


if __name__ == "__main__":
    main()
