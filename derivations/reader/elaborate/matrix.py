"""Matrices written column by column, or row by row, with dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from sympy import Integer

from derivations.indices import Index, IndexSet
from derivations.reader.array import Array
from derivations.reader.elaborate.number import Here, ill_typed, number
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Leaf, Matrix, Node
from derivations.reader.written import written

PLACE = "□"


@dataclass(frozen=True)
class Family:
    """The general cell, and what stands in the last one for its number."""

    cell: Node
    last: Node


@number.register
def _matrix(node: Matrix, here: Here) -> Array:
    one_row = len(node.rows) == 1
    cells = node.rows[0] if one_row else tuple(row[0] for row in node.rows)
    if any(len(row) != 1 for row in node.rows) and not one_row:
        advice = "one row of columns, or one column of rows, with dots"
        raise Unreadable(node.at, written(node), "this matrix is not read", advice)
    family = _family(cells, node)
    space = _space(family, here, node)
    index = Index(f"{space.name[:1].lower()}'" if space.labels else "n'", space)
    inside = here.under(node, PLACE, index)
    value = number(family.cell, inside)
    return _laid(value, index, one_row, node)


def _laid(value: Array, index: Index, one_row: bool, node: Matrix) -> Array:
    row, column = value.axes or (None, None)
    if one_row and column is None:
        return Array(value.entry, (row, index))
    if not one_row and row is None:
        return Array(value.entry, (index, column))
    raise ill_typed(node, f"cells of shape {value.said}", "side by side" if one_row else "stacked")


def _family(cells: Sequence[Node], node: Matrix) -> Family:
    """What the cells have in common: ``f(1), f(2), ..., f(N)``."""
    at = [i for i, cell in enumerate(cells) if isinstance(cell, Leaf) and cell.kind == "DOTS"]
    if at != [len(cells) - 2] or not 1 <= at[0] <= 3:
        advice = "write its first entries, \\dots, and its last"
        raise Unreadable(node.at, written(node), "this matrix is not read", advice)
    found: list[Node] = []
    cell = _common(cells[0], cells[-1], found)
    if cell is None or not found or any(other != found[0] for other in found):
        raise Unreadable(node.at, written(node), "the first and the last entry do not agree")
    for number_, given in enumerate(cells[: at[0]], start=1):
        if _filled(cell, str(number_)) != given:
            raise Unreadable(given.at, written(given), "this entry does not agree with the first")
    return Family(cell, found[0])


def _common(first: Any, last: Any, found: list[Node]) -> Any:
    """The tree of both, with the place where 1 and the last number stand left open."""
    if first == last:
        return first
    if isinstance(first, Leaf) and first.kind == "NUMBER" and first.text == "1":
        found.append(last)
        return Leaf(first.at, "LETTER", PLACE)
    if type(first) is not type(last):
        return None
    if isinstance(first, tuple):
        parts = [_common(a, b, found) for a, b in zip(first, last, strict=False)]
        return tuple(parts) if len(first) == len(last) and None not in parts else None
    if not is_dataclass(first) or isinstance(first, type):
        return None
    values = {}
    for field in fields(first):
        if field.name != "at":
            mine, other = getattr(first, field.name), getattr(last, field.name)
            values[field.name] = _common(mine, other, found)
            if values[field.name] is None and mine is not None:
                return None
    return replace(first, **values)


def _filled(node: Any, number_: str) -> Any:
    """The general cell at a number."""
    if isinstance(node, Leaf):
        return Leaf(node.at, "NUMBER", number_) if node.text == PLACE else node
    if isinstance(node, tuple):
        return tuple(_filled(part, number_) for part in node)
    if not is_dataclass(node) or isinstance(node, type):
        return node
    values = {f.name: _filled(getattr(node, f.name), number_) for f in fields(node)}
    return replace(node, **values)


def _space(family: Family, here: Here, node: Matrix) -> IndexSet:
    size = number(family.last, here).entry
    spaces = [s for s in here.scope.spaces() if (s.lower, s.upper) == (Integer(1), size)]
    if len(spaces) == 1:
        return spaces[0]
    what = "which index set does it run over?" if spaces else "no index set ends there"
    raise Unreadable(node.at, written(family.last), what, "declare one, as 1..N")
