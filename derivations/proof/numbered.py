"""Members of index sets that terms tell apart by number: what renaming the members would change.

The same is read off index notation (`size_signature.py`). Here it is read off the terms themselves,
so that no instance is left out because one of their meanings lost a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import chain

from sympy import Symbol

from derivations.indices import IndexSet
from derivations.language.tree import (
    ArbitraryCall,
    Argument,
    Axis,
    Call,
    Comparison,
    Definition,
    Entry,
    IndexNumber,
    IndexVariable,
    ListEntry,
    Member,
    Numbered,
    Offset,
    Parameter,
    Ranged,
    Row,
    Term,
    remembered,
)

MOST = 4  # a member with a larger number is looked at only where sizes go that far
Given = Iterator[tuple[IndexSet, int | None]]


def least_sizes(*terms: Term) -> dict[str, int]:
    """The least sizes at which all members exist that terms give by their numbers."""
    found: dict[str, int] = {}
    for space, number in chain.from_iterable(map(_picks, terms)):
        counted = space.lower == 1 and isinstance(space.upper, Symbol)
        if counted and number is not None and number <= MOST:
            found[space.upper.name] = max(number, found.get(space.upper.name, 0))
    return found


def told_apart(*terms: Term) -> frozenset[IndexSet]:
    """The sets of which terms tell the members apart by more than which of them are equal."""
    return frozenset(space for term in terms for space, _ in _picks(term))


@remembered
def _picks(term: Term) -> tuple[tuple[IndexSet, int | None], ...]:
    return tuple(_given(term, set()))


def _given(value: object, seen: set[Definition]) -> Given:
    """Sets whose members are told apart, with the number of one that is picked from the set."""
    match value:
        case Entry(of, members):
            yield from _picked([axis for axis in of.shape if axis is not None], members)
        case Row(of, member):
            yield from _picked(of.shape[:1], (member,))
        case ListEntry(words, at):
            yield from _picked((words.places,), (at,))
        case Call(definition, arguments):
            yield from _picked_for(definition.parameters, arguments)
        case ArbitraryCall(function, arguments):
            yield from _picked_for(function.parameters, arguments)
        case Offset(of):
            yield from ((space, None) for space in _spaces(of))
        case IndexNumber(member):
            yield from ((space, None) for space in _spaces(member))
        case Ranged(over=over, lower=lower, upper=upper) if lower is not None or upper is not None:
            yield over.space, None
        case Comparison(left, right):
            spaces = {*_spaces(left), *_spaces(right)}
            if len(spaces) > 1 or any(isinstance(each, Numbered) for each in (left, right)):
                yield from ((space, None) for space in spaces)
        case Definition(body=body) if value not in seen:
            seen.add(value)
            yield from _given(body, seen)
    if isinstance(value, Term | ListEntry | Offset | Comparison):
        for each in fields(value):
            yield from _given(getattr(value, each.name), seen)
    elif isinstance(value, tuple):
        for part in value:
            yield from _given(part, seen)


def _picked_for(parameters: Iterable[Parameter], arguments: Iterable[Argument]) -> Given:
    for parameter, argument in zip(parameters, arguments, strict=True):
        if isinstance(parameter, IndexVariable) and not isinstance(argument, Term):
            yield from _picked((parameter.space,), (argument,))


def _picked(axes: Iterable[Axis], members: Iterable[Member]) -> Given:
    """Sets out of which a member is picked by its number, or as a member of another set."""
    for axis, member in zip(axes, members, strict=True):
        if axis is not None and isinstance(member, Numbered):
            yield axis, member.value
        elif axis is not None and any(space != axis for space in _spaces(member)):
            yield from ((space, None) for space in (axis, *_spaces(member)))


def _spaces(member: Member | None) -> tuple[IndexSet, ...]:
    """The set that a member is one of, where it says so."""
    match member:
        case IndexVariable(space=space):
            return (space,)
        case ListEntry(words):
            return (words.values,)
        case Offset(of):
            return _spaces(of)
    return ()
