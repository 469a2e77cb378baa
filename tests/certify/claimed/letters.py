"""What a claim is about: its sides and its letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sympy import Basic, Expr, Indexed, Symbol, preorder_traversal

from derivations.claim import Claim, Equal, NotAmong, Unequal
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.index_form import entry_of
from derivations.language.index_nodes import Opaque, substitute, unfold
from derivations.language.tree import Call, Derivative, Term
from tests.certify.claimed.entries import Entry, entries_of, free_in, read
from tests.certify.claimed.point import Place, Point


@dataclass(frozen=True)
class Subject:
    """The two sides of a well-typed claim, definitions opened, with what they mention."""

    claim: Claim

    @cached_property
    def sides(self) -> tuple[Expr, Expr]:
        return self.claim.sides.left, self.claim.sides.right

    @cached_property
    def mentioned(self) -> tuple[Expr, ...]:
        """All expressions: sides, axes and conditions."""
        found = [*map(unfold, self.sides), *self.claim.sides.axes, *self._differentiated_at]
        for condition in self.claim.conditions:
            if isinstance(condition, Equal | Unequal):
                found += [unfold(condition.left), unfold(condition.right)]
            elif isinstance(condition, NotAmong):
                found.append(unfold(condition.word))
        return tuple(found)

    @property
    def _differentiated_at(self) -> Iterator[Expr]:
        """One entry of what a derivative by what is defined is taken at."""
        left = self.claim.left
        if isinstance(left, Call) and isinstance(left.definition.body, Derivative):
            for argument in left.arguments:
                if isinstance(argument, Term):
                    entry, axes = entry_of(argument, self.claim.names)
                    yield unfold(substitute(entry, {axis: axis.space.lower for axis in axes}))

    @cached_property
    def free(self) -> set[Symbol]:
        """All symbols that no sum binds, those in bounds of index sets included."""
        found = {symbol for each in self.mentioned for symbol in free_in(each)}
        spaces = {symbol.space for symbol in found if isinstance(symbol, Index)}
        spaces |= {base.space for base, _ in self.families if isinstance(base, WordArray)}
        return found.union(*(s.lower.free_symbols | s.upper.free_symbols for s in spaces))

    @cached_property
    def families(self) -> set[tuple[Basic, int]]:
        """Families of numbers and lists of words, with how many indices they take."""
        entries = {(each.base, len(each.indices)) for each in self._nodes(Indexed)}
        return entries | {(base, 2) for each in self._nodes(Opaque) for base in each.rows}

    @cached_property
    def functions(self) -> set[type[Opaque]]:
        return {type(each) for each in self._nodes(Opaque)}

    @property
    def sizes(self) -> list[Symbol]:
        found = [s for s in self.free if s.is_integer and not isinstance(s, Index)]
        return sorted(found, key=str)

    @property
    def indices(self) -> list[Index]:
        return sorted((s for s in self.free if isinstance(s, Index)), key=str)

    @property
    def scalars(self) -> list[Symbol]:
        return sorted((s for s in self.free if not s.is_integer), key=str)

    @property
    def lists(self) -> list[WordArray]:
        return sorted({b for b, _ in self.families if isinstance(b, WordArray)}, key=str)

    def read(self, point: Point) -> dict[Place, IndexSet]:
        """The entries of lists that can be read, with the set each is a member of."""
        return read(self.entries, point)

    @cached_property
    def entries(self) -> list[Entry]:
        return entries_of(self.mentioned)

    @property
    def placed_anywhere(self) -> set[str]:
        """Lists with several indices, whose places need not be given by one set each."""
        return {base.name for base, arity in self.families if arity > 1}

    def _nodes(self, kind: type) -> Iterator[Basic]:
        for each in self.mentioned:
            yield from (n for n in preorder_traversal(each) if isinstance(n, kind))
