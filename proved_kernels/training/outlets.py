"""Whether a file can be written, asked before the work that it is for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from .atomic import partial
from .refused import Refused
from .sources import STANDARD_INPUT


def checked(option: str, path: Path, texts: Sequence[str]) -> None:
    """Raises Refused if nothing can be written there, or a text would be written over."""
    if not path.parent.is_dir():
        raise Refused(f"{option} {path}: no such folder")
    if path.is_dir():
        raise Refused(f"{option} {path}: is a folder")
    for text in texts:
        is_there = text != STANDARD_INPUT and path.exists() and Path(text).exists()
        if is_there and path.samefile(text):
            raise Refused(f"{option} {path}: is the text")
    if path.exists() and not path.is_file():  # a device, a pipe: written to as it is
        if not os.access(path, os.W_OK):
            raise Refused(f"{option} {path}: may not be written")
        return
    try:
        partial(path).open("wb").close()
        partial(path).unlink()
    except OSError as error:
        raise Refused(f"{option} {path}: {error.strerror}") from error
