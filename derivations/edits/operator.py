"""An operator: one kind of small change, made at every place of a tree where it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derivations.edits.setting import Setting
from derivations.edits.spots import Spot, spots
from derivations.reader.syntax import Node

# what is changed at one place, in words, and what stands there then
Change = tuple[str, Node]
Local = Callable[[Spot, Setting], Iterator[Change]]


@dataclass(frozen=True)
class Edit:
    """A changed tree: the kind of change, and the change in words."""

    kind: str
    words: str
    tree: Node


@dataclass(frozen=True)
class Operator:
    """A named function from a tree to its variants."""

    kind: str
    local: Local

    def __call__(self, tree: Node, setting: Setting) -> Iterator[Edit]:
        """Every variant, outer places first; never the tree itself."""
        for spot in spots(tree, setting.is_name):
            for words, node in self.local(spot, setting):
                changed = spot.put(node)
                if changed != tree:
                    yield Edit(self.kind, words, changed)
