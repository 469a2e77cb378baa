"""The letters of one claim: what is declared before its statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sympy import Basic, Derivative, Expr, Indexed, IndexedBase, Product, Sum, Symbol

from derivations.certify.coq_names import Names
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.index_nodes import Defined, Opaque

Family = tuple[IndexedBase, int]


@dataclass
class Letters:
    """Letters by kind, in the order met, each with its identifier.

    A family of numbers or words goes with how many indices it takes. ``places`` are the index
    sets that each place of a list of words is read at.
    """

    names: Names = field(default_factory=Names)
    sizes: dict[Symbol, str] = field(default_factory=dict)
    indices: dict[Index, str] = field(default_factory=dict)
    scalars: dict[Symbol, str] = field(default_factory=dict)
    families: dict[Family, str] = field(default_factory=dict)
    lists: dict[Family, str] = field(default_factory=dict)
    functions: dict[type[Opaque], str] = field(default_factory=dict)
    definitions: dict[type[Defined], str] = field(default_factory=dict)
    places: dict[Family, list[set[IndexSet]]] = field(default_factory=dict)

    def declare(self, node: Basic, bound: Iterable[Index] = ()) -> None:
        """Declare every letter that is free in an expression or in what it rests on."""
        for part in _free(node, frozenset(bound)):
            self._one(part)

    def bind(self, *letters: Basic) -> None:
        """Say that letters are bound where they stand, and are not to be declared."""
        self.families = {key: name for key, name in self.families.items() if key[0] not in letters}
        self.scalars = {key: name for key, name in self.scalars.items() if key not in letters}

    def _one(self, part: Basic) -> None:
        names = self.names
        if isinstance(part, Index):
            self._range(part.space)
            self.indices.setdefault(part, names.of(part, part.name))
        elif isinstance(part, Symbol):
            kind = self.sizes if part.is_integer else self.scalars
            kind.setdefault(part, names.of(part, part.name))
        elif isinstance(part, Indexed):
            self._family(part)
        elif isinstance(part, Opaque):
            for base in part.rows:
                family = base, part.depth(base)
                self.families.setdefault(family, names.of(family, str(base.label)))
            self.functions.setdefault(type(part), names.of(type(part), type(part).__name__))
        elif isinstance(part, Defined) and type(part) not in self.definitions:
            self.definitions[type(part)] = names.of(type(part), type(part).__name__)
            for inside in _free(part.body, frozenset(part.params)):
                self._one(inside)
            # what a body uses is stated before it
            self.definitions[type(part)] = self.definitions.pop(type(part))

    def _family(self, part: Indexed) -> None:
        key = (part.base, len(part.indices))
        name = self.names.of(key, str(part.base.label))
        if not isinstance(part.base, WordArray):
            self.families.setdefault(key, name)
            return
        self._range(part.base.space)
        self.lists.setdefault(key, name)
        places = self.places.setdefault(key, [set() for _ in part.indices])
        for known, index in zip(places, part.indices, strict=True):
            if isinstance(index, Index):
                known.add(index.space)

    def _range(self, space: IndexSet) -> None:
        for end in (space.lower, space.upper):
            self.declare(end)


def _free(node: Basic, bound: frozenset[Basic]) -> Iterator[Basic]:
    """The nodes of a tree that may have to be declared, those bound in it left out."""
    if isinstance(node, Sum | Product):
        for index, lower, upper in reversed(node.limits):
            yield from _free(lower, bound)
            yield from _free(upper, bound)
            bound |= {index}
        yield from _free(node.function, bound)
        return
    if isinstance(node, Symbol):
        if node not in bound:
            yield node
        return
    if isinstance(node, Indexed | Opaque | Defined):
        yield node
    if isinstance(node, Indexed):
        parts: tuple[Expr, ...] = node.indices
    else:
        parts = (*node.args, *(node.variables if isinstance(node, Derivative) else ()))
    for part in parts:
        if isinstance(part, Basic):
            yield from _free(part, bound)
