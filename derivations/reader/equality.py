"""An equality between two trees as a claim: what each side means, and under what conditions."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Sum

from derivations.array import Array, Misfit
from derivations.claim import Claim, Condition
from derivations.indices import Index
from derivations.reader.definitions import free_indices, unfolded_size
from derivations.reader.elaborate import Here, IllTyped, number
from derivations.reader.elaborate.condition import conditions, trailing
from derivations.reader.elaborate.shape import is_zero
from derivations.reader.letters import with_letters
from derivations.reader.limits import MOST_UNFOLDED
from derivations.reader.meaning import Scope
from derivations.reader.problem import Unreadable
from derivations.reader.syntax import Node
from derivations.reader.written import written


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
class _Side:
    """A side that was read."""

    value: Array | Misfit
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]


def claimed(equality: Equality, name: str, part: str, place: str, title: str = "") -> Claim:
    """The equality as a claim; raises Unreadable where it cannot be told what it says."""
    claim, _ = claimed_with_notes(equality, name, part, place, title)
    return claim


def claimed_with_notes(
    equality: Equality, name: str, part: str, place: str, title: str = ""
) -> tuple[Claim, tuple[str, ...]]:
    """The claim, and notes on how it was read where it could have been meant otherwise."""
    left, right = (_read(side, equality.scope) for side in (equality.left, equality.right))
    fitted = _fitted(left.value, right.value)
    sides = _lettered(fitted, equality.scope)
    for value, node in zip(sides, (equality.left, equality.right), strict=True):
        if isinstance(value, Array) and unfolded_size(value.entry) > MOST_UNFOLDED:
            what = f"larger than {MOST_UNFOLDED} when its definitions are written out"
            raise Unreadable(node.at, written(node)[:40], what)
    everything = dict.fromkeys((*equality.assumed, *left.conditions, *right.conditions))
    claim = Claim(name, part, place, title or equality.latex, *sides, tuple(everything))
    return claim, tuple(dict.fromkeys((*left.notes, *right.notes, *_hidden(fitted))))


def side_conditions(node: Node, scope: Scope) -> tuple[Condition, ...]:
    """The conditions in parentheses at the end of a side."""
    here = Here(scope)
    return conditions(trailing(node, here)[1], here)


def _read(node: Node, scope: Scope) -> _Side:
    here = Here(scope)
    inside, relations = trailing(node, here)
    assumed = conditions(relations, here)
    try:
        value: Array | Misfit = number(inside, here)
    except IllTyped as error:
        value = error.misfit
    return _Side(value, assumed, tuple(here.notes))


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


def _hidden(sides: tuple[Array | Misfit, ...]) -> list[str]:
    """Letters that are bound in a sum and free beside it."""
    arrays = [side for side in sides if isinstance(side, Array)]
    free = {index for array in arrays for index in free_indices(array)}
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
