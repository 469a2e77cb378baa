"""Each equality of a derivation file as a test of pytest: what ``--derivations`` collects.

The plugin itself is ``proved_kernels.pytest_plugin``; nothing else is imported before a file is
collected.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from derivations.report.by_line import Told


def collected(file_path: Path, parent: pytest.Collector) -> DerivationFile | None:
    """A derivation file, if it is one."""
    from derivations.report.arguments import is_derivation

    if not is_derivation(file_path.name):
        return None
    return DerivationFile.from_parent(parent, path=file_path)


class DerivationFile(pytest.File):
    """A file: it is read when it is collected, and judged when the first of its lines is run."""

    def collect(self) -> Iterator[Equality]:
        """Its lines; where it is none, that as a test."""
        from derivations.report.by_line import listed

        for line in listed(self._name):
            yield Equality.from_parent(self, name=line.name, row=line.row)

    @cached_property
    def found(self) -> dict[str, Told]:
        """What is told of each line."""
        from derivations.report.by_line import judged

        return {line.name: line for line in judged(self._name)}

    @property
    def _name(self) -> str:
        here = Path.cwd()
        return str(self.path.relative_to(here) if self.path.is_relative_to(here) else self.path)


class Equality(pytest.Item):
    """One equality."""

    parent: DerivationFile

    def __init__(self, name: str, parent: DerivationFile, row: int) -> None:
        super().__init__(name, parent)
        self.row = row

    def runtest(self) -> None:
        """It is as it should be."""
        told = self.parent.found.get(self.name)
        if told is None:
            raise _Wrong(f"{self.path}: {self.name} is gone: the file has been changed")
        if told.wrong:
            raise _Wrong(told.wrong)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """What the first screen says of it."""
        if isinstance(excinfo.value, _Wrong):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, self.row - 1, f"{self.path.name} {self.name}"


class _Wrong(Exception):
    """A line is not as it should be; the message says all of it."""
