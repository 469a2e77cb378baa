"""The rows as a table, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from math import isfinite

from rich.box import SIMPLE_HEAD
from rich.table import Table

from codegen.rounding.bound_rows import Row

COLUMNS = ("bound", "measured", "bound / measured", "median", "compared", "s", "")


def table(rows: Iterable[Row]) -> Table:
    """One line a bound; a section for each kind."""
    found = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("", "", "dtype"):
        found.add_column(name, no_wrap=True)
    for name in COLUMNS:
        found.add_column(name, justify="right", no_wrap=True)
    last = ""
    for row in rows:
        if row.kind != last and last:
            found.add_section()
        found.add_row(
            "" if row.kind == last else row.kind,
            row.name,
            row.dtype,
            *map(_shown, (row.bound, row.measured, row.looseness, row.median)),
            f"{row.comparisons:,}",
            f"{row.seconds:.1f}",
            "✓" if row.holds else "✗",
        )
        last = row.kind
    return found


def as_json(rows: Iterable[Row], versions: dict[str, str]) -> str:
    """{"rows": [...], "versions": {...}}; what is not finite is null."""
    plain = [{key: _plain(value) for key, value in asdict(row).items()} for row in rows]
    return json.dumps({"rows": plain, "versions": versions}, indent=2)


def _plain(value: object) -> object:
    return None if isinstance(value, float) and not isfinite(value) else value


def _shown(number: float) -> str:
    if number != number:
        return ""
    return f"{number:.3g}" if number < 1e4 else f"{number:.1e}"
