"""Members of index sets: letters, entries of lists of labels, and numbers."""

from __future__ import annotations

from derivations.reader.meaning import WordList
from sympy import Expr, Indexed, Integer

from derivations.indices import Index, WordArray
from derivations.reader.latex.within import Unprintable, Within


def member(node: Expr, within: Within) -> str:
    """The node where a member of an index set is expected."""
    if isinstance(node, Index):
        return within.letter(node)
    if isinstance(node, Integer):
        return str(node)
    if isinstance(node, Indexed) and isinstance(node.base, WordArray):
        return _entry(node, within)
    raise Unprintable(f"no formula names {node} as a member of an index set")


def _entry(node: Indexed, within: Within) -> str:
    """An entry of a list of labels."""
    (place,) = node.indices
    for name, lists in within.scope.lists.items():
        for words in lists:
            if words.words == node.base:
                return f"{name}_{{{_place(place, words, within)}}}"
    raise Unprintable(f"no declared list has the entry {node}")


def _place(place: Expr, words: WordList, within: Within) -> str:
    if words.origin and place == 0:
        return words.origin
    text = member(place, within)
    return f"{words.origin} + {text}" if words.origin else text
