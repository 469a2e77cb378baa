"""Standard output and error that survive a closed pipe, a full disk and a narrow encoding."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper


def forgiving_streams() -> None:
    """Replace what an encoding cannot hold, and write to nowhere where a stream is closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # for good
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


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
    print(f"python -m derivations.verify: {message}", file=sys.stderr)
    return code
