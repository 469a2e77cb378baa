"""Edit operators: one kind of small change, made at every position of a term (a zipper)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property

from derivations.language.traversal import binders, free_in, parts, with_members
from derivations.language.tree import (
    Call,
    Derivative,
    Entry,
    IndexVariable,
    ListEntry,
    MatrixProduct,
    Member,
    Negative,
    Numbered,
    Offset,
    Plus,
    Quotient,
    Ranged,
    Reference,
    Row,
    Size,
    Term,
    Times,
)
from derivations.language.unfit import bare, with_any_parts
from derivations.reader.environment import Named, Scope
from derivations.reader.unparser import latex


@dataclass(frozen=True)
class Position:
    """A node of a term, with the nodes around it from the outermost on.

    ``held`` is the node as a part of another one, held where its own parts do not fit. ``path``
    has the number of the part that is gone into at each step.
    """

    whole: Term
    held: Term
    path: tuple[int, ...] = ()
    above: tuple[Term, ...] = ()

    @property
    def term(self) -> Term:
        """The node itself."""
        return bare(self.held)

    @property
    def parent(self) -> Term | None:
        """The node it stands in directly."""
        return self.above[-1] if self.above else None

    @property
    def in_sign(self) -> bool:
        """Whether it stands in a bound of a sum, or in what a derivative is taken by."""
        steps = zip(self.above, self.path, strict=True)
        return any(isinstance(node, Ranged | Derivative) and step for node, step in steps)

    @property
    def in_name(self) -> bool:
        """Whether it is what a subscript picks from: ``u`` in ``u_w``."""
        return isinstance(self.parent, Entry | Row)

    @property
    def is_term(self) -> bool:
        """Whether a whole term stands here: a side, one of several terms, above or below a bar."""
        if self.in_sign or isinstance(self.term, Plus | Negative):
            return False
        return self.parent is None or isinstance(self.parent, Plus | Negative | Quotient)

    @property
    def is_product(self) -> bool:
        """Whether this is a product with all its factors."""
        if not isinstance(self.term, Times | MatrixProduct):
            return False
        return not (isinstance(self.parent, Times | MatrixProduct) and self.path[-1] == 0)

    def letters(self, scope: Scope) -> dict[str, IndexVariable]:
        """The letters that can be written here, bound ones first, which hide declared ones."""
        found: dict[str, IndexVariable] = {}
        for node in reversed(self.above):
            found = {**found, **{b.latex: b for b in binders(node) if b.latex not in {"", *found}}}
        return {**found, **{n: each for n, each in scope.letters.items() if n not in found}}

    def put(self, new: Term) -> Term:
        """The whole term with another one here."""
        return _put(self.whole, self.path, new)


def positions(term: Term) -> Iterator[Position]:
    """Every position, outer ones first; definitions are not entered."""
    yield from _within(Position(term, term))


def _within(position: Position) -> Iterator[Position]:
    yield position
    above = (*position.above, position.term)
    for number, part in enumerate(parts(position.term)):
        path = (*position.path, number)
        yield from _within(Position(position.whole, part, path, above))


def _put(term: Term, path: tuple[int, ...], new: Term) -> Term:
    if not path:
        return new
    inside = list(parts(bare(term)))
    inside[path[0]] = _put(inside[path[0]], path[1:], new)
    return with_any_parts(term, inside)


# An operator: one kind of small change, made at every position of a term where it can be.


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
