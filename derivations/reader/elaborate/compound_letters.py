"""Indices with a letter or a word below them: ``y_w`` and ``y_l``, two members of one set.

Such a name is one letter wherever it stands; y and w by themselves mean what they mean.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import fields, replace

from derivations.reader.elaborate.spelling import raised_name
from derivations.reader.scope import Scope
from derivations.reader.syntax import Leaf, Node, Script


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
    return _put(node, names) if names else node


def _put(node: Node, names: Set[str]) -> Node:
    name = compound_letter(node)
    if name in names:
        return Leaf(node.at, "LETTER", name)
    changed: dict[str, object] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        new = _within(value, names)
        if new is not value:
            changed[each.name] = new
    return replace(node, **changed) if changed else node  # type: ignore[arg-type]  # same kinds


def _within(value: object, names: Set[str]) -> object:
    """The same of what a node is made of."""
    if isinstance(value, Node):
        return _put(value, names)
    if isinstance(value, tuple):
        new = tuple(_within(each, names) for each in value)
        return value if all(a is b for a, b in zip(value, new, strict=True)) else new
    return value
