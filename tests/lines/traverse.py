"""Ways through terms: what is inside one, paths to it, and the names and members in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import get_args

from tests.lines.tree import (
    Between,
    Call,
    Comparison,
    End,
    Letter,
    Listed,
    Member,
    Moved,
    Name,
    Nth,
    Picked,
    Prime,
    Prod,
    SetName,
    Sum,
    Term,
    Whole,
)

Path = tuple[int, ...]


def children(term: Term) -> tuple[Term, ...]:
    """The terms right inside a term; members are none, what a derivative is taken by is one."""
    found: list[Term] = []
    for value in _values(term):
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Term):
                found.append(each)
    return tuple(found)


def with_children(term: Term, new: tuple[Term, ...]) -> Term:
    """The term with other terms right inside it, in the order of ``children``."""
    rest = iter(new)
    changed: dict[str, object] = {}
    for name in _FIELDS[type(term)]:
        value = getattr(term, name)
        if isinstance(value, tuple):
            inside = tuple(next(rest) if isinstance(each, Term) else each for each in value)
            changed[name] = inside
        elif isinstance(value, Term):
            changed[name] = next(rest)
    return replace(term, **changed) if changed else term  # type: ignore[arg-type]


_FIELDS = {kind: tuple(field.name for field in fields(kind)) for kind in get_args(Term)}


def _values(term: Term) -> list[object]:
    return [getattr(term, name) for name in _FIELDS[type(term)]]


def subterms(term: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """Every term in a term, itself first, with the way to it."""
    yield path, term
    for number, child in enumerate(children(term)):
        yield from subterms(child, (*path, number))


def put(term: Term, path: Path, new: Term) -> Term:
    """The term with another one at the end of a path."""
    if not path:
        return new
    inside = list(children(term))
    inside[path[0]] = put(inside[path[0]], path[1:], new)
    return with_children(term, tuple(inside))


def size_of(term: Term) -> int:
    """How many terms there are in a term."""
    return sum(1 for _ in subterms(term))


def members(term: Term) -> Iterator[Member]:
    """The members written right in a term, outside the terms inside it."""
    for value in _values(term):
        yield from _members(value)


def _members(value: object) -> Iterator[Member]:
    match value:
        case Letter() | Moved() | Nth() | End() | Listed() | SetName():
            yield value
        case Comparison(left, _, right):
            yield from (left, right)
        case Between(_, low, high):
            yield from (low, high)
        case tuple():
            for each in value:
                yield from _members(each)


def map_members(term: Term, change: Callable[[Member], Member]) -> Term:
    """The term with the members written right in it changed."""
    changed: dict[str, object] = {}
    for name in _FIELDS[type(term)]:
        old = getattr(term, name)
        new = _mapped(old, change)
        if new != old:
            changed[name] = new
    return replace(term, **changed) if changed else term  # type: ignore[arg-type]


def _mapped(value: object, change: Callable[[Member], Member]) -> object:
    match value:
        case Letter() | Moved() | Nth() | End() | Listed() | SetName():
            return change(value)
        case Comparison(left, sign, right):
            return Comparison(change(left), sign, change(right))
        case Between(axis, low, high):
            return Between(axis, change(low), change(high))
        case tuple():
            return tuple(_mapped(each, change) for each in value)
    return value


def letter_in(member: Member) -> str:
    """The letter in a member; empty where there is none."""
    match member:
        case Letter(name):
            return name
        case Moved(of, _) | Listed(_, of):
            return of.name
        case SetName(_, at):
            return at.name if at is not None else ""
    return ""


def names_in(term: Term) -> set[str]:
    """Every name and letter that occurs in a term, bound or free."""
    found: set[str] = set()
    for _, each in subterms(term):
        found.update(own_names(each))
    return found


def own_names(term: Term) -> set[str]:
    """The names written right in a term."""
    found = {letter_in(member) for member in members(term)} - {""}
    found |= {member.list for member in members(term) if isinstance(member, Listed)}
    found |= {member.size for member in members(term) if isinstance(member, End)}
    match term:
        case Name(name) | Call(name, _) | Prime(name, _) | Picked(name, _):
            found.add(name)
        case Sum(letter, Whole(axis) | Between(axis)) | Prod(letter, Whole(axis) | Between(axis)):
            found |= {letter, axis}
    return found
