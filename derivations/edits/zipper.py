"""Positions in a term (a zipper): what stands there, and the term with another one there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derivations.language.traversal import binders, parts
from derivations.language.tree import (
    Derivative,
    Entry,
    IndexVariable,
    MatrixProduct,
    Negative,
    Plus,
    Quotient,
    Ranged,
    Row,
    Term,
    Times,
)
from derivations.language.unfit import bare, with_any_parts
from derivations.reader.scope import Scope


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
