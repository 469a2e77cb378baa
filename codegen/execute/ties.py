"""Cases that cannot be, or only where a number is zero.

A term and its negative are conditions of their own. That neither is at least zero cannot be. That
both are says that the term p is zero; two values are equal there if, with exp(p) = 1, the
numerator of their difference is a multiple of p.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from codegen.execute.tree import Split
from codegen.execute.world import World
from derivations.proof.field import Value

Holds = Mapping[int, bool]


def cases(tree: Any) -> Iterator[tuple[Holds, Value]]:
    """Each leaf of a tree, and the conditions that it stands under."""
    if not isinstance(tree, Split):
        yield {}, tree
        return
    for side, holds in ((tree.yes, True), (tree.no, False)):
        for conditions, value in cases(side):
            yield {tree.condition: holds, **conditions}, value


def differing(world: World, got: Any, want: Any) -> tuple[Value, Value, Holds] | None:
    """Two values of the first case in which two trees differ, and that case, if there is one."""
    for wanted, right in cases(want):
        for found, value in cases(restricted(got, wanted)):
            holds = {**wanted, **found}
            if not world.equal(value, right) and not _excused(world, holds, value, right):
                return value, right, holds
    return None


def restricted(tree: Any, holds: Holds) -> Any:
    """The tree where some conditions are known."""
    if not isinstance(tree, Split):
        return tree
    if tree.condition in holds:
        return restricted(tree.yes if holds[tree.condition] else tree.no, holds)
    return Split(tree.condition, restricted(tree.yes, holds), restricted(tree.no, holds))


def _excused(world: World, holds: Holds, value: Value, want: Value) -> bool:
    """Whether the case cannot be, or says that terms are zero, and the values are equal there."""
    known = {**world.decided, **holds}
    pairs = list(_opposites(world, known))
    if any(known[number] is known[other] is False for number, other in pairs):
        return True
    zeros = [world.conditions[n].numerator for n, other in pairs if known[n] and known[other]]
    return bool(zeros) and _vanishes(world, world.subtract(value, want).numerator, zeros)


def _opposites(world: World, known: Holds) -> Iterator[tuple[int, int]]:
    zero = world.field.constant(0)
    for number in known:
        for other in known:
            if number < other:
                left, right = (world.conditions[n] for n in (number, other))
                if world.equal(world.field.add(left, right), zero):
                    yield number, other


def _vanishes(world: World, difference: Any, terms: list[Any]) -> bool:
    """Whether a numerator is zero wherever the terms are: sure where it says so."""
    either = [*terms, *(-term for term in terms)]
    ones = {
        f"t{n}": 1
        for n, argument in world.field.arguments.items()
        if not argument.denominator and argument.numerator in either
    }
    rest = difference.subs(ones)
    for term in terms:
        _, rest = divmod(rest, term)
    return bool(rest.is_zero())
