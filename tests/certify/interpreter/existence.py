"""A slope written as a number has to be said to exist: where it does not, the number is anything.

It has to exist at every member of the sums around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from tests.certify.interpreter.elaborate import IllTyped
from tests.certify.interpreter.syntax import (
    Apply,
    Binding,
    Implies,
    Name,
    Relation,
    Scoped,
    Term,
)

SLOPES = {"partial": "ex_partial", "partial2": "ex_partial2", "Derive": "ex_derive"}
Range = tuple[str, Term, Term]
Existence = tuple[tuple[Range, ...], Term]


def require_existence(says: Term, existing: list[Term]) -> None:
    """Raise IllTyped unless ``existing`` says that the slopes in ``says`` exist, and no more."""
    wanted, stated = list(_wanted(says, ())), [_stated(each) for each in existing]
    if any(each not in stated for each in wanted) or any(each not in wanted for each in stated):
        raise IllTyped(f"slopes in it: {wanted}; said to exist: {stated}")


def is_existence(term: Term) -> bool:
    """Whether a term says of slopes that they exist."""
    while isinstance(term, Binding | Implies):
        term = term.body if isinstance(term, Binding) else term.conclusion
    match term:
        case Apply(Name(said), _):
            return said in SLOPES.values()
    return False


def _wanted(term: object, around: tuple[Range, ...]) -> Iterator[Existence]:
    """The slopes in a term, each with the sums around it."""
    match term:
        case Apply(Name("Sum"), (low, high, Binding("fun", ((name, _),), body))):
            yield from _wanted((low, high), around)
            yield from _wanted(body, (*around, (name, low, high)))
            return
        case Apply(Name(slope), arguments) if slope in SLOPES:
            yield around, Apply(Name(SLOPES[slope]), arguments)
    if isinstance(term, tuple):
        for each in term:
            yield from _wanted(each, around)
    elif is_dataclass(term):
        for field in fields(term):
            yield from _wanted(getattr(term, field.name), around)


def _stated(existence: Term) -> Existence:
    """What is said to exist, and the ranges it is said for."""
    ranges: list[Range] = []
    names: list[str] = []
    while isinstance(existence, Binding | Implies):
        if isinstance(existence, Binding):
            names += [name for name, _ in existence.names]
            existence = existence.body
            continue
        match existence.premise:
            case Scoped(Relation((low, Name(name), high), ("<=", "<=")), "Z"):
                ranges.append((name, low, high))
            case other:
                raise IllTyped(f"a slope exists only where {other}")
        existence = existence.conclusion
    if names != [name for name, *_ in ranges]:
        raise IllTyped(f"{names} are said to be in {ranges}")
    return tuple(ranges), existence
