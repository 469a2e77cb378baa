"""The bounds on rounding as `python -m codegen --prove` tells them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import isnan
from typing import Any

from codegen.interpret.hypotheses import ASSUMED
from codegen.rounding.arguments import ARGUMENTS, COUNTED
from codegen.rounding.core import CORE
from codegen.rounding.report import Row, rows
from derivations.report.progress import progress


def bounds() -> list[Row]:
    """All rows: proofs in full, measured beside a few thousand points."""
    found: list[Row] = []
    each = 2 + len(CORE) + len(ARGUMENTS) + len(COUNTED)
    with progress(each * len(ASSUMED)) as on_done:
        for row in rows(full=False):
            found.append(row)
            on_done(row.name)
    return found


def lines(found: Sequence[Row], names: Sequence[str] = ()) -> Iterator[str]:
    """A line for each bound that does not hold, then one for all of them.

    Of the functions that are named those without a running bound are told.
    """
    for row in found:
        if not row.holds:
            yield f"{row.kind} {row.name}, {row.dtype}: {row.how}"
    for kind, said in _KINDS.items():
        of_kind = [row for row in found if row.kind == kind]
        yield (
            f"rounding, {said}: {sum(row.holds for row in of_kind)} of {len(of_kind)} "
            f"hold, {sum(row.comparisons for row in of_kind):,} comparisons, "
            f"{sum(row.seconds for row in of_kind):.0f} s"
        )
    if left := without_bound(names):
        yield f"rounding, no running bound: {', '.join(left)}"


def without_bound(names: Sequence[str]) -> list[str]:
    """Those of the functions, by module and name, that have no running bound."""
    given = {f"{kernel.__module__}.{kernel.__name__}" for kernel in ARGUMENTS}
    return [name for name in names if f"generated.{name}" not in given]


def as_data(found: Sequence[Row]) -> list[dict[str, Any]]:
    """For a program; what was not measured is null."""
    return [{name: _plain(value) for name, value in asdict(row).items()} for row in found]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


_KINDS = {
    "hypothesis": "hypotheses on exp and log1p",
    "scalar": "functions of one number, over all floats",
    "kernel": "running bounds of kernels",
    "count": "bounds in u B for all inputs of a size",
}
