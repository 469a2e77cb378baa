"""The emitted files and the files on disk: compared, and made equal."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from codegen.package import MARK


@dataclass(frozen=True)
class Difference:
    """One path that is not as it should be: ``wanted`` is None where no file belongs."""

    path: Path
    kind: str
    found: str
    wanted: str | None

    def diff(self) -> str:
        """From what is on disk to what belongs there, as a unified diff."""
        before = self.found.splitlines(keepends=True)
        after = (self.wanted or "").splitlines(keepends=True)
        name = str(self.path)
        return "".join(unified_diff(before, after, f"{name} (on disk)", f"{name} (generated)"))


def compare(folder: Path, texts: Mapping[str, str], by_hand: Mapping[str, str]) -> list[Difference]:
    """Every file that is missing, changed, stale, or foreign: one that was not generated.

    Those written ``by_hand`` belong to the package and are not generated: another text is foreign.
    """
    differences = []
    every = {**texts, **by_hand}
    for path in sorted({*_present(folder), *(folder / name for name in every)}):
        wanted = every.get(path.relative_to(folder).as_posix())
        found = _read(path)
        if found is None:
            differences.append(Difference(path, "missing", "", wanted))
        elif found == wanted:
            continue
        elif wanted is None or not found.startswith(MARK):
            kind = "stale" if found.startswith(MARK) else "foreign"
            differences.append(Difference(path, kind, found, wanted))
        else:
            differences.append(Difference(path, "changed", found, wanted))
    return differences


def mend(differences: list[Difference]) -> None:
    """Write what is missing or changed and remove what is stale; no file is ever half written."""
    for difference in differences:
        path = difference.path
        if difference.wanted is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(difference.wanted, encoding="utf-8", newline="\n")
        beside.replace(path)


def _present(folder: Path) -> list[Path]:
    """The files under the folder; what Python and the checkers cache is not looked at."""
    return [
        path
        for path in folder.rglob("*")
        if not path.is_dir() and not any(_is_cache(part) for part in path.relative_to(folder).parts)
    ]


def _is_cache(part: str) -> bool:
    return part == "__pycache__" or (part.startswith(".") and part.endswith("_cache"))


def _read(path: Path) -> str | None:
    """The text of a file, bytes that are not UTF-8 included; None where there is none."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8", errors="backslashreplace", newline="") as file:
        return file.read()
