"""Names exchanged for others of their shape; subscripts put to names and dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivations.edits.make import letter, lowered
from derivations.edits.operator import Change
from derivations.edits.setting import Setting
from derivations.edits.spots import Spot
from derivations.reader.meaning import Thing
from derivations.reader.syntax import Accented, Leaf, Node, Script
from derivations.reader.written import written


def exchanged(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``u`` for ``v``, ``U`` for ``V``: another name of the same shape."""
    yield from _renamed(spot, setting, hats=False)


def hat(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\hat{y}`` for ``y``, and the other way."""
    yield from _renamed(spot, setting, hats=True)


def _renamed(spot: Spot, setting: Setting, *, hats: bool) -> Iterator[Change]:
    node = spot.node
    thing = setting.thing(node) if isinstance(node, Leaf | Accented) else None
    if thing is None or isinstance(spot.parent, Accented):
        return
    for name, other in setting.scope.things.items():
        accented = name.startswith("\\hat{")
        changed = Accented(node.at, "hat", letter(name[5:-1])) if accented else letter(name)
        same = written(changed) == written(node) or not _is_plain(name)
        if not same and _shape(other) == _shape(thing) and hats == _hats(node, changed):
            yield f"{name} for {written(node)}", changed


def _is_plain(name: str) -> bool:
    return len(name) == 1 or (name.startswith("\\hat{") and len(name) == 7)


def _hats(first: Node, second: Node) -> bool:
    bare = [node.base if isinstance(node, Accented) else node for node in (first, second)]
    return written(bare[0]) == written(bare[1])


def _shape(thing: Thing) -> tuple[object, ...]:
    axes = tuple(axis and axis.space for axis in thing.body.axes)
    return (tuple(index.space for index in thing.params), axes, thing.body.entry.is_integer)


def subscript_dropped(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\hat{y}_w`` as ``\\hat{y}``."""
    node = spot.node
    if isinstance(node, Script) and node.sub and setting.thing(node.base) is not None:
        bare = replace(node, sub=None) if node.sup or node.primes else node.base
        yield f"the subscript dropped from {written(node)}", bare


def subscript_added(spot: Spot, setting: Setting) -> Iterator[Change]:
    """``\\hat{y}`` as ``\\hat{y}_w``, for every letter that can stand there."""
    node = spot.node
    thing = setting.thing(node) if isinstance(node, Leaf | Accented) else None
    if thing is None or isinstance(spot.parent, Script | Accented):
        return
    expected = [*thing.params, *thing.body.indices]
    for name, index in setting.scope.letters.items():
        if len(expected) == 1 and index.space == expected[0].space:
            yield f"the subscript {name} put to {written(node)}", lowered(node, letter(name))
