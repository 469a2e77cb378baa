"""Indices with a letter or a word below them: ``y_w`` and ``y_l``, two members of one set.

Such a name is one letter wherever it stands; y and w by themselves mean what they mean.
"""

from __future__ import annotations

from derivations.reader.elaborate.spelling import raised_name
from derivations.reader.scope import Scope
from derivations.reader.syntax import Leaf, Node, Script, rebuilt


def compound_letter(node: Node) -> str:
    """The name of such an index; empty for anything else."""
    if not isinstance(node, Script) or node.sup or node.primes or not isinstance(node.base, Leaf):
        return ""
    below = node.sub.only if node.sub is not None else None
    plain = isinstance(below, Leaf) and below.kind in ("LETTER", "WORD", "NUMBER")
    return raised_name(node) if plain and node.base.kind == "LETTER" else ""


def with_compound_letters(node: Node, scope: Scope) -> Node:
    """The same with each declared one as a letter."""
    names = {name for name in scope.letters if "_" in name}

    def as_letter(each: Node) -> Node:
        name = compound_letter(each)
        return Leaf(each.at, "LETTER", name) if name in names else each

    return rebuilt(node, as_letter) if names else node
