"""Free variables of a term: what it mentions that nothing in it binds, in its definitions too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from weakref import WeakKeyDictionary

from sympy import Expr

from derivations.indices import Index, IndexSet, free_indices
from derivations.language.tree import (
    Arbitrary,
    Array,
    Comparison,
    Definition,
    Derivative,
    Entry,
    IndexVariable,
    ListEntry,
    Offset,
    Ranged,
    Reference,
    Row,
    Rows,
    Size,
    Slice,
    Table,
    Target,
    Term,
    Variable,
    WordList,
    remembered,
)

Bound = frozenset[IndexVariable | Variable]
NOTHING: Bound = frozenset()


@dataclass
class Free:
    """What is free in a term, in the order met.

    ``letters`` are the free indices of arrays typed in Python; ``spaces`` are all index sets, of
    bound indices and of axes as well; ``varied`` is what derivatives are taken by. ``names`` are
    all names that a bound index may not have: those of the free ones, of sizes, lists and
    functions.
    """

    indices: dict[IndexVariable, None] = field(default_factory=dict)
    letters: dict[Index, None] = field(default_factory=dict)
    variables: dict[Variable, None] = field(default_factory=dict)
    lists: dict[WordList, None] = field(default_factory=dict)
    functions: dict[Arbitrary, None] = field(default_factory=dict)
    spaces: dict[IndexSet, None] = field(default_factory=dict)
    varied: dict[Variable, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def visit(self, value: object, bound: Bound = NOTHING) -> None:
        """Add what is free in a term, a member, or anything else that terms are made of."""
        match value:
            case IndexVariable(space=space, name=name):
                self.visit(space)
                if value not in bound:
                    self.indices[value] = None
                    self.names.add(name)
            case Variable(shape=shape, name=name, over=over):
                self.visit((*shape, over))
                if value not in bound:
                    self.variables[value] = None
                    self.names.add(name)
            case WordList(name=name, values=values, places=places):
                self.lists[value] = None
                self.names.add(name)
                self.visit((values, places))
            case IndexSet(lower=lower, upper=upper) if value not in self.spaces:
                self.spaces[value] = None
                self.names |= {symbol.name for end in (lower, upper) for symbol in end.free_symbols}
            case Definition(name=name):
                self.names.add(name)
                self._add(free_in_definition(value))
            case Arbitrary(name=name):
                self.functions[value] = None
                self.names.add(name)
            case Array(entry=entry, axes=axes):
                self._array(entry, {axis for axis in axes if axis is not None})
            case Size(name=name):
                self.names.add(name)
            case Ranged(over=over, body=body, lower=lower, upper=upper, where=where):
                self.visit((lower, upper), bound)
                self.visit((over, body, where), bound | {over})
            case Table(axes=axes, body=body):
                self.visit((axes, body), bound.union(axis for axis in axes if axis is not None))
            case Derivative(of=of, by=by):
                self.varied |= dict.fromkeys(_varied(by))
                self.visit((of, by), bound)
            case Rows(over=over, body=body):
                self.visit((over, body), bound | {over})
            case tuple():
                for each in value:
                    self.visit(each, bound)
            case Term() | ListEntry() | Offset() | Comparison():
                for each in fields(value):
                    self.visit(getattr(value, each.name), bound)

    def _array(self, entry: Expr, axes: set[Index]) -> None:
        letters = {letter for letter in free_indices(entry) if letter not in axes}
        self.letters.update(dict.fromkeys(sorted(letters, key=str)))
        others = {symbol for symbol in entry.free_symbols if not isinstance(symbol, Index)}
        self.names |= {symbol.name for symbol in letters | others}
        for axis in axes | letters:
            self.visit(axis.space)

    def _add(self, other: Free) -> None:
        self.indices.update(other.indices)
        self.letters.update(other.letters)
        self.variables.update(other.variables)
        self.lists.update(other.lists)
        self.functions.update(other.functions)
        self.spaces.update(other.spaces)
        self.varied.update(other.varied)
        self.names |= other.names


def _varied(by: Target) -> Iterator[Variable]:
    """The variable that a derivative is taken by, if it is one."""
    of = by.of if isinstance(by, Entry | Row) else by
    if isinstance(of, Reference | Slice):
        yield of.variable


_OF_DEFINITION: WeakKeyDictionary[Definition, Free] = WeakKeyDictionary()


def free_in_definition(definition: Definition) -> Free:
    """What is free in the body of a definition, its parameters left out."""
    if definition not in _OF_DEFINITION:
        found = Free()
        found.visit(definition.body, frozenset(definition.parameters))
        _OF_DEFINITION[definition] = found
    return _OF_DEFINITION[definition]


def free_in(*terms: Term) -> Free:
    """What is free in some terms."""
    if len(terms) == 1:
        return _free_in(terms[0])
    found = Free()
    for term in terms:
        found._add(_free_in(term))
    return found


@remembered
def _free_in(term: Term) -> Free:
    found = Free()
    found.visit(term)
    return found
