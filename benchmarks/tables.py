"""What every benchmark shows: one kind of table, ours beside peers, plots, and its options."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from math import isnan
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH = 160  # of a table, where it goes to a file


def table(*columns: str, left: int = 1, title: str = "") -> Table:
    """Without rows: the first columns are names, which stand left, the others numbers."""
    found = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title=title or None, title_justify="left")
    for number, name in enumerate(columns):
        side = "left" if number < left else "right"
        found.add_column(Text(name), justify=side, no_wrap=True)  # type: ignore[arg-type]
    return found


def console(*, error: bool = False) -> Console:
    """Where it is printed: as wide as the screen, or as a file takes it."""
    found = Console(stderr=error, highlight=False)
    if not found.is_terminal:
        found.width = WIDTH
    return found


def beside(ours: float | None, peer: float | None) -> str:
    """Ours by a peer's: below 1 where less is better and ours is better."""
    if ours is None or peer is None or isnan(ours / peer):
        return "–"
    return f"{ours / peer:.2f}"


def mark(kept: bool) -> str:
    """A target that was kept, or missed."""
    return "✓ kept" if kept else "✗ missed"


def positive(text: str) -> int:
    """An integer from 1, as an option; argparse tells the user if it is not."""
    number = int(text)
    if number < 1:
        raise ArgumentTypeError(f"{number} is not a positive number")
    return number


def figure_type() -> Any:
    """That of a plot. Exits with what to install where matplotlib is missing."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        sys.exit("a plot needs matplotlib: pip install '.[bench]'")
    return Figure
