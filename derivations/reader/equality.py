"""An equality between two syntax trees as a claim: what each side says, under what conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derivations.claim import Claim, Condition
from derivations.data_conditions import OfData
from derivations.language.free import free_in
from derivations.language.rewrite import parts
from derivations.language.tree import IndexVariable, Misfit, Sum, Term, Zeros
from derivations.reader.elaborate.arithmetic import is_unsized, is_zero, sized
from derivations.reader.elaborate.environment import Environment, IllFormed, loosely, resolve
from derivations.reader.elaborate.indexing import conditions, trailing
from derivations.reader.measure import measured
from derivations.reader.problem import Unreadable
from derivations.reader.scope import Scope
from derivations.reader.syntax import Node
from derivations.reader.written import written

NOTHING = (Misfit("", "", ""), Misfit("", "", ""))  # where the sides are still to come


@dataclass(frozen=True)
class Equality:
    """Two sides as terms, the scope they were read in, and what is assumed there.

    ``loose`` has terms that are not `is_fit` for sides without a meaning, where there are some.
    """

    left: Term | Misfit
    right: Term | Misfit
    scope: Scope
    assumed: tuple[Condition, ...] = ()
    loose: tuple[Term | None, Term | None] = (None, None)


@dataclass(frozen=True)
class Side:
    """What a side was read as, under which conditions of its own, and with what notes.

    ``loose`` is a term that is not `is_fit` for one without a meaning, where there is one.
    """

    node: Node
    value: Term | Misfit
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]
    loose: Term | None = None


def side(node: Node, scope: Scope) -> Side:
    """What a side says; raises Unreadable where that cannot be told, or is too large."""
    here = Environment(scope)
    inside, relations = trailing(node, here)
    assumed = conditions(relations, here)
    loose: Term | None = None
    try:
        value: Term | Misfit = resolve(inside, here)
    except IllFormed as error:
        value, loose = error.misfit, _read_loosely(inside, scope)
    excess = measured(value).excess if isinstance(value, Term) else ""
    if excess:
        raise Unreadable(node.at, written(node)[:40], excess)
    return Side(node, value, assumed, tuple(here.notes), loose)


def _read_loosely(node: Node, scope: Scope) -> Term | None:
    """A side without a meaning as a term that can be mended; None where there is none."""
    try:
        with loosely():
            found = resolve(node, Environment(scope))
    except (IllFormed, Unreadable):
        return None
    return None if is_unsized(found) or measured(found).excess else found


def equated(claim: Claim, left: Side, right: Side) -> Claim:
    """The claim with these sides, under its own conditions and theirs."""
    one, other = fitted_sides(left, right)
    everything = dict.fromkeys((*claim.conditions, *left.conditions, *right.conditions))
    concerned = tuple(each for each in everything if _concerns(each, one, other))
    return replace(claim, left=one, right=other, conditions=concerned)


def _concerns(condition: Condition, *sides: Term | Misfit) -> bool:
    """Whether a condition has to do with the sides: what it says data of stands in one of them."""
    if not isinstance(condition, OfData):
        return True
    free = free_in(*(side for side in sides if isinstance(side, Term)))
    return condition.of.name in {variable.name for variable in free.variables}


def fitted_sides(left: Side, right: Side) -> tuple[Term | Misfit, Term | Misfit]:
    """Both sides, what fits any shape in the shape of the other one."""
    one, other = left.value, right.value
    if isinstance(one, Term) and isinstance(other, Term):
        one, other = fitted_to(one, other), fitted_to(other, one)
    for value, given in ((one, left), (other, right)):
        if isinstance(value, Term) and is_unsized(value):
            what = "of which size is this identity matrix?"
            raise Unreadable(given.node.at, written(given.node), what, "declare its matrix")
    return one, other


def fitted_to(term: Term, other: Term) -> Term:
    """A zero that was written, or an identity matrix, in the shape of the other side."""
    if term.shape or not other.shape:
        return term
    if is_zero(term):
        return Zeros(other.shape)
    row, column = other.shape
    if is_unsized(term) and row is not None and row == column:
        return sized(term, row)
    return term


def notes(left: Side, right: Side) -> tuple[str, ...]:
    """How the sides were read where they could have been meant otherwise."""
    return tuple(dict.fromkeys((*left.notes, *right.notes, *_hidden(left.value, right.value))))


def _hidden(*values: Term | Misfit) -> list[str]:
    """Letters that are bound in a sum and free beside it."""
    terms = [value for value in values if isinstance(value, Term)]
    free = {variable.latex: variable.name for term in terms for variable in free_in(term).indices}
    bound = {variable.latex for term in terms for variable in bound_letters(term)}
    return [
        f"{name} is free, and bound in a sum: inside the sum it is the bound one"
        for latex, name in sorted(free.items())
        if latex and latex in bound
    ]


def bound_letters(term: Term) -> Iterator[IndexVariable]:
    """The letters that the sums of a term bind."""
    if isinstance(term, Sum):
        yield term.over
    for part in parts(term):
        yield from bound_letters(part)
