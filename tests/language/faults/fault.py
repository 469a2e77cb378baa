"""A module with one piece of its text changed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType


@dataclass(frozen=True)
class Fault:
    """A mistake in a module: what is written there, once, and what is written instead."""

    module: ModuleType
    name: str
    right: str
    wrong: str

    def planted(self) -> ModuleType:
        """The module with the mistake in it; the project keeps the right one."""
        source = Path(str(self.module.__file__)).read_text()
        if source.count(self.right) != 1:
            raise LookupError(f"{self.name}: not once in {self.module.__name__}: {self.right}")
        found = ModuleType(f"{self.module.__name__}_at_fault")
        found.__file__ = self.module.__file__
        sys.modules[found.__name__] = found  # dataclasses look their module up
        try:
            code = compile(source.replace(self.right, self.wrong), self.name, "exec")
            exec(code, found.__dict__)
        finally:
            del sys.modules[found.__name__]
        return found
