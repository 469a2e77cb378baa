"""What a planted fault is: a patch that is in force within a `with`."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from derivations.proof import normal_form

Patch = tuple[object, str, Any]


@dataclass(frozen=True)
class Mutant:
    """A fault: its name, within how many expressions it must show, what replaces what."""

    name: str
    within: int
    patches: tuple[Patch, ...]

    def planted(self) -> AbstractContextManager[object]:
        """The fault is in force inside this; nothing normalised elsewhere is remembered."""
        stack = ExitStack()
        normal_form._read.cache_clear()
        stack.callback(normal_form._read.cache_clear)
        for where, name, new in self.patches:
            stack.enter_context(patch.object(where, name, new))
        return stack
