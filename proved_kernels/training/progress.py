"""How far training is, on a terminal: words a second, loss, time left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from .training import Reached


def shown(reached: Iterable[Reached], words: int, begun: int) -> Iterator[Reached]:
    """Pass on what is reached and show it on standard error, unless that is no terminal.

    ``begun`` of the ``words`` were trained on by an earlier run and do not count for the speed.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.percentage:3.0f} %"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeRemainingColumn(),
    )
    start = perf_counter()
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=words, completed=begun, told="")
        for each in reached:
            speed = (each.words - begun) / max(perf_counter() - start, 1e-9)
            told = f"{speed:,.0f} words/s, loss {each.loss:.4f}, rate {each.rate:.5f}"
            progress.update(task, completed=each.words, told=told)
            yield each
