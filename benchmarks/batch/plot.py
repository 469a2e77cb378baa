"""Ratios as a picture: the time of each contender by that of ours, at every size."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.batch.contenders import PARTS
from benchmarks.batch.row import Row
from benchmarks.batch.size import Size

DRAWN = ("softmax", "sampling")
STYLES = {"float32": "-", "float64": "--"}


def figure_type() -> Any:
    """Exits with what to install where matplotlib is missing."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        sys.exit("a plot needs matplotlib: pip install '.[bench]'")
    return Figure


def save_plot(path: Path, rows: Sequence[Row]) -> None:
    """One panel for a part and a number of pairs; above 1 is slower than ours."""
    parts = [part for part in DRAWN if any(row.part == part for row in rows)]
    if not parts:
        sys.exit("a plot shows batches, and none was measured")
    pairs = sorted({row.size.B for row in rows if row.part in parts})
    figure = figure_type()(figsize=(13, 4.2 * len(parts)), layout="constrained")
    panels = figure.subplots(len(parts), len(pairs), sharey="row", squeeze=False)
    names = dict.fromkeys(row.contender for row in rows if row.part in parts)
    for (part, B), axes in zip(product(parts, pairs), panels.flat, strict=True):
        _draw(axes, [row for row in rows if row.part == part and row.size.B == B], list(names))
        axes.set_title(f"{PARTS[part]} of {B}")
    for first, last in zip(panels[:, 0], panels[:, -1], strict=True):
        first.set_ylabel("time by that of ours")
        last.legend(fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(path, dpi=150)


def _draw(axes: Any, rows: list[Row], names: list[str]) -> None:
    base = {row.size: row.median for row in reversed(rows) if row.ours}
    labels = list(dict.fromkeys(_label(row.size) for row in rows))
    dtypes = sorted({row.size.dtype for row in rows})
    for (number, name), dtype in product(enumerate(names), dtypes):
        mine = [row for row in rows if (row.contender, row.size.dtype) == (name, dtype)]
        if not mine:
            continue
        colour = "black" if name == names[0] else f"C{number - 1}"
        axes.semilogy(
            [labels.index(_label(row.size)) for row in mine],
            [row.median / base[row.size] for row in mine],
            f"{'os^vD<>XP*'[number % 10]}{STYLES[dtype]}",
            color=colour,
            label=name if len(dtypes) == 1 else f"{name}, {dtype}",
        )
    axes.set_xticks(range(len(labels)), labels, rotation=30, ha="right", fontsize="small")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(visible=True, alpha=0.3)


def _label(size: Size) -> str:
    """Without the pairs and the dtype, which panel and line tell."""
    return f"{size.N:,}×{size.d}" + (f", K={size.K}" if size.K else "")
