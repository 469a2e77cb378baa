"""What was measured, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby

from rich.console import Console

from benchmarks.batch import tables
from benchmarks.batch.run import Found
from benchmarks.batch.targets import judged
from benchmarks.batch.threads import processors, threads, versions


def show(found: Found) -> None:
    """One table a part, then what the figures mean."""
    console = Console()
    if not console.is_terminal:
        console.width = 110
    for (part, dtype), rows in groupby(found.rows, lambda row: (row.part, row.size.dtype)):
        console.print(tables.timings(part, dtype, list(rows)))
    if found.peaks:
        console.print(tables.memory(found.peaks))
    if found.imports:
        console.print(tables.imports(found.imports))
    if outcomes := judged(found.rows):
        console.print(tables.targets(outcomes))
    for line in _notes(found):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _notes(found: Found) -> Iterator[str]:
    count = processors() or "any number of"
    yield f"{found.rounds} rounds in turn, medians, fastest to slowest; on {count} processor(s):"
    yield "  " + " ".join(f"{name}={value}" for name, value in threads().items())
    yield "  " + ", ".join(f"{name} {version}" for name, version in versions().items())
    yield "Rows: the distinct rows of a gradient, summed. Compiling and arrays of other libraries"
    yield "for the inputs are not timed; all results agreed with ours before."
    for skipped in found.skipped:
        yield f"not asked: {skipped.contender}, {skipped.size}: {skipped.reason}"
    yield from found.missing
    yield from tables.several_threads(found.rows)


def as_json(found: Found) -> str:
    """Everything, one object a row; seconds and bytes."""
    return json.dumps(
        {
            "rounds": found.rounds,
            "threads": threads(),
            "processors": processors(),
            "versions": versions(),
            "rows": [asdict(row) for row in found.rows],
            "skipped": [asdict(skipped) for skipped in found.skipped],
            "memory": [asdict(peak) for peak in found.peaks],
            "imports": [asdict(timed) for timed in found.imports],
            "targets": [asdict(outcome) for outcome in judged(found.rows)],
            "missing": found.missing,
        },
        indent=2,
    )
