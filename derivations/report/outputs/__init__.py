"""The results for other programs: one file a format, which goes by the file's name.

Each has ``page(files)``: the text for the results of some files. Its first line says what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from derivations.report.results import FileResult


class Output(Protocol):
    """What a file of this folder holds."""

    def page(self, files: Sequence[FileResult]) -> str:
        """The text for the results of some files."""
        ...


def page(name: str, files: Sequence[FileResult]) -> str:
    """The results of some files in the format that goes by ``name``."""
    return cast(Output, import_module(f"{__name__}.{name}")).page(files)
