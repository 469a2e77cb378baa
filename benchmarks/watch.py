"""How long a line of a long file takes after a save: ``python -m benchmarks.watch``.

In a copy of the written answers one line at a time is changed and changed back, and looked at by
what ``derivations watch`` calls; between the save and that, watching itself waits 20 ms for more.
"""

from __future__ import annotations

import argparse
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from rich.table import Table

from benchmarks.tables import console, table
from derivations.report.judging import Watched
from derivations.report.subject import WRITTEN, of_file


def edits(file: Path) -> Iterator[tuple[str, str]]:
    """The id of each line whose right side can be doubled in place, and the text where it is."""
    text = file.read_text(encoding="utf-8")
    lines = text.split("\n")
    for line in of_file(str(file)).lines:
        row, at = line.place.line - 1, line.place.column - 1
        changed = f"{lines[row][:at]}2 {lines[row][at:]}"
        yield line.id, "\n".join([*lines[:row], changed, *lines[row + 1 :]])


def main() -> None:
    """Time each edit, and going back on it, after a first look at everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.watch", description=__doc__)
    parser.add_argument("--every", type=int, default=3, help="every how many lines (default 3)")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        file = Path(folder) / WRITTEN.name
        before = WRITTEN.read_text(encoding="utf-8")
        file.write_text(before, encoding="utf-8")
        watched = Watched(str(file))
        start = perf_counter()
        found = watched.look()
        print(f"all {len(watched.lines or ())} lines, and reading them: {since(start):.0f} ms")
        watched.remember(found)
        while watched.warm():
            pass
        changes: list[Took] = []
        backs: list[Took] = []
        for name, text in list(edits(file))[:: options.every]:
            for content, times in ((text, changes), (before, backs)):
                file.write_text(content, encoding="utf-8")
                start, before_it = perf_counter(), processor()
                found = watched.look()
                times.append(Took(since(start), processor() - before_it))
                watched.remember(found)
                print(f"{name}: {times[-1]}, {len(found.found)} judged, {found.moved} moved")
        both = {"a line changed": changes, "changed back, so that all is known": backs}
        console().print(summary(both))


@dataclass(frozen=True)
class Took:
    """Milliseconds: by the clock, and of the processor in all processes."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.0f} ms ({self.processor:.0f} ms of the processor)"


def processor() -> float:
    """Milliseconds of the processor so far, here and in processes that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return 1000 * sum(each.ru_utime + each.ru_stime for each in used)


def since(start: float) -> float:
    """Milliseconds."""
    return 1000 * (perf_counter() - start)


def summary(times: dict[str, list[Took]]) -> Table:
    """Medians and extremes of each kind of edit."""
    made = table("", "median ms", "spread ms", "ms of the processor", "times")
    for what, some in times.items():
        clock = [each.clock for each in some]
        made.add_row(
            what,
            f"{median(clock):.0f}",
            f"{min(clock):.0f} to {max(clock):.0f}",
            f"{median(each.processor for each in some):.0f}",
            str(len(some)),
        )
    return made


if __name__ == "__main__":
    main()
