"""Standard streams, a line of progress, and exit codes: what every command shares.

Streams survive a closed pipe and a narrow encoding.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic

from derivations.reader.source import MOST_NOTEBOOK, Attempts

# What a reader has to type for a command here: the console script, or a module of Python.
#
# Installed by pipx there is only the script; from a checkout there may be only the modules.


SCRIPT, PACKAGE = "derivations", "proved-kernels"


def called(command: str) -> str:
    """``derivations verify`` where the script was called, else ``python -m derivations.verify``."""
    by_script = Path(sys.argv[0]).stem == SCRIPT if sys.argv else False
    return f"{SCRIPT} {command}" if by_script else f"python -m derivations.{command}"


def missing(needing: str, library: str) -> str:
    """What is said where an optional library is not installed."""
    by_pipx = "pipx" in Path(sys.prefix).parts
    how = f"pipx inject {PACKAGE} {library}" if by_pipx else f"pip install {library}"
    return f"{needing} needs {library}, which is not installed: {how}"


def version() -> str:
    """The version of this program as it is installed; 0 where it is not."""
    from importlib import metadata

    try:
        return metadata.version(PACKAGE)
    except metadata.PackageNotFoundError:
        return "0"


# Standard output and error: they survive a closed pipe, a full disk and a narrow encoding.
#
# What a file says never controls the terminal it is shown on: whatever is no mark on paper is
# written as an escape.


# C0 but the line break, delete and C1, marks of direction and other invisible signs, surrogates
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def forgiving_streams() -> None:
    """Replace what an encoding cannot hold, and write to nowhere where a stream is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # for good
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def visible(text: str) -> str:
    """The text with ``\\x1b`` for the character, and so on: for a reader."""
    return _INVISIBLE.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def escaped(text: str) -> str:
    """The same within JSON, where these characters stand in strings alone."""
    return _INVISIBLE.sub(_in_json, text)


def _in_json(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def standard_input() -> bytes:
    """What stands on standard input, not much more than may be read."""
    if sys.stdin is None:
        return b""
    data: bytes = sys.stdin.buffer.read(MOST_NOTEBOOK + 1)
    return data


def write(text: str) -> None:
    """Write to standard output; who reads it may have left."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # or Python tries once more, and fails, when it exits
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise SystemExit(f"cannot write the results: {error.strerror}") from error


def complain(message: str, code: int, command: str = "") -> int:
    """Say on standard error what went wrong; gives back the exit code."""
    over = "\r\x1b[K" if sys.stderr.isatty() else ""  # how far the work has come, if that is left
    print(f"{over}{command or called('verify')}: {visible(message)}", file=sys.stderr)
    return code


# A line that shows how far the work has come, on a terminal only.
#
# It is written over and erased, and leaves nothing of the terminal's changed: the process that
# writes it may be ended at any moment.


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


ALL_WELL = 0
FAILED = 1  # something is wrong in what was looked at, or is refused
WRONG_USAGE = 2  # an option, or a file that cannot be read
PROGRAM_ERROR = 3  # two arguments contradict each other, or something that should not happen
INTERRUPTED = 130
