"""The results for other programs: one file a format, which goes by the file's name.

Each has ``page(files)``: the text for the results of some files. Its first line says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from derivations.report.results import FileResult


def page(name: str, files: Sequence[FileResult]) -> str:
    """The results of some files in the format that goes by ``name``."""
    made: Callable[[Sequence[FileResult]], str] = import_module(f"{__name__}.{name}").page
    return made(files)
