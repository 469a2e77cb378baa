"""What takes a loop of its own gets a name: a reduction inside a step, and what is reduced.

Afterwards a step is one reduction of rows that are there, a replaced entry, or entrywise.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from codegen.arrays.computed_nodes import (
    Applied,
    Contraction,
    Guarded,
    Leader,
    MatrixProduct,
    Picked,
    Replaced,
    RowSums,
    Summed,
    SummedWithout,
    Taken,
)
from codegen.arrays.nodes import Copied, Name, Node, View, in_order
from codegen.arrays.program import Step, rebuilt
from codegen.backends.compiled.groups import is_large_product
from codegen.passes.shared_steps import unused

REDUCING = Guarded | MatrixProduct | Contraction | Summed | SummedWithout | Leader | Replaced
STEMS: dict[type[Node], str] = {
    Guarded: "products",
    MatrixProduct: "products",
    Contraction: "products",
    Summed: "sum",
    SummedWithout: "others",
    Leader: "leader",
    Replaced: "replaced",
}


def apart(steps: Sequence[Step], taken: Collection[str]) -> list[Step]:
    """The steps, with one more before each for every part that needs a name."""
    used = {*taken, *(step.name for step in steps)}
    done = list[Step]()
    for step in _at_once(steps):
        made = list[Step]()
        value = _top(step.value, step.name, used, made)
        for one in (*made, replace(step, value=value)):
            done += _product_first(one)
    return done


def _at_once(steps: Sequence[Step]) -> list[Step]:
    """The steps, with a difference and its exponential in the same memory as one."""
    done = list[Step]()
    for step in steps:
        value = step.value
        if isinstance(value, Applied) and value.out is not None and value.out.name == step.name:
            before = done.pop().value
            assert isinstance(before, Applied)
            inner = replace(before, out=None)
            step = replace(step, value=replace(value, operands=(inner,), out=before.out))
        done.append(step)
    return done


def _product_first(step: Step) -> list[Step]:
    """A guarded product of matrices as two steps: the product, and its memory mended."""
    value = step.value
    if not isinstance(value, Guarded) or not is_large_product(value.product):
        return [step]
    mended = replace(value, product=Name(step.name, value.axes))
    return [Step(step.name, value.product, step.formula), Step(step.name, mended)]


def _top(value: Node, name: str, used: set[str], made: list[Step]) -> Node:
    """The value of a step: itself a reduction perhaps, its operands rows."""

    def inner(node: Node) -> Node:
        return _inside(node, name, used, made)

    def row(node: Node) -> Node:
        return _row(node, name, used, made)

    if isinstance(value, Guarded):
        product = value.product
        if isinstance(product, MatrixProduct | Contraction):
            product = rebuilt(product, row)
        return replace(value, product=product, left=row(value.left), right=row(value.right))
    if isinstance(value, MatrixProduct | Contraction | Summed):
        return rebuilt(value, row)
    if isinstance(value, SummedWithout):
        return replace(value, of=row(value.of), word=inner(value.word))
    if isinstance(value, Leader):
        return replace(value, of=row(value.of))
    if isinstance(value, Replaced):
        whole = in_order(value.of, value.axes) if value.in_place else value.of
        of = row(whole) if value.in_place else inner(whole)
        return replace(value, of=of, word=inner(value.word), new=inner(value.new))
    if isinstance(value, RowSums):
        return rebuilt(value, inner)
    return rebuilt(value, inner)


def _inside(node: Node, name: str, used: set[str], made: list[Step]) -> Node:
    """A part of a step: by name where it is a reduction."""
    if isinstance(node, REDUCING):
        return _named(node, name, used, made)
    return rebuilt(node, lambda part: _inside(part, name, used, made))


def _row(node: Node, name: str, used: set[str], made: list[Step]) -> Node:
    """What is reduced: by name unless its rows lie in memory."""
    if isinstance(node, Name):
        return node
    if isinstance(node, View | Taken | Copied | Picked):
        of = _row(node.of, name, used, made)
        node = replace(node, of=of)
        if isinstance(node, Taken | Picked):
            node = replace(node, word=_inside(node.word, name, used, made))
        return node
    return _named(node, name, used, made)


def _named(node: Node, name: str, used: set[str], made: list[Step]) -> Node:
    own = unused(f"{name}_{STEMS.get(type(node), 'terms')}", used)
    used.add(own)
    value = _top(node, own, used, made)
    made.append(Step(own, value))
    return Name(own, node.axes)
