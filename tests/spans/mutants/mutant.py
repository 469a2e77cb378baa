"""A fault planted in the emitted code: what stands there, and what is put in its place."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import generated
from tests.codegen.emitted import loaded

FOLDER = Path(str(generated.__file__)).parent


@dataclass(frozen=True)
class Mutant:
    """Replacements in one file, or in one ``function`` of it; ``meant`` says what mistake it is."""

    meant: str
    killed_by: str
    edits: tuple[tuple[str, str], ...]
    function: str = ""
    module: str = "spans"

    def spoil(self, text: str) -> str:
        first = text.index(f"def {self.function}(") if self.function else 0
        last = text.find("\n@np.errstate", first) if self.function else -1
        last = len(text) if last < 0 else last
        before, part, after = text[:first], text[first:last], text[last:]
        for found, put in self.edits:
            assert found in part, f"the code has changed, say anew: {self.meant} ({found!r})"
            part = part.replace(found, put)
        return before + part + after

    def planted(self, folder: Path) -> Any:
        """The generated package with the fault in it, loaded under a name of its own."""
        copytree(FOLDER, folder, dirs_exist_ok=True)
        path = folder / f"{self.module}.py"
        path.write_text(self.spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
        return loaded(folder)


def planted(mutants: Collection[Mutant], folder: Path) -> dict[str, Any]:
    """The packages of these faults, each by what it means."""
    return {each.meant: each.planted(folder / str(n)) for n, each in enumerate(mutants)}
