"""Which mutants are tried: a draw that is spread over all files and kinds of edits."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from random import Random

from tests.code_mutants.package import TEXTS
from tests.code_mutants.sites import Edit, Sites


def all_edits() -> Iterator[Edit]:
    """Every edit that leaves a file of Python, each text once."""
    for file, text in TEXTS.items():
        seen = {text}
        for edit in Sites(file, text).edits():
            new = edit.applied(text)
            if new not in seen and _compiles(new, file):
                seen.add(new)
                yield edit


def _compiles(text: str, file: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, file, "exec")
    except SyntaxError:
        return False
    return True


def drawn(count: int, seed: int) -> list[Edit]:
    """So many edits: of each file and kind one in turn, until there are enough."""
    cells: dict[tuple[str, str], list[Edit]] = {}
    for edit in all_edits():
        cells.setdefault((edit.file, edit.kind), []).append(edit)
    random = Random(seed)
    for cell in cells.values():
        random.shuffle(cell)
    found: list[Edit] = []
    while len(found) < count and any(cells.values()):
        for cell in cells.values():
            if cell:
                found.append(cell.pop())
    random.shuffle(found)
    return sorted(found[:count], key=lambda edit: (edit.file, edit.start, edit.kind, edit.new))
