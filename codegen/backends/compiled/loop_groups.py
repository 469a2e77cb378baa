"""Steps taken apart for loops: each gets a loop or shares one.

Afterwards a step is one reduction of rows that are there, a replaced entry, or entrywise; a group
says which steps one loop over pairs holds, and which arrays it holds one row of at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from codegen.array_language import (
    Applied,
    Contraction,
    Copied,
    Guarded,
    Leader,
    MatrixProduct,
    Name,
    Node,
    Picked,
    Replaced,
    RowSums,
    Step,
    Summed,
    SummedWithout,
    Taken,
    View,
    in_order,
    nodes,
    rebuilt,
)
from codegen.compiler import unused
from codegen.kernel import Kernel
from derivations.indices import Index


@dataclass(frozen=True)
class Group:
    """Steps of one loop over ``axis``; without an axis, steps one after the other."""

    steps: tuple[Step, ...]
    axis: Index | None


def is_large_product(value: object) -> bool:
    """Whether it is a product of two matrices, neither of them taken row by row."""
    return (
        isinstance(value, MatrixProduct)
        and len(value.left.axes) == len(value.right.axes) == 2
        and len(value.axes) == 2
    )


def grouped(steps: Sequence[Step], kernel: Kernel) -> list[Group]:
    """The steps in order; a product of matrices ends a loop over pairs."""
    axis = kernel.parts.axis if kernel.parts else kernel.gathering
    groups = list[Group]()
    for step in steps:
        own = axis if axis is not None and _is_of_pairs(step, axis) else None
        if groups and own is not None and groups[-1].axis == own:
            groups[-1] = Group((*groups[-1].steps, step), own)
        else:
            groups.append(Group((step,), own))
    return groups


def _is_of_pairs(step: Step, axis: Index) -> bool:
    if is_large_product(step.value):
        return False
    if isinstance(step.value, RowSums):
        return all(term.words.axes[:1] == (axis,) for term in step.value.terms)
    return step.axes[:1] == (axis,)


def rowwise(groups: Sequence[Group], outputs: Iterable[str]) -> set[str]:
    """The steps that a loop over pairs needs one row of at a time: no other group knows them."""
    found = set[str]()
    for group in groups:
        others = [step for other in groups if other is not group for step in other.steps]
        elsewhere = {name for step in others for node in nodes(step.value) for name in node.named}
        elsewhere |= {step.name for step in others}
        made = {step.name for step in group.steps if not isinstance(step.value, RowSums)}
        found |= made - elsewhere - set(outputs) if group.axis is not None else set()
    links = [(step.name, overwritten(step.value)) for one in groups for step in one.steps]
    for _ in links:  # memory is of one kind, whatever it is called
        for name, source in links:
            if source and (name in found) != (source in found):
                found -= {name, source}
    return found


def overwritten(value: Node) -> str:
    """The step whose memory is used again."""
    if isinstance(value, Replaced) and value.in_place and isinstance(value.of, Name):
        return value.of.name
    return value.out.name if isinstance(value, Applied) and value.out is not None else ""


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
