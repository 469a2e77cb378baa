"""The tables. A row's first two cells are said once for all implementations."""

from __future__ import annotations

from collections.abc import Iterable
from math import isinf

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from benchmarks.accuracy.condition import LIMIT, PARTS, ConditionedError
from benchmarks.accuracy.confident import ConfidentError, Lost
from benchmarks.accuracy.ranges import NAMES
from benchmarks.accuracy.scalars import ScalarError

Rows = dict[tuple[str, str], dict[str, list[str]]]  # by the first two cells and implementation


def scalar_table(errors: Iterable[ScalarError]) -> Table:
    """Largest errors in ulp, by range."""
    rows: Rows = {}
    for each in errors:
        found = rows.setdefault((each.function, each.dtype), {})
        found.setdefault(each.implementation, []).append(shown(each.ulps))
    return _table("Scalar functions: largest error in ulp, by range of |x|", NAMES, rows)


def conditioned_tables(errors: list[ConditionedError]) -> list[Table]:
    """Largest errors in units of u B, one table for each set of cases."""
    tables = []
    for cases in dict.fromkeys(each.cases for each in errors):
        rows: Rows = {}
        for each in (each for each in errors if each.cases == cases):
            cells = [shown(each.worst[part]) for part in PARTS]
            found = rows.setdefault((each.loss, each.dtype), {})
            found[each.implementation] = [*cells, f"{each.beyond} of {each.count}"]
        title = f"Losses and gradients, {cases}: largest error in u B"
        tables.append(_table(title, (*PARTS, f"beyond {LIMIT:g}"), rows))
    return tables


def confident_table(errors: Iterable[ConfidentError]) -> Table:
    """Errors in ulp and decimal digits lost, by gap."""
    rows: Rows = {}
    for each in errors:
        found = rows.setdefault((f"gap {each.gap:g}", each.dtype), {})
        found[each.implementation] = [*_lost(each.loss), *_lost(each.grad_U_o)]
    columns = ("loss, ulp", "digits", "grad_U[o], ulp", "digits")
    return _table(
        "A confident softmax, a word ahead by a gap: error and digits lost",
        columns,
        rows,
    )


def shown(number: float) -> str:
    """Two decimals while they say something."""
    if isinf(number):
        return "∞"
    return (
        f"{number:.2f}" if number < 1000 else f"{number:.1e}".replace("e+0", "e").replace("+", "")
    )


def _lost(lost: Lost) -> list[str]:
    return [shown(lost.ulps), "all" if lost.all else f"{lost.digits:.1f}"]


def _table(title: str, columns: Iterable[str], rows: Rows) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for _ in range(3):
        table.add_column(no_wrap=True)
    for name in columns:
        table.add_column(escape(name), justify="right", no_wrap=True)
    for key, found in rows.items():
        if table.row_count:
            table.add_section()
        for place, (implementation, cells) in enumerate(found.items()):
            table.add_row(*(("", "") if place else key), implementation, *cells)
    return table
