"""Generic traversal of terms: their parts, the same term with other parts, members replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction

from derivations.language.tree import (
    Comparison,
    IndexVariable,
    ListEntry,
    Member,
    Number,
    Numbered,
    Offset,
    Plus,
    Ranged,
    Rows,
    Table,
    Term,
    Variable,
)

Value = object
Members = Mapping[IndexVariable, Member]
Renamed = Mapping[IndexVariable, IndexVariable]


def parts(term: Term) -> tuple[Term, ...]:
    """The terms directly inside a term, in their order; definitions are not entered."""
    return tuple(_terms([getattr(term, name) for name in _names(type(term))]))


_NAMES: dict[type[Term], tuple[str, ...]] = {}


def _names(kind: type[Term]) -> tuple[str, ...]:
    """The fields of a node in which there is something, all but its place in the text."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(each.name for each in fields(kind) if each.compare)
    return _NAMES[kind]


def _terms(values: Sequence[Value]) -> Iterator[Term]:
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
            match put:
                case None | IndexVariable():
                    return Offset(put, by)
                case Numbered(value):
                    return Offset(None, Plus((Number(Fraction(value)), by)))
                case Offset(inner, before):
                    return Offset(inner, Plus((before, by)))
            raise TypeError(f"an offset of {put}")
        case Numbered():
            return member


def with_variables(term: Term, values: Mapping[Variable, Variable]) -> Term:
    """The term with free variables renamed; the bodies of its definitions stay as they are."""

    def put(value: Value) -> Value:
        match value:
            case Variable():
                return values.get(value, value)
            case Term():
                return with_variables(value, values)
            case tuple():
                new = tuple(put(each) for each in value)
                return value if all(a is b for a, b in zip(value, new, strict=True)) else new
        return value

    return _changed(term, put)


def binders(term: Term) -> tuple[IndexVariable, ...]:
    """The index variables that a node binds; a sum's bounds do not mention its own."""
    match term:
        case Ranged(over=over) | Rows(over=over):
            return (over,)
        case Table(axes=axes):
            return tuple(axis for axis in axes if axis is not None)
    return ()


def members(term: Term) -> tuple[Member, ...]:
    """The members directly inside a term, in their order: subscripts, labels, what is compared."""
    bound = ("over", "axes") if isinstance(term, Ranged | Rows | Table) else ()
    names = (name for name in _names(type(term)) if name not in bound)
    return tuple(_members([getattr(term, name) for name in names]))


def _members(values: Sequence[Value]) -> Iterator[Member]:
    for value in values:
        match value:
            case IndexVariable() | Numbered() | ListEntry() | Offset():
                yield value
            case Comparison(left, right):
                yield from (left, right)
            case tuple():
                yield from _members(value)


def same(left: Value, right: Value, names: Renamed | None = None) -> bool:
    """Whether two terms are one up to the names of what they bind (alpha-equivalence)."""
    names = names or {}
    if isinstance(left, IndexVariable) and isinstance(right, IndexVariable):
        return names[left] is right if left in names else left is right not in names.values()
    if isinstance(left, tuple) and isinstance(right, tuple):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(same(one, other, names) for one, other in pairs)
    structured = Term | ListEntry | Offset | Comparison
    if not isinstance(left, structured) or type(left) is not type(right):
        return left == right
    if isinstance(left, Term) and isinstance(right, Term):
        mine, others = binders(left), binders(right)
        if [each.space for each in mine] != [each.space for each in others]:
            return False
        names = {**names, **dict(zip(mine, others, strict=True))}
    inside = [each.name for each in fields(left) if each.compare]
    return all(same(getattr(left, name), getattr(right, name), names) for name in inside)
