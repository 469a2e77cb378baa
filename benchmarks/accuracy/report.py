"""What was measured, as tables and as JSON, and whether the kernels keep what they have to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import isfinite, isinf
from typing import Any

from rich.table import Table

from benchmarks.accuracy.errors import (
    LIMIT,
    PARTS,
    ConditionedError,
    ConfidentError,
    Lost,
    Measured,
    ScalarError,
)
from benchmarks.accuracy.inputs import NAMES
from benchmarks.tables import table

NOT_PROMISED = ("one-sided sums",)  # help(generated) says that these can be further off
ULPS = {"sigmoid": 2.5, "log_sigmoid": 2.0}  # in float64, on every range


@dataclass(frozen=True)
class Target:
    """A limit, the largest error that was found, and whether the kernels promise to keep to it."""

    what: str
    limit: float
    found: float
    promised: bool = True

    @property
    def met(self) -> bool:
        """Whether nothing was worse than the limit."""
        return self.found <= self.limit


def targets(measured: Measured, name: str) -> list[Target]:
    """The targets for one implementation, of which something has to have been measured."""
    found = [
        Target(
            f"{function} in float64, ulp",
            limit,
            max(
                each.ulps
                for each in measured.scalars
                if (each.function, each.dtype, each.implementation) == (function, "float64", name)
            ),
        )
        for function, limit in ULPS.items()
    ]
    mine = [each for each in measured.conditioned if each.implementation == name]
    for cases in dict.fromkeys(each.cases for each in mine):
        worst = max(max(each.worst.values()) for each in mine if each.cases == cases)
        promised = cases not in NOT_PROMISED
        found.append(Target(f"losses and gradients, {cases}, u B", LIMIT, worst, promised))
    return found


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
    made = table("", "", "", *columns, left=3, title=title)
    for key, found in rows.items():
        if made.row_count:
            made.add_section()
        for place, (implementation, cells) in enumerate(found.items()):
            made.add_row(*(("", "") if place else key), implementation, *cells)
    return made


def as_json(
    measured: Measured, targets: list[Target], versions: dict[str, str], missing: list[str]
) -> str:
    """An object with `versions`, `missing`, the three tables and `targets`."""
    everything = {
        "versions": versions,
        "missing": missing,
        **asdict(measured),
        "targets": [{**asdict(target), "met": target.met} for target in targets],
    }
    return json.dumps(_finite(everything), indent=2, ensure_ascii=False, allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value
