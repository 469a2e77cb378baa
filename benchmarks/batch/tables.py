"""What was measured, as tables to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.table import Table

from benchmarks.batch.contenders import PARTS
from benchmarks.batch.memory import Peak
from benchmarks.batch.row import Row
from benchmarks.batch.targets import Outcome
from benchmarks.rounds import Timed


def timings(part: str, dtype: str, rows: Sequence[Row]) -> Table:
    """One row a contender, sizes apart."""
    sampling, limited = part.startswith("sampling"), part == "softmax"
    ratios = ("× fastest peer", *(["× limit"] if limited else []))
    table = Table(
        "N, d, B, K" if sampling else "N, d, B",
        "contender",
        "by V, by U",
        "median ms",
        "spread ms",
        *ratios,
        title=f"{PARTS[part]}, {dtype}",
    )
    for size, group in groupby(rows, lambda row: row.size):
        numbers = (size.N, size.d, size.B, *([size.K] if sampling else []))
        for place, row in enumerate(group):
            table.add_row(
                ", ".join(map(str, numbers)) if place == 0 else "",
                f"[bold]{row.contender}[/]" if row.ours else row.contender,
                row.gives,
                _milliseconds(row.median),
                f"{_milliseconds(row.fastest)} to {_milliseconds(row.slowest)}",
                _ratio(row.to_peer),
                *([_ratio(row.to_limit)] if limited else []),
            )
        table.add_section()
    return table


def memory(peaks: Sequence[Peak]) -> Table:
    """One row a contender."""
    table = Table("size", "contender", "peak MiB", title="memory of one call above its inputs")
    for peak in peaks:
        table.add_row(str(peak.size), peak.contender, f"{peak.bytes / 2**20:.1f}")
    return table


def imports(timed: Sequence[Timed]) -> Table:
    """One row a command."""
    table = Table("python -c", "median s", "spread s", title="starting")
    for each in timed:
        table.add_row(each.name, f"{each.median:.3f}", each.spread)
    return table


def targets(outcomes: Sequence[Outcome]) -> Table:
    """One row a target, and for each of our ways."""
    table = Table("ours by", "row", "dtype", "at most", "sizes", "mean", "worst", "")
    table.title = "targets: ratios of medians, geometric mean and worst size"
    for each in outcomes:
        table.add_row(
            each.says,
            each.ours,
            each.dtype,
            f"{each.bound:g}",
            str(each.sizes),
            _ratio(each.mean),
            _ratio(each.worst),
            "✓ kept" if each.kept else "✗ missed",
        )
    return table


def several_threads(rows: Sequence[Row]) -> Iterator[str]:
    """Contenders that used more processor time than passed, so more than one thread."""
    for row in rows:
        if row.busy > 1.2:
            yield f"{row.contender}, {row.size}: {row.busy:.1f} processors busy"


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g}" if seconds < 1 else f"{1000 * seconds:.0f}"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
