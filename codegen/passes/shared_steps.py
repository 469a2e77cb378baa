"""Common subexpressions: what is computed twice is computed once; steps short enough to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from itertools import count
from typing import Any

from codegen.arrays.nodes import (
    Applied,
    Contraction,
    Guarded,
    Leader,
    MatrixProduct,
    Name,
    Node,
    Picked,
    Product,
    Replaced,
    Summed,
    SummedWithout,
    Terms,
    nodes,
)
from codegen.arrays.program import Step, rebuilt
from derivations.indices import Index

# Whether two nodes compute the same, whatever the indices summed inside them are called.


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


# Common subexpressions: what is computed twice is computed once, and has a name.
#
# Two nodes that are equal compute the same, as steps have one value: a name is given one once, and
# memory is written to again only by a later pass. The largest repeated node comes first.


# what costs something, and what it is called where nothing else has named it
CALLED: dict[type[Node], str] = {
    Guarded: "product",
    MatrixProduct: "product",
    Contraction: "product",
    Summed: "total",
    SummedWithout: "others",
    Leader: "leader",
    Picked: "picked_out",
    Replaced: "replaced_at",
    Applied: "value",
    Terms: "difference",
    Product: "factor",
}


def shared(steps: Sequence[Step], taken: Collection[str]) -> list[Step]:
    """The steps, with one more for each node that several read or one reads twice."""
    done = list(steps)
    taken = {*taken, *(step.name for step in done)}
    while True:
        met = [
            node
            for step in done
            for node in nodes(step.value)
            if type(node) in CALLED and (node.axes or _costs(node))
        ]
        times = Counter(map(key, met))
        repeated = [node for node in met if times[key(node)] > 1]
        if not repeated:
            return done
        node = max(repeated, key=lambda one: sum(1 for _ in nodes(one)))
        done = named(done, node, taken)


def _costs(node: Node) -> bool:
    return not isinstance(node, Terms | Product | Picked)


def named(steps: list[Step], node: Node, taken: set[str]) -> list[Step]:
    """The steps with a name for one node, given before the first that reads it."""
    same = key(node)
    reading = (n for n, one in enumerate(steps) if any(_is(p, same) for p in nodes(one.value)))
    place = next(reading)
    if _is(steps[place].value, same):
        name, before = steps[place].name, steps[: place + 1]
        rest = steps[place + 1 :]
    else:
        name = unused(_stem(node), taken)
        taken.add(name)
        before, rest = [*steps[:place], Step(name, node)], steps[place:]
    known = Name(name, node.axes)

    def put(part: Node) -> Node:
        return known if _is(part, same) else rebuilt(part, put)

    return [*before, *(replace(step, value=put(step.value)) for step in rest)]


def _is(node: Node, same: Node) -> bool:
    return type(node) is type(same) and node.axes == same.axes and key(node) == same


def _stem(node: Node) -> str:
    if isinstance(node, Applied):
        return {"exp": "weight", "weigh": "weighed"}.get(node.function, f"{node.function}_of")
    return CALLED[type(node)]


def unused(name: str, taken: Collection[str]) -> str:
    """The name, or with a number behind it where it is taken."""
    numbered = (name if n == 1 else f"{name}_{n}" for n in count(1))
    return next(candidate for candidate in numbered if candidate not in taken)


# Steps short enough to be read: of one that computes too much at once, a part gets a name.


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
