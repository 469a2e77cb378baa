"""Values of what is drawn and not declared: a number for each member of its finite set."""

from __future__ import annotations

from functools import lru_cache

from derivations.indices import IndexSet
from derivations.language.tree import Entry, IndexVariable, Reference, Term, Variable


def value_of_drawn(letter: IndexVariable) -> Term:
    """The number that a drawn letter is where a number is wanted: any, for each of its members."""
    return Entry(Reference(_values(letter.space)), (letter,))


@lru_cache(maxsize=256)
def _values(space: IndexSet) -> Variable:
    return Variable((space, None), space.name, space.name)
