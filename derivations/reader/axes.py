"""Indices for the axes of vectors and matrices, under names that no formula can contain."""

from __future__ import annotations

from derivations.indices import Index, IndexSet
from derivations.reader.meaning import Scope


def axis(space: IndexSet, scope: Scope, *beside: Index) -> Index:
    """An index of ``space`` other than those it stands beside."""
    letters = [index.name for index in scope.letters.values() if index.space == space]
    name = f"{(letters or ['i'])[0]}'"
    while any(index.name == name for index in beside):
        name += "'"
    return Index(name, space)
