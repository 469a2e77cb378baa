"""Whether two nodes compute the same, whatever the indices summed inside them are called."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from codegen.arrays.tree import Node
from derivations.indices import Index


def key(node: Node) -> Node:
    """The node with the indices that are not among its axes numbered as they are met."""
    names: dict[Index, Index] = {axis: axis for axis in node.axes}
    found: Node = _renamed(node, names)
    return found


def _renamed(node: Any, names: dict[Index, Index]) -> Any:
    changed = {one.name: _value(getattr(node, one.name), names) for one in fields(node)}
    return replace(node, **changed)


def _value(value: Any, names: dict[Index, Index]) -> Any:
    if isinstance(value, Index):
        return _number(value, names)
    if isinstance(value, tuple):
        return tuple(_value(one, names) for one in value)
    return _renamed(value, names) if hasattr(value, "parts") else value


def _number(index: Index, names: dict[Index, Index]) -> Index:
    if index not in names:
        names[index] = Index(f"#{len(names)}", index.space)
    return names[index]
