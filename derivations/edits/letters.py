"""Letters exchanged for others of their set."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.edits.make import letter
from derivations.edits.operator import Change
from derivations.edits.setting import Setting
from derivations.edits.spots import Spot, spots
from derivations.reader.syntax import Leaf, Node, Script
from derivations.reader.written import written

NOUGHT = "0"


def exchanged(spot: Spot, setting: Setting) -> Iterator[Change]:
    """One letter for another of its set, in one place."""
    if setting.index(spot.node) is None or _is_base(spot):
        return
    for name in _others(spot.node, setting):
        changed = letter(name)
        yield f"{name} for {written(spot.node)}{_in(spot)}", changed


def everywhere(spot: Spot, setting: Setting) -> Iterator[Change]:
    """One letter (or a nought) for another, all through a side."""
    if spot.parent is not None:
        return
    leaves = [each.node for each in spots(spot.node, setting.is_name)]
    for old in dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, Leaf)):
        if leaves.count(old) < 2:
            continue
        for name in _others(old, setting):
            changed = spot.node
            for _ in range(leaves.count(old)):
                places = (s for s in spots(changed, setting.is_name) if s.node == old)
                place = next(places, None)
                changed = place.put(letter(name)) if place else changed
            yield f"{name} for {written(old)} everywhere", changed


def nought(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``0`` for a letter in a subscript, or a letter for ``0``."""
    node = spot.node
    below = any(isinstance(each, Script) for each in spot.above)
    if not below or not isinstance(node, Leaf) or _is_base(spot):
        return
    if setting.index(node) is not None:
        yield f"0 for {node.text}{_in(spot)}", letter(NOUGHT)
    elif node.text == NOUGHT:
        for name in _others(node, setting):
            yield f"{name} for 0{_in(spot)}", letter(name)


def _others(node: Node, setting: Setting) -> list[str]:
    """The letters of the set that a letter is of; all letters of label sets for a nought."""
    letters = setting.scope.letters
    index = setting.index(node)
    if index is not None:
        space = setting.space(index)
        found = [name for name, other in letters.items() if setting.space(other) == space]
        return [name for name in found if name != written(node)]
    if isinstance(node, Leaf) and node.text == NOUGHT:
        return [name for name, other in letters.items() if other.space.labels]
    return []


def _is_base(spot: Spot) -> bool:
    """Whether a letter is the name of a list: the w of ``w_k``."""
    return isinstance(spot.parent, Script) and spot.parent.base is spot.node


def _in(spot: Spot) -> str:
    scripts = [node for node in spot.above if isinstance(node, Script)]
    return f" in {written(scripts[-1])}" if scripts else ""
