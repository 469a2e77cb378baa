"""An operator: one kind of small change, made at every position of a term where it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from derivations.edits.zipper import Position, positions
from derivations.language.traversal import free_in, with_members
from derivations.language.tree import (
    Call,
    Entry,
    IndexVariable,
    ListEntry,
    Member,
    Numbered,
    Offset,
    Reference,
    Row,
    Size,
    Term,
)
from derivations.reader.scope import Named, Scope
from derivations.reader.unparser import latex

# what is changed at one position, in words, and what stands there then
Change = tuple[str, Term]


@dataclass(frozen=True)
class Surroundings:
    """What an edit may draw on: the names in scope, and both sides of the line."""

    scope: Scope
    sides: tuple[Term, ...]

    def latex(self, term: Term) -> str:
        """A term of the line in words of an edit."""
        return latex(term, self.scope)

    def named(self, term: Term) -> tuple[str, Named, tuple[Member, ...]] | None:
        """The declared name that a term is, with what it names and its subscripts."""
        for name, thing in self.scope.things.items():
            members = _matched(thing, term)
            if members is not None:
                return name, thing, members
        return None

    def is_named(self, term: Term) -> bool:
        """Whether a term is a name, with the subscripts it needs and no more."""
        return self.named(term) is not None

    def takes_no_vector(self, term: Call) -> bool:
        """Whether a declared function of numbers or labels is applied, as sigma and P."""
        return any(
            function.meaning is term.definition
            and not any(slot.vector or slot.fixed for slot in function.slots)
            for function in self.scope.functions.values()
        )

    def factors(self, here: Position) -> Iterator[Term]:
        """The names of numbers and vectors in the line, as what they would mean at a position."""
        letters = here.letters(self.scope)
        found = []
        for factor in self._factors:
            free = free_in(factor).indices
            values = {each: letters[each.latex] for each in free if each.latex in letters}
            if len(values) == len(free):
                found.append(with_members(factor, values))
        yield from dict.fromkeys(found)

    @cached_property
    def _factors(self) -> tuple[Term, ...]:
        found = (
            position.term
            for side in self.sides
            for position in positions(side)
            if not position.in_sign and not position.in_name and self._is_factor(position.term)
        )
        return tuple(dict.fromkeys(found))

    def _is_factor(self, term: Term) -> bool:
        if isinstance(term, Size):
            return False
        if isinstance(term, Entry):
            return isinstance(term.of, Reference | Row) or self.is_named(term.of)
        return self.is_named(term)


def _matched(thing: Named, term: Term) -> tuple[Member, ...] | None:
    """The members that the letters of a family have in a term; None where it is none of it."""
    found: dict[IndexVariable, Member] = {}
    if not _fits(thing.body, term, thing.letters, found):
        return None
    return tuple(found[letter] for letter in thing.letters)


def _fits(
    pattern: object,
    term: object,
    letters: tuple[IndexVariable, ...],
    found: dict[IndexVariable, Member],
) -> bool:
    if isinstance(pattern, IndexVariable) and pattern in letters:
        if not isinstance(term, IndexVariable | Numbered | ListEntry | Offset):
            return False
        return found.setdefault(pattern, term) == term
    if isinstance(pattern, tuple) and isinstance(term, tuple):
        pairs = list(zip(pattern, term, strict=False))
        return len(pattern) == len(term) and all(_fits(*pair, letters, found) for pair in pairs)
    if isinstance(pattern, Term) and type(pattern) is type(term):
        names = [each.name for each in fields(pattern) if each.compare]
        pairs = [(getattr(pattern, name), getattr(term, name)) for name in names]
        return all(_fits(*pair, letters, found) for pair in pairs)
    return pattern == term


def member_of(thing: Named, members: tuple[Member, ...]) -> Term:
    """The member of a family with these subscripts."""
    values: Mapping[IndexVariable, Member] = dict(zip(thing.letters, members, strict=True))
    return with_members(thing.body, values)


Local = Callable[[Position, Surroundings], Iterator[Change]]


@dataclass(frozen=True)
class Edit:
    """A changed term: the kind of change, and the change in words."""

    kind: str
    words: str
    term: Term


@dataclass(frozen=True)
class Operator:
    """A named function from a term to its variants."""

    kind: str
    local: Local

    def __call__(self, term: Term, around: Surroundings) -> Iterator[Edit]:
        """Every variant, outer positions first; never the term itself."""
        for position in positions(term):
            for words, new in self.local(position, around):
                changed = position.put(new)
                if changed != term:
                    yield Edit(self.kind, words, changed)
