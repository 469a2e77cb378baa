"""All variants of a side by one edit, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derivations.edits.operator import Edit, Operator
from derivations.edits.operators import OPERATORS
from derivations.edits.setting import Setting
from derivations.reader.equality import Equality
from derivations.reader.syntax import Node


def variants(
    tree: Node, setting: Setting, operators: Iterable[Operator] = OPERATORS
) -> Iterator[Edit]:
    """Every variant once, under the first kind that makes it."""
    seen = {tree}
    for operator in operators:
        for edit in operator(tree, setting):
            if edit.tree not in seen:
                seen.add(edit.tree)
                yield edit


def setting_of(equality: Equality) -> Setting:
    """The setting of a line."""
    return Setting(equality.scope, (equality.left, equality.right))
