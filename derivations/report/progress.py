"""A line that shows how far the work has come, on a terminal only.

It is written over and erased, and leaves nothing of the terminal's changed: the process that writes
it may be ended at any moment.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size
from time import monotonic

from derivations.reader.attempts import Attempts
from derivations.report.streams import visible

REFRESH_SECONDS = 0.1
BAR = 30
ERASE = "\r\x1b[K"


@contextmanager
def progress(total: int | None, doing: str = "") -> Iterator[Callable[[str], None]]:
    """A function to call with the id of each claim that has been judged, or what else is done.

    ``doing`` says what that is, from the beginning on; None is a total that nobody knows.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    done, shown_at = 0, monotonic()
    _show(_line(done, total, doing))

    def on_done(name: str) -> None:
        nonlocal done, shown_at
        done += 1
        if monotonic() - shown_at > REFRESH_SECONDS:
            _show(_line(done, total, f"{doing} {name}"))
            shown_at = monotonic()

    try:
        yield on_done
    finally:
        _show("")


def _line(done: int, total: int | None, said: str) -> str:
    if total is None:
        return f"{said.strip()} · {done:,}" if done else said
    full = BAR * done // max(total, 1)
    return f"{'━' * full}{'╌' * (BAR - full)} {done:,}/{total:,} {said.strip()}"


def _show(line: str) -> None:
    room = get_terminal_size((80, 0)).columns - 1
    sys.stderr.write(f"{ERASE}{visible(line)[:room]}")
    sys.stderr.flush()


@contextmanager
def reading(name: str, attempts: Attempts) -> Iterator[None]:
    """Shows that a file is read, and how many pieces of it so far."""
    begin = attempts.begin
    with progress(None, f"reading {name}") as on_read:

        def begins(number: int) -> None:
            on_read("")
            begin(number)

        attempts.begin = begins
        try:
            yield
        finally:
            attempts.begin = begin
