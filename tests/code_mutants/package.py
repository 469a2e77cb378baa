"""The committed files, and the package that they make when one of them is edited."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import generated
from codegen.execute.command import texts_in
from tests.code_mutants.edit import Edit
from tests.codegen.emitted import loaded

TEXTS = texts_in(Path(str(generated.__file__)).parent)


def spoilt(edit: Edit) -> dict[str, str]:
    """The texts of all files, the edit made."""
    return {**TEXTS, edit.file: edit.applied(TEXTS[edit.file])}


def imported(texts: Mapping[str, str]) -> ModuleType:
    """The package of these texts, as a user would import it."""
    with TemporaryDirectory() as folder:
        for name, text in texts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        return loaded(Path(folder))


def users(file: str) -> set[str]:
    """The modules that are run when this one is: itself, and those that import it, and so on."""
    found = {file.removesuffix(".py")}
    while True:
        more = {
            name.removesuffix(".py")
            for name, text in TEXTS.items()
            if any(f"from .{one} import" in text for one in found)
        }
        if more <= found:
            return found
        found |= more
