"""A node with other parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TypeVar

from codegen.arrays.places import RowTerm
from codegen.arrays.tree import Node

Part = TypeVar("Part", Node, RowTerm)


def rebuilt(node: Part, how: Callable[[Node], Node]) -> Part:
    """The same node, each of its parts handed through ``how``."""
    changed = {}
    for field in fields(node):  # type: ignore[arg-type]  # every node is a dataclass
        value = getattr(node, field.name)
        new = _part(value, how)
        if new is not value:
            changed[field.name] = new
    return replace(node, **changed) if changed else node  # type: ignore[type-var,arg-type]


def _part(value: object, how: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return how(value)
    if isinstance(value, RowTerm):
        return rebuilt(value, how)
    if isinstance(value, tuple):
        new = tuple(_part(one, how) for one in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    return value
