"""Reductions of a claim to another one before it is argued about.

Words that a condition makes the same are written as one (merging); intermediates become variables
(generalisation): what is true of any is true of these; a derivative by a symmetric matrix is put
into each of the conventions that are in use for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace
from fractions import Fraction

from sympy import Expr, Indexed, Integer

from derivations.claim import Claim, Condition, Distinct, Equal, NotAmong
from derivations.indices import Index, IndexSet, WordArray
from derivations.language.data_conditions import AtLeast, OfData
from derivations.language.index_form import letter
from derivations.language.index_nodes import substitute, symbol_names, unfold
from derivations.language.traversal import (
    Closed,
    Free,
    abstracted,
    free_in,
    free_in_definition,
    parts,
    with_members,
    with_parts,
    with_variables,
)
from derivations.language.tree import (
    Array,
    Call,
    Comparison,
    Definition,
    Derivative,
    Entry,
    IllTyped,
    IndexVariable,
    Indicator,
    ListEntry,
    Mapped,
    Member,
    Misfit,
    Negative,
    Number,
    Numbered,
    Plus,
    Reference,
    Slice,
    Table,
    Term,
    Times,
    Transpose,
    Variable,
    variable_of,
)

# Words that a condition makes the same are written as one before anything is argued.
#
# Where one side of an `Equal` is a free index and the other one is a member of its index set for
# sure, the index is replaced by that member everywhere: in the terms, in the definitions they use,
# and in the other conditions. So every argument sees one word, whatever it reads the terms as. Any
# other equality stays a condition, which the small instances have to meet.


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


# A claim with intermediates in it made variables: what is true of any is true of these.
#
# A name that abbreviates something, and does not change under any derivative of the claim, is put
# out of it as a variable of its shape. Where that claim is proved, for all values of the
# variable, so is the one that was made of it, which puts one value in: substitution of a term for
# a free variable keeps an identity, where both sides have a value. That has to be seen of the
# claim itself. Where the general claim is false, the one at hand need not be, and is judged as it
# stands.
#
# A part that a derivative is taken by, which is handed to a function as its value, changes what is
# made of it: none of that is put out.


# below this many nodes, definitions written out, a claim is judged as it stands
LEAST_NODES = 120


def generalised(claim: Claim) -> Claim | None:
    """The claim about any values of its intermediates; None where that is not simpler."""
    left, right = claim.terms
    if _size(left, {}) + _size(right, {}) < LEAST_NODES:
        return None
    calls = list(dict.fromkeys(_calls_in((left, right))))
    varied = free_in(left, right).varied
    handed = [a for call in calls for a in call.arguments if isinstance(a, Call) and _is_name(a)]
    found = False
    for call in calls:
        if not _is_constant(call, varied) or any(_is_made_of(call, each) for each in handed):
            continue
        sides = _without((left, right), call)
        if sides is not None:
            left, right = sides
            found = True
    if not found:
        return None
    used = {variable.name for variable in free_in(left, right).variables}
    kept = tuple(
        each
        for each in claim.conditions
        if not isinstance(each, OfData) or isinstance(each, AtLeast) or each.of.name in used
    )
    return replace(claim, left=left, right=right, conditions=kept)


def _is_constant(call: Call, varied: Mapping[Variable, None]) -> bool:
    """Whether this is a name for something that no derivative varies, and that is no number."""
    free = free_in(call)
    constant = not any(variable in varied for variable in free.variables)
    return _is_name(call) and constant and not free.indices and bool(free.variables)


def _is_name(call: Call) -> bool:
    return not call.arguments


def _is_made_of(call: Call, part: Call) -> bool:
    return call != part and any(each == part for each in _calls_in((call.definition.body,)))


def _without(sides: tuple[Term, Term], call: Call) -> tuple[Term, Term] | None:
    """Both sides with one variable in the place of a call; None where none has it any more."""
    name, shown = call.definition.name, "".join(map(str, call.definition.pattern))
    variable = Variable(call.shape, name, shown)
    try:
        found = tuple(abstracted(side, call, name, shown) for side in sides)
    except Closed:
        return None
    if not any(found):
        return None
    left, right = (
        side if new is None else with_variables(new[0], {new[1]: variable})
        for side, new in zip(sides, found, strict=True)
    )
    return left, right


def _calls_in(terms: tuple[Term, ...]) -> Iterator[Call]:
    """Applications of definitions, those that others are made of behind these."""
    seen: set[Definition] = set()
    waiting = list(terms)
    while waiting:
        term = waiting.pop(0)
        if isinstance(term, Call):
            yield term
        waiting += parts(term)
        if isinstance(term, Call | Mapped) and term.definition not in seen:
            seen.add(term.definition)
            waiting.append(term.definition.body)


def _size(term: Term, known: dict[Definition, int]) -> int:
    """How many nodes a term has, its definitions written out."""
    count = 1 + sum(_size(part, known) for part in parts(term))
    if isinstance(term, Call | Mapped):
        if term.definition not in known:
            known[term.definition] = _size(term.definition.body, known)
        count += known[term.definition]
    return count


# Derivatives by a symmetric matrix, under the conventions that are in use for them.
#
# Nobody can vary one entry of a symmetric matrix alone, and texts mean one of three things by its
# gradient. With G the gradient of what is written as a function of any matrix, its entries varied
# as if they were independent, at the symmetric one, they mean
#
# - G itself, as most texts do: then log det A has the gradient A^{-1};
# - G + G^T - diag(G), each entry varied together with the one across the diagonal
#   (K. B. Petersen and M. S. Pedersen, The Matrix Cookbook, 2012, section 2.8);
# - (G + G^T) / 2, the gradient in the space of symmetric matrices under the trace inner product
#   (S. Srinivasan and N. Panda, What is the gradient of a scalar function of a symmetric matrix?,
#   Indian J. Pure Appl. Math. 54 (2023) 907-919).
#
# A line is proved as the first of them, and its note says so. It is refuted only where it is false
# under all three.


Convention = Callable[[Derivative], Term]


def otherwise_meant(claim: Claim, names: Set[str]) -> Iterator[Claim]:
    """The claim under the other two conventions of derivatives by the matrices of these names.

    Raises IllTyped where it has derivatives by these that have no other reading: by a row, or in
    a definition.
    """
    for convention in (_together, _among_symmetric):
        left, right = (_read(side, names, convention) for side in (claim.left, claim.right))
        yield replace(claim, left=left, right=right)


def _read(side: Term | Misfit, names: Set[str], convention: Convention) -> Term | Misfit:
    if isinstance(side, Misfit):
        return side
    _require_all_seen(side, names)
    return _changed(side, names, convention)


def _require_all_seen(side: Term, names: Set[str]) -> None:
    varied = {each for each in free_in(side).varied if each.name in names}
    if varied - {variable_of(each.by) for each in _derivatives(side)}:
        raise IllTyped("a derivative in a definition", "a convention for symmetric matrices")


def _derivatives(term: Term) -> Iterator[Derivative]:
    if isinstance(term, Derivative):
        yield term
    for part in parts(term):
        yield from _derivatives(part)


def _changed(term: Term, names: Set[str], convention: Convention) -> Term:
    if isinstance(term, Derivative):
        inside = Derivative(_changed(term.of, names, convention), term.by)
        return convention(inside) if variable_of(term.by).name in names else inside
    return with_parts(term, [_changed(part, names, convention) for part in parts(term)])


def _together(found: Derivative) -> Term:
    """G + G^T - diag(G)."""
    match found.by:
        case Reference(Variable(shape=(IndexSet() as space, _))) | Slice(
            Variable(shape=(IndexSet() as space, _))
        ):
            row, column = IndexVariable(space, ""), IndexVariable(space, "")
            same = Indicator((Comparison(row, column),))
            diagonal = Table((row, column), Times(same, Entry(found, (row, row))))
            return Plus((found, Transpose(found), Negative(diagonal)))
        case Entry(of, (row, column)):
            same = Indicator((Comparison(row, column),))
            across = Derivative(found.of, Entry(of, (column, row)))
            return Plus((found, across, Negative(Times(same, found))))
    raise IllTyped("a derivative by a row", "a convention for symmetric matrices")


def _among_symmetric(found: Derivative) -> Term:
    """(G + G^T) / 2."""
    half = Number(Fraction(1, 2))
    match found.by:
        case Reference() | Slice():
            return Times(half, Plus((found, Transpose(found))))
        case Entry(of, (row, column)):
            across = Derivative(found.of, Entry(of, (column, row)))
            return Times(half, Plus((found, across)))
    raise IllTyped("a derivative by a row", "a convention for symmetric matrices")
