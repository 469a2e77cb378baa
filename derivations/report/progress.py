"""A line that shows how far the judging has come, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

REFRESH_SECONDS = 0.1


@contextmanager
def progress(total: int) -> Iterator[Callable[[str], None]]:
    """A function to call with the id of each claim that has been judged."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    # no refreshing thread: the judging forks
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    shown_at = 0.0
    with bar:
        task = bar.add_task("", total=total)

        def on_judged(name: str) -> None:
            nonlocal shown_at
            due = monotonic() - shown_at > REFRESH_SECONDS
            bar.update(task, advance=1, description=name, refresh=due)
            shown_at = monotonic() if due else shown_at

        yield on_judged
