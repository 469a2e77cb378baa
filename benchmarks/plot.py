"""Proof times as a picture: seconds against the number of entries of U, both logarithmic."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

Size = tuple[int, int]


def save_plot(path: Path, sizes: Sequence[Size], columns: Mapping[str, Sequence[float]]) -> None:
    """Write one line for each column of seconds; NaN leaves a gap.

    Exits with what to install where matplotlib is missing.
    """
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        sys.exit("a plot needs matplotlib: pip install '.[bench]'")
    axes = (figure := Figure(figsize=(7, 4.5), layout="constrained")).subplots()
    entries = [size * dimension for size, dimension in sizes]
    for (name, seconds), marker in zip(columns.items(), "os^", strict=True):
        axes.loglog(entries, seconds, marker=marker, label=name)
    axes.set_xticks(entries, [f"{n}×{d}" for n, d in sizes], rotation=45)
    axes.minorticks_off()
    axes.set_xlabel("N × d")
    axes.set_ylabel("seconds")
    axes.set_title("One entry of the softmax gradient")
    axes.grid(visible=True, alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=150)
