"""The cell magic: ``%load_ext derivations``, then ``%%derivations`` above a derivation.

What the letters mean stands in a block in the cell, or in one before it: declarations of the last
cell that had some hold for cells without.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from derivations.python import Report, check

_BLOCK = re.compile(r"^(```|~~~)\s*\{?given\}?\s*$.*?^\1\s*$", re.MULTILINE | re.DOTALL)
NAME = "derivations"


class Shell(Protocol):
    """What is asked of IPython."""

    def register_magic_function(
        self, func: Callable[[str, str], Report], magic_kind: str, magic_name: str
    ) -> None:
        """Have cells that begin with ``%%magic_name`` handed to a function."""
        ...


def register(shell: Shell) -> None:
    """Make the magic known."""
    shell.register_magic_function(Cells(), "cell", NAME)


class Cells:
    """Judges one cell after the other."""

    def __init__(self) -> None:
        self.declared = ""

    def __call__(self, line: str, cell: str) -> Report:
        """Judge a cell; behind the magic may stand a file with declarations.

        Raises FileNotFoundError where there is no such file.
        """
        own = [found.group() for found in _BLOCK.finditer(cell)]
        self.declared = "\n".join(own) or self.declared
        given = _existing(line.strip()) or ("" if own else self.declared)
        return check(cell, given or None)


def _existing(name: str) -> str:
    if name and not Path(name).is_file():
        raise FileNotFoundError(f"{name}: no such file")
    return name
