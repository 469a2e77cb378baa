"""Standard output and error: they survive a closed pipe, a full disk and a narrow encoding.

What a file says never controls the terminal it is shown on: whatever is no mark on paper is
written as an escape.
"""

from __future__ import annotations

import os
import re
import sys
from io import TextIOWrapper

from derivations.reader.source import MOST_NOTEBOOK
from derivations.report.called import called

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


def complain(message: str, code: int) -> int:
    """Say on standard error what went wrong; gives back the exit code."""
    over = "\r\x1b[K" if sys.stderr.isatty() else ""  # how far the work has come, if that is left
    print(f"{over}{called('verify')}: {visible(message)}", file=sys.stderr)
    return code
