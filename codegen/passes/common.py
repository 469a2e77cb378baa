"""Common subexpressions: what is computed twice is computed once, and has a name.

Two nodes that are equal compute the same, as steps have one value: a name is given one once, and
memory is written to again only by a later pass. The largest repeated node comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import count

from codegen.arrays.entrywise import Applied, Product, Terms
from codegen.arrays.places import Leader, Picked, Replaced, SummedWithout
from codegen.arrays.program import Step
from codegen.arrays.rebuilt import rebuilt
from codegen.arrays.sums import Contraction, Guarded, MatrixProduct, Summed
from codegen.arrays.tree import Name, Node, nodes
from codegen.passes.alike import key

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
