"""Words that a condition makes the same are written as one before anything is argued.

Where one side of an `Equal` is a free index and the other one is a member of its index set for
sure, the index is replaced by that member everywhere: in the terms, in the definitions they use,
and in the other conditions. So every argument sees one word, whatever it reads the terms as. Any
other equality stays a condition, which the small instances have to meet.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Indexed, Integer

from derivations.claim import Claim, Condition, Distinct, Equal, NotAmong
from derivations.data_conditions import OfData
from derivations.definition import substitute, symbol_names, unfold
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.free import Free, free_in, free_in_definition
from derivations.language.index_form import letter
from derivations.language.rewrite import parts, with_members, with_parts
from derivations.language.tree import (
    Array,
    Call,
    Definition,
    IndexVariable,
    ListEntry,
    Mapped,
    Member,
    Numbered,
    Term,
)

Merged = tuple[tuple[Index, Expr], ...]


def merged(claim: Claim) -> tuple[Claim, Merged]:
    """The claim with equal words written as one, and what was put for which index, in order."""
    put: list[tuple[Index, Expr]] = []
    for place in range(len(claim.conditions)):
        condition = claim.conditions[place]
        if not isinstance(condition, Equal):
            continue
        for index, value in ((condition.left, condition.right), (condition.right, condition.left)):
            found = _replaced(claim, index, value)
            if found is not None:
                claim = found
                put.append((index, value))
                break
    kept = tuple(c for c in claim.conditions if not isinstance(c, Equal) or c.left != c.right)
    return (replace(claim, conditions=kept) if put else claim), tuple(put)


def _replaced(claim: Claim, index: Expr, value: Expr) -> Claim | None:
    """The claim with the index gone; None where that may change what is claimed."""
    if not isinstance(index, Index) or value.has(index) or not _is_member(value, index.space):
        return None
    try:
        put = _Replacement(index, value, free_in(*claim.terms))
    except _NoMember:
        return None
    left, right = map(put.in_term, claim.terms)
    conditions = tuple(_put(condition, {index: value}) for condition in claim.conditions)
    found = replace(claim, left=left, right=right, conditions=conditions)
    if any(unfold(side).has(index) for side in (found.sides.left, found.sides.right)):
        return None  # it is in a definition typed in Python, which is not entered
    return found


class _NoMember(Exception):
    """A value that the terms of a claim have no name for."""


class _Replacement:
    """One index replaced by one member in terms and, each once, in the definitions they use."""

    def __init__(self, index: Index, value: Expr, free: Free) -> None:
        self.index, self.value = index, value
        standing = [variable for variable in free.indices if letter(variable) == index]
        # claims typed in Python have no variables, and need no member
        self.members = {each: _member(value, free) for each in standing}
        self.definitions: dict[Definition, Definition] = {}

    def in_term(self, term: Term) -> Term:
        """The term with the member in place of the index."""
        return self._entered(with_members(term, self.members))

    def _entered(self, term: Term) -> Term:
        term = with_parts(term, [self._entered(part) for part in parts(term)])
        match term:
            case Array():
                return self._in_array(term)
            case Call(definition) | Mapped(definition):
                return replace(term, definition=self._in_definition(definition))
        return term

    def _in_array(self, array: Array) -> Array:
        """The array with its entry changed; an axis is a letter of its own, whatever its name."""
        used = symbol_names(array.entry) | symbol_names(self.value) | {self.index.name}
        axes: dict[Index, Index] = {}
        for axis in array.axes:
            if axis is not None and (axis == self.index or self.value.has(axis)):
                name = axis.name
                while name in used:
                    name += "'"
                used |= {name}
                axes[axis] = Index(name, axis.space)
        renamed = substitute(array.entry, axes) if axes else array.entry
        entry = substitute(renamed, {self.index: self.value})
        pair = [axis if axis is None else axes.get(axis, axis) for axis in array.axes]
        return replace(array, entry=entry, axes=(pair[0], pair[1]) if pair else ())

    def _in_definition(self, definition: Definition) -> Definition:
        free = free_in_definition(definition)
        if self.index not in free.letters and self.members.keys().isdisjoint(free.indices):
            return definition
        if definition not in self.definitions:
            body = self.in_term(definition.body)
            self.definitions[definition] = replace(definition, body=body)
        return self.definitions[definition]


def _member(value: Expr, free: Free) -> Member:
    """A value as a member of an index set; raises _NoMember for an entry of an unknown list."""
    if isinstance(value, Index):
        known = (variable for variable in free.indices if letter(variable) == value)
        return next(known, None) or IndexVariable(value.space, value.name)
    if isinstance(value, Integer):
        return Numbered(int(value))
    if isinstance(value, Indexed):
        for words in free.lists:
            if WordArray(words.name, words.values) == value.base and len(value.indices) == 1:
                return ListEntry(words, _member(value.indices[0], free))
    raise _NoMember(str(value))


def _is_member(value: Expr, space: IndexSet) -> bool:
    """Whether a value is a member of the index set at every size."""
    if isinstance(value, Index):
        return value.space == space
    if isinstance(value, Indexed) and isinstance(value.base, WordArray):
        return value.base.space == space
    center = value == 0 and space.symmetric
    return isinstance(value, Integer) and (center or (space.inhabited and space.lower == value))


def _put(condition: Condition, values: dict[Index, Expr]) -> Condition:
    if isinstance(condition, Distinct | OfData):
        return condition
    if isinstance(condition, NotAmong):
        return replace(condition, word=substitute(condition.word, values))
    left, right = substitute(condition.left, values), substitute(condition.right, values)
    return replace(condition, left=left, right=right)
