"""An equality between two trees as a claim: what each side means, and under what conditions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Sum

from derivations.claim import Claim, Condition
from derivations.indices import Index, free_indices
from derivations.language.names import Names
from derivations.reader.array import Array, Misfit
from derivations.reader.elaborate import Here, IllTyped, number
from derivations.reader.elaborate.condition import conditions, trailing
from derivations.reader.elaborate.shape import is_zero
from derivations.reader.letters import with_letters
from derivations.reader.meaning import Scope
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.reader.unfolded import measured
from derivations.reader.written import written

NOTHING = (Misfit("", "", ""), Misfit("", "", ""))  # where the sides are still to come


@dataclass(frozen=True)
class Equality:
    """Two sides as they were written, where they stand, and what is assumed there."""

    left: Node
    right: Node
    scope: Scope
    assumed: tuple[Condition, ...] = ()

    @property
    def latex(self) -> str:
        """Both sides in the one spelling that trees are written in."""
        return f"{written(self.left)} = {written(self.right)}"


@dataclass(frozen=True)
class Meaning:
    """What a side was read as, under which conditions of its own, and with what notes."""

    node: Node
    value: Array | Misfit
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]


def claimed(equality: Equality, name: str, part: str, place: str) -> Claim:
    """The equality as a claim; raises Unreadable where it cannot be told what it says."""
    left, right = (meaning(side, equality.scope) for side in (equality.left, equality.right))
    bare = Claim(name, part, place, equality.latex, *NOTHING, equality.assumed)
    return equated(bare, left, right, equality.scope)


def equated(claim: Claim, left: Meaning, right: Meaning, scope: Scope) -> Claim:
    """The claim with these sides, under its own conditions and theirs."""
    sides = _lettered(_fitted(left.value, right.value), scope)
    everything = dict.fromkeys((*claim.conditions, *left.conditions, *right.conditions))
    return replace(
        claim, left=sides[0], right=sides[1], conditions=tuple(everything), names=_names(scope)
    )


def notes(left: Meaning, right: Meaning) -> tuple[str, ...]:
    """How the sides were read where they could have been meant otherwise."""
    return tuple(dict.fromkeys((*left.notes, *right.notes, *_hidden(left.value, right.value))))


def meaning(node: Node, scope: Scope) -> Meaning:
    """What a side says; raises Unreadable where that cannot be told, or is too large."""
    here = Here(scope)
    inside, relations = trailing(node, here)
    assumed = conditions(relations, here)
    try:
        value: Array | Misfit = number(inside, here)
    except IllTyped as error:
        value = error.misfit
    excess = measured(value.entry).excess if isinstance(value, Array) else ""
    if excess:
        raise Unreadable(node.at, written(node)[:40], excess)
    return Meaning(node, value, assumed, tuple(here.notes))


def _names(scope: Scope) -> Names:
    return Names(tuple((index.name, index.space) for index in scope.letters.values()))


def _fitted(left: Array | Misfit, right: Array | Misfit) -> tuple[Array | Misfit, Array | Misfit]:
    """A literal zero takes the shape of the other side."""
    if isinstance(left, Array) and isinstance(right, Array):
        if is_zero(right):
            return left, replace(right, axes=left.axes)
        if is_zero(left):
            return replace(left, axes=right.axes), right
    return left, right


def _lettered(
    sides: tuple[Array | Misfit, Array | Misfit], scope: Scope
) -> tuple[Array | Misfit, Array | Misfit]:
    """Both sides with letters for their axes."""
    found = iter(with_letters([side for side in sides if isinstance(side, Array)], scope))
    left, right = (next(found) if isinstance(side, Array) else side for side in sides)
    return left, right


def _hidden(*sides: Array | Misfit) -> list[str]:
    """Letters that are bound in a sum and free beside it."""
    arrays = [side for side in sides if isinstance(side, Array)]
    free = {index for array in arrays for index in free_indices(array.entry)}
    bound = {
        limit[0]
        for array in arrays
        for node in array.entry.atoms(Sum)
        for limit in node.limits
        if isinstance(limit[0], Index)
    }
    # axes have primed names, which nobody wrote
    names = sorted(index.name for index in free & bound if not index.name.endswith("'"))
    return [
        f"{name} is free, and bound in a sum: inside the sum it is the bound one" for name in names
    ]
