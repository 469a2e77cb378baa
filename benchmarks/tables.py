"""Ours beside peers: who takes part, one kind of table, ratios and their spread, plots, options."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Generic, TypeVar

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH = 160  # of a table, where it goes to a file
T = TypeVar("T")


@dataclass(frozen=True)
class Peer(Generic[T]):
    """One who answers the question: this project, or another library.

    ``load`` imports what it needs and returns how it is called. ``needs`` are the modules of other
    projects that may be missing; by the first of them it is left out.
    """

    name: str
    load: Callable[[], T]
    needs: tuple[str, ...] = ()


def installed(
    peers: Iterable[Peer[T]], without: Sequence[str] = ()
) -> tuple[dict[str, T], list[str]]:
    """How each is called, by name, and a line for each whose library is missing.

    ModuleNotFoundError where something else is missing than what it needs.
    """
    called, missing = {}, []
    for each in peers:
        if set(each.needs[:1]) & set(without):
            continue
        try:
            called[each.name] = each.load()
        except ModuleNotFoundError as error:
            library = (error.name or "").split(".")[0]
            if library not in each.needs:
                raise
            missing.append(f"{each.name} is left out: pip install {library.replace('_', '-')}")
    return called, missing


def add_without(parser: ArgumentParser, peers: Iterable[Peer[Any]]) -> None:
    """The option that leaves peers out by their library."""
    libraries = dict.fromkeys(name for each in peers for name in each.needs[:1])
    parser.add_argument(
        "--without", action="append", default=[], choices=tuple(libraries), help="leave a peer out"
    )


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


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """The median and, of several rounds, the least and the largest value."""
    shown = f"{median(values):{form}}"
    if len(values) > 1:
        shown += f" ({min(values):{form}} to {max(values):{form}})"
    return shown


def beside(ours: Sequence[float], peer: Sequence[float]) -> list[float]:
    """Ours by a peer's, round by round: below 1 where less is better and ours is better."""
    return [mine / theirs for mine, theirs in zip(ours, peer, strict=True)]


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
