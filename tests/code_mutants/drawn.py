"""Which mutants are tried: a draw that is spread over all files and kinds of edits."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator
from functools import cache
from hashlib import sha256
from itertools import islice

from tests.code_mutants.edit import Edit
from tests.code_mutants.package import TEXTS
from tests.code_mutants.sites import Sites


@cache
def all_edits() -> tuple[Edit, ...]:
    """Every edit, each text once; some leave no file of Python."""
    return tuple(_all_edits())


def _all_edits() -> Iterator[Edit]:
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
    return ast.dump(ast.parse(text)) != _tree(edit.file)


@cache
def _tree(file: str) -> str:
    return ast.dump(ast.parse(TEXTS[file]))


def drawn(count: int, seed: int, files: Collection[str] = ()) -> list[Edit]:
    """So many edits: of each file and kind one in turn, until there are enough.

    An edit's turn hangs on its own text alone, so that a change elsewhere leaves most of them.
    """
    cells: dict[tuple[str, str], list[Edit]] = {}
    for edit in all_edits():
        if not files or edit.file in files:
            cells.setdefault((edit.file, edit.kind), []).append(edit)
    order = sorted(cells.values(), key=lambda cell: _turn(seed, cell[0].file, cell[0].kind))
    for cell in order:
        cell.sort(key=lambda edit: _turn(seed, edit.function, edit.change))
    found = islice(_in_turn(order), count)
    return sorted(found, key=lambda edit: (edit.file, edit.start, edit.kind, edit.new))


def _in_turn(cells: list[list[Edit]]) -> Iterator[Edit]:
    """The last of each cell, then the last of what is left."""
    while any(cells):
        yield from (edit for cell in cells if cell and compiles(edit := cell.pop()))


def _turn(seed: int, *text: str) -> bytes:
    return sha256("\n".join([str(seed), *text]).encode()).digest()
