"""Which steps one loop over pairs holds, and which arrays it holds one row of at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codegen.arrays.computed_nodes import Applied, MatrixProduct, Replaced, RowSums
from codegen.arrays.nodes import Name, Node, nodes
from codegen.arrays.program import Step
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
