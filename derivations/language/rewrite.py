"""Generic traversal of terms: parts, positions and members, and the same term with others there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from derivations.language.tree import (
    Call,
    Comparison,
    Definition,
    IndexVariable,
    ListEntry,
    Mapped,
    Member,
    Numbered,
    Offset,
    Rows,
    Sum,
    Table,
    Term,
)

Value = object
Members = Mapping[IndexVariable, Member]
Letters = frozenset[IndexVariable]


def parts(term: Term) -> tuple[Term, ...]:
    """The terms directly inside a term, in their order; definitions are not entered."""
    return tuple(_terms(getattr(term, each.name) for each in fields(term)))


def _terms(values: Iterator[Value] | Sequence[Value]) -> Iterator[Term]:
    for value in values:
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple):
            yield from _terms(value)
        elif isinstance(value, Offset):
            yield value.by


def with_parts(term: Term, new: Sequence[Term]) -> Term:
    """The same node with other terms inside, given in the order of `parts`.

    Raises IllTyped where they do not fit.
    """
    waiting = iter(new)

    def put(value: Value) -> Value:
        if isinstance(value, Term):
            return next(waiting)
        if isinstance(value, tuple):
            return tuple(put(each) for each in value)
        if isinstance(value, Offset):
            return Offset(value.of, next(waiting))
        return value

    return _changed(term, put)


def _changed(term: Term, put: Callable[[Value], Value]) -> Term:
    changed = {each.name: put(getattr(term, each.name)) for each in fields(term)}
    if all(changed[each.name] is getattr(term, each.name) for each in fields(term)):
        return term
    return replace(term, **changed)  # type: ignore[arg-type]  # each put gives back its kind


@dataclass(frozen=True)
class Position:
    """A term inside another one, with what it stands in from the outermost on.

    ``path`` has the number of the part that is gone into at each step.
    """

    term: Term
    path: tuple[int, ...] = ()
    above: tuple[Term, ...] = ()


def positions(term: Term) -> Iterator[Position]:
    """Every term inside a term, outer ones first; definitions are not entered."""
    yield from _positions(Position(term))


def _positions(position: Position) -> Iterator[Position]:
    yield position
    above = (*position.above, position.term)
    for number, part in enumerate(parts(position.term)):
        yield from _positions(Position(part, (*position.path, number), above))


def members(term: Term) -> tuple[Member, ...]:
    """The members directly inside a term, in their order: subscripts, labels, what is compared."""
    bound = ("over", "axes") if isinstance(term, Sum | Rows | Table) else ()
    return tuple(_members(getattr(term, f.name) for f in fields(term) if f.name not in bound))


def _members(values: Iterator[Value] | Sequence[Value]) -> Iterator[Member]:
    for value in values:
        match value:
            case IndexVariable() | Numbered() | ListEntry() | Offset():
                yield value
            case Comparison(left, right):
                yield from (left, right)
            case tuple():
                yield from _members(value)


def binders(term: Term) -> tuple[IndexVariable, ...]:
    """The index variables that a node binds."""
    match term:
        case Sum(over=over) | Rows(over=over):
            return (over,)
        case Table(axes=axes):
            return tuple(axis for axis in axes if axis is not None)
    return ()


def free_letters(term: Term) -> Letters:
    """The index variables that are free in a term, those its definitions mention included."""
    return _free(term, {})


def _free(
    term: Term, known: dict[Definition, frozenset[IndexVariable]]
) -> frozenset[IndexVariable]:
    found = Letters().union(*(_letters(each) for each in members(term)))
    found = found.union(*(_free(part, known) for part in parts(term)))
    if isinstance(term, Call | Mapped):
        made = term.definition
        if made not in known:
            known[made] = _free(made.body, known).difference(made.parameters)
        found |= known[made]
    return found.difference(binders(term))


def _letters(member: Member) -> Letters:
    match member:
        case IndexVariable():
            return frozenset({member})
        case ListEntry(_, at):
            return _letters(at)
        case Offset(of, by):
            inside = free_letters(by)
            return inside if of is None else inside | {of}
        case Numbered():
            return frozenset()


def with_members(term: Term, values: Members) -> Term:
    """The term with free index variables replaced by members.

    Nothing is captured: a binder is an object, and no member outside its scope mentions it.
    """
    if not values:
        return term

    def put(value: Value) -> Value:
        match value:
            case IndexVariable():
                return values.get(value, value)
            case Numbered():
                return value
            case ListEntry() | Offset():
                return member_with(value, values)
            case Comparison(left, right, negated):
                return Comparison(member_with(left, values), member_with(right, values), negated)
            case Term():
                return with_members(value, values)
            case tuple():
                new = tuple(put(each) for each in value)
                return value if all(a is b for a, b in zip(value, new, strict=True)) else new
        return value

    return _changed(term, put)


def member_with(member: Member, values: Members) -> Member:
    """The member with index variables in it replaced."""
    match member:
        case IndexVariable():
            return values.get(member, member)
        case ListEntry(words, at):
            return ListEntry(words, member_with(at, values))
        case Offset(of, by):
            by = with_members(by, values)
            put = values.get(of, of) if of is not None else None
            if put is None or isinstance(put, IndexVariable):
                return Offset(put, by)
            raise TypeError(f"an offset of {put}")
        case Numbered():
            return member


def replaced(term: Term, path: Sequence[int], new: Term) -> Term:
    """The term with another one at a position; raises IllTyped where it does not fit."""
    if not path:
        return new
    inside = list(parts(term))
    inside[path[0]] = replaced(inside[path[0]], path[1:], new)
    return with_parts(term, inside)
