"""Steps short enough to be read: of one that computes too much at once, a part gets a name."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from codegen.arrays.program import Step
from codegen.arrays.tree import Node, nodes
from codegen.passes.common import CALLED, named

MOST = 10  # nodes of one step


def short(steps: Sequence[Step], taken: Collection[str]) -> list[Step]:
    """The steps, none of more than so many nodes if a part of it can be named."""
    done = list(steps)
    taken = {*taken, *(step.name for step in done)}
    place = 0
    while place < len(done):
        part = _part(done[place].value)
        if part is None:
            place += 1
            continue
        done = [*done[:place], *named(done[place:], part, taken)]
    return done


def _part(value: Node) -> Node | None:
    """The largest part that is no longer than a step may be; None if the whole is not."""
    if _size(value) <= MOST:
        return None
    parts = [one for one in nodes(value) if one is not value and type(one) in CALLED]
    fitting = [one for one in parts if 3 < _size(one) <= MOST]
    return max(fitting, key=_size, default=None)


def _size(node: Node) -> int:
    return sum(1 for _ in nodes(node))
