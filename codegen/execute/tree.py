"""Values by cases: a tree that splits by conditions, its leaves the value in each case.

Conditions are numbers; they are met in order from the root, each at most once on a way down, so
that two trees are combined case by case. A split whose two sides are equal is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from codegen.execute.refused import Refused

MOST_CASES = 512


class Leaves(Protocol):
    """What has to be known of leaves: which are equal, and which conditions are decided."""

    decided: dict[int, bool]

    def equal(self, left: Any, right: Any) -> bool: ...


@dataclass(frozen=True, slots=True)
class Split:
    """One tree where a condition, by number, holds, and one where it does not."""

    condition: int
    yes: Any
    no: Any


def combined(world: Leaves, how: Callable[..., Any], *trees: Any) -> Any:
    """The function of leaves applied under all conditions; cases that agree are one."""
    for tree in trees:
        if isinstance(tree, Split):
            break
    else:
        return how(*trees)
    first = min(tree.condition for tree in trees if isinstance(tree, Split))
    sides = [_sides(tree, first) for tree in trees]
    if first in world.decided:
        decided = 0 if world.decided[first] else 1
        return combined(world, how, *(side[decided] for side in sides))
    yes = combined(world, how, *(side[0] for side in sides))
    no = combined(world, how, *(side[1] for side in sides))
    if same(world, yes, no):
        return yes
    if leaves(yes) + leaves(no) > MOST_CASES:
        raise Refused(f"a number with more than {MOST_CASES} cases")
    return Split(first, yes, no)


def _sides(tree: Any, condition: int) -> tuple[Any, Any]:
    """What a tree is where a condition holds, which no split is above, and where it does not."""
    if isinstance(tree, Split) and tree.condition == condition:
        return tree.yes, tree.no
    return tree, tree


def same(world: Leaves, left: Any, right: Any) -> bool:
    """Whether two trees have equal leaves under the same conditions."""
    if isinstance(left, Split) or isinstance(right, Split):
        return (
            isinstance(left, Split)
            and isinstance(right, Split)
            and left.condition == right.condition
            and same(world, left.yes, right.yes)
            and same(world, left.no, right.no)
        )
    return world.equal(left, right)


def leaves(tree: Any) -> int:
    """How many cases a tree has."""
    return leaves(tree.yes) + leaves(tree.no) if isinstance(tree, Split) else 1


def either(holds: bool, yes: Any, no: Any) -> Any:
    """The one or the other, for leaves."""
    return yes if holds else no
