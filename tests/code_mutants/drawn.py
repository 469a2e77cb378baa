"""Which mutants are tried: a draw that is spread over all files and kinds of edits."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from random import Random

from tests.code_mutants.edit import Edit
from tests.code_mutants.package import TEXTS
from tests.code_mutants.sites import Sites


def all_edits() -> Iterator[Edit]:
    """Every edit, each text once; some leave no file of Python."""
    for file, text in TEXTS.items():
        seen = {text}
        for edit in Sites(file, text).edits():
            new = edit.applied(text)
            if new not in seen:
                seen.add(new)
                yield edit


def compiles(edit: Edit) -> bool:
    """Whether a file of Python is left, and another one: quotes and brackets do not count."""
    text = edit.applied(TEXTS[edit.file])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, edit.file, "exec")
    except SyntaxError:
        return False
    return ast.dump(ast.parse(text)) != ast.dump(ast.parse(TEXTS[edit.file]))


def drawn(count: int, seed: int) -> list[Edit]:
    """So many edits: of each file and kind one in turn, until there are enough."""
    cells: dict[tuple[str, str], list[Edit]] = {}
    for edit in all_edits():
        cells.setdefault((edit.file, edit.kind), []).append(edit)
    random = Random(seed)
    order = list(cells.values())
    for cell in order:
        random.shuffle(cell)
    random.shuffle(order)
    found: list[Edit] = []
    while len(found) < count and any(order):
        found += [edit for cell in order if cell and compiles(edit := cell.pop())]
    return sorted(found[:count], key=lambda edit: (edit.file, edit.start, edit.kind, edit.new))
