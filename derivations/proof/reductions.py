"""Reductions of a claim to others: merging, generalisation, sign split, inverses cleared.

Words that a condition makes the same are written as one (merging); intermediates become variables
(generalisation): what is true of any is true of these; a derivative by a symmetric matrix is put
into each of the conventions that are in use for it.

Cases by sign (sign split), for all sizes: |z|, min, max and conditions on z become rational
once the sign of z is known. The cases are those away from zero: a sign that was written is zero
there, and what it is multiplied by need not be. That case is looked at by the exact decision, at
small sizes, see `field.py`. The split is on each branching term, not on the letters in it. A term
with an index that a sum binds has a sign for each member of a set: it stays as it is, for others to
argue about.

An equality is multiplied by the matrices that it has inverses of. Three steps lead from a
difference D to another one, and each is zero only where D is:

- ``D -> A D`` and ``D -> D A`` for a matrix A of which the inverse stands at that end somewhere in
  D. Where D has a value that inverse exists, and A D = 0 gives D = A^{-1} A D = 0.
- ``D -> dD/dy`` for an array y in which D is homogeneous of a degree m above zero. By Euler's
  theorem m D is the sum over all entries of y times these derivatives, so that D is zero where
  they are, whatever y is.

So ``(X^T X + c I)^{-1} X^T = X^T (X X^T + c I)^{-1}`` comes to ``X^T (X X^T + c I) = (X^T X + c I)
X^T``, times any vector as well. It is enough for identities of rational expressions in matrices
whose inverses come to the ends one after the other; which are all true is the word problem of the
free skew field (P. M. Cohn, Skew Fields, 1995, chapter 7), and is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from heapq import heappop, heappush
from itertools import combinations, count, product

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    GreaterThan,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    StrictGreaterThan,
    StrictLessThan,
    Sum,
    exp,
    preorder_traversal,
)
from sympy.core.numbers import Exp1
from sympy.core.relational import LessThan, Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from derivations.claim import (
    AtLeast,
    Claim,
    Condition,
    Distinct,
    Equal,
    NotAmong,
    OfData,
    Positive,
    Signed,
    possible,
)
from derivations.indices import Entries, Index, IndexSet, WordArray, free_symbols, total
from derivations.language.functions import Above, Selected, SignOf, Signum
from derivations.language.index_form import letter
from derivations.language.index_nodes import (
    InverseEntry,
    derivative,
    differentiated,
    has_branch,
    substitute,
    symbol_names,
    unfold,
)
from derivations.language.traversal import (
    Closed,
    Free,
    abstracted,
    free_in,
    free_in_definition,
    node_count,
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
from derivations.language.tree import Derivative as TermDerivative
from derivations.proof.fragment import OutsideFragment
from derivations.proof.normal_form import difference, normal_form
from derivations.proof.terms import InverseEntry as Inverted
from derivations.proof.terms import Total

MOST_TRIED = 24
MOST_MULTIPLIED = 6
FAR = 1000


@dataclass(frozen=True)
class _Difference:
    """Both sides, and the indices that they are an array over."""

    left: Expr
    right: Expr
    axes: tuple[Index, ...]
    multiplied: int = 0

    @property
    def sides(self) -> tuple[Expr, Expr]:
        return self.left, self.right


def equal_when_cleared(
    left: Expr, right: Expr, axes: tuple[Index, ...], conditions: tuple[Condition, ...]
) -> bool:
    """Whether the sides are equal for all sizes, as multiplying by what is inverted shows."""
    first = _Difference(differentiated(left), differentiated(right), axes)
    if not any(side.has(InverseEntry) for side in first.sides):
        return False
    waiting: list[tuple[int, int, _Difference]] = []
    found = iter((_without_outer_arrays(first),))
    for number in count():
        now = next(found, None)
        if now is None:
            if not waiting or number > MOST_TRIED:
                return False
            found = _multiplied(heappop(waiting)[-1])
            continue
        left_over = _inverses_left(now, conditions)
        if left_over == 0:
            return True
        if now.multiplied < MOST_MULTIPLIED:
            heappush(waiting, (left_over, number, now))
    return False


def _inverses_left(now: _Difference, conditions: tuple[Condition, ...]) -> int:
    """How far a difference is from zero: the terms of its normal form, and the inverses in them."""
    try:
        found = difference(now.left, now.right, conditions)
    except OutsideFragment:
        return FAR
    inverses = (isinstance(atom, Inverted) for term, _ in found for atom, _ in term.factors)
    return len(found) + sum(inverses)


def _multiplied(now: _Difference) -> Iterator[_Difference]:
    """The difference times each matrix of which an inverse stands at one of its ends."""
    bound = _indices_bound_in(now)
    seen: set[tuple[Index, int, Entries]] = set()
    for side in now.sides:
        for node in preorder_traversal(side):
            if not isinstance(node, InverseEntry) or not bound.isdisjoint(node.of.free_symbols):
                continue
            for place, axis in enumerate(node.at):
                if axis not in now.axes or (axis, place, node.of) in seen:
                    continue
                seen.add((axis, place, node.of))
                whole = all(each.space == axis.space for each in node.of.indices)
                if whole and axis not in node.of.free_symbols:
                    yield _times(now, node.of, axis, place)


def _times(now: _Difference, matrix: Entries, axis: Index, place: int) -> _Difference:
    """A D for an inverse that begins with the axis, D A for one that ends with it."""
    new = _fresh(axis.space, now)
    row, column = matrix.indices
    at = {row: new, column: axis} if place == 0 else {row: axis, column: new}
    entry = substitute(matrix.entry, at)
    left, right = (_Product(matrix, entry, axis, new, place).of(side) for side in now.sides)
    axes = tuple(new if each is axis else each for each in now.axes)
    return _Difference(left, right, axes, now.multiplied + 1)


@dataclass(frozen=True)
class _Product:
    """A matrix, its ``entry`` at an axis and a new index, times what has this axis."""

    matrix: Entries
    entry: Expr
    axis: Index
    new: Index
    place: int

    def of(self, node: Expr) -> Expr:
        """The sum over the axis; where the inverse itself stands there, Kronecker's delta."""
        match node:
            case Add():
                return Add(*map(self.of, node.args))
            case Sum() if free_symbols(self.entry).isdisjoint(limit[0] for limit in node.limits):
                return node.func(self.of(node.function), *node.limits)
            case Mul():
                apart = [each for each in node.args if self.axis not in free_symbols(each)]
                (one, *others) = [each for each in node.args if each not in apart] or [node]
                if not others and one is not node:
                    return Mul(*apart, self.of(one))
            case InverseEntry() if node.of == self.matrix and node.at[self.place] == self.axis:
                if node.at[1 - self.place] != self.axis:
                    return KroneckerDelta(self.new, node.at[1 - self.place])
        return total(self.entry * node, self.axis)


def _without_outer_arrays(now: _Difference) -> _Difference:
    """The derivatives by arrays in which both sides are homogeneous, again and again."""
    while True:
        entry = next(_homogeneous(now), None)
        if entry is None:
            return now
        left, right = (_without_deltas(derivative(side, entry)) for side in now.sides)
        now = _Difference(left, right, (*now.axes, *entry.indices))


def _without_deltas(node: Expr) -> Expr:
    """Sums over whole sets with Kronecker's delta in them as what stands at its other index."""
    if isinstance(node, Add | Mul):
        return node.func(*map(_without_deltas, node.args))
    if not isinstance(node, Sum):
        return node
    inside, ((over, *ends), *others) = _without_deltas(node.function), node.limits
    if others or ends != [over.space.lower, over.space.upper]:
        return node.func(inside, *node.limits)
    parts: list[Expr] = []
    for term in Add.make_args(inside):
        factors = Mul.make_args(term)
        delta = next((each for each in factors if _is_delta_of(over, each)), None)
        if delta is None:
            parts.append(node.func(term, *node.limits))
            continue
        (other,) = set(delta.args) - {over}
        rest = Mul(*(each for each in factors if each is not delta))
        parts.append(substitute(rest, {over: other}))
    return Add(*parts)


def _is_delta_of(over: Index, factor: Expr) -> bool:
    """Whether a factor is Kronecker's delta of an index and another one of its set."""
    if not isinstance(factor, KroneckerDelta) or over not in factor.args:
        return False
    return all(isinstance(each, Index) and each.space == over.space for each in factor.args)


def _homogeneous(now: _Difference) -> Iterator[Indexed]:
    """An entry, at new indices, of each array that both sides are homogeneous in."""
    spaces: dict[Expr, list[tuple[IndexSet | None, ...]]] = {}
    for side in now.sides:
        for node in preorder_traversal(side):
            if isinstance(node, Indexed) and not isinstance(node.base, WordArray):
                own = tuple(getattr(index, "space", None) for index in node.indices)
                spaces.setdefault(node.base, []).append(own)
    for base, found in sorted(spaces.items(), key=lambda pair: str(pair[0])):
        (first, *others) = found
        degree = _degree(now.left, base)
        alike = all(each == first for each in others)
        if alike and degree and None not in first and _degree(now.right, base) == degree:
            new: list[Index] = []
            for space in first:
                assert space is not None
                new.append(_fresh(space, now, *new))
            yield base[tuple(new)]


def _degree(node: Expr, base: Expr) -> int | None:
    """The degree of a homogeneous polynomial in the entries of an array; None for anything else."""
    if not node.has(base):
        return 0
    match node:
        case Indexed():
            return 1
        case Sum():
            return _degree(node.function, base)
        case Add():
            degrees = {_degree(part, base) for part in node.args}
            return degrees.pop() if len(degrees) == 1 else None
        case Mul():
            found = [_degree(part, base) for part in node.args]
            return sum(each for each in found if each) if None not in found else None
        case Pow(exp=Integer() as power) if power > 0:
            inside = _degree(node.base, base)
            return None if inside is None else inside * int(power)
    return None


def _indices_bound_in(now: _Difference) -> set[Expr]:
    """What sums bind, and matrices that are inverted."""
    found: set[Expr] = set()
    for side in now.sides:
        for node in preorder_traversal(side):
            if isinstance(node, Sum):
                found.update(limit[0] for limit in node.limits)
            if isinstance(node, Entries):
                found.update(node.indices)
    return found


def _fresh(space: IndexSet, now: _Difference, *others: Index) -> Index:
    """An index that stands nowhere in a difference."""
    taken = symbol_names(now.left) | symbol_names(now.right) | {each.name for each in others}
    taken |= {each.name for each in now.axes}
    return next(Index(name, space) for n in count(1) if (name := f"e{n}") not in taken)


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
    if node_count(left, right) < LEAST_NODES:
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


Convention = Callable[[TermDerivative], Term]


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


def _derivatives(term: Term) -> Iterator[TermDerivative]:
    if isinstance(term, TermDerivative):
        yield term
    for part in parts(term):
        yield from _derivatives(part)


def _changed(term: Term, names: Set[str], convention: Convention) -> Term:
    if isinstance(term, TermDerivative):
        inside = TermDerivative(_changed(term.of, names, convention), term.by)
        return convention(inside) if variable_of(term.by).name in names else inside
    return with_parts(term, [_changed(part, names, convention) for part in parts(term)])


def _together(found: TermDerivative) -> Term:
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
            across = TermDerivative(found.of, Entry(of, (column, row)))
            return Plus((found, across, Negative(Times(same, found))))
    raise IllTyped("a derivative by a row", "a convention for symmetric matrices")


def _among_symmetric(found: TermDerivative) -> Term:
    """(G + G^T) / 2."""
    half = Number(Fraction(1, 2))
    match found.by:
        case Reference() | Slice():
            return Times(half, Plus((found, Transpose(found))))
        case Entry(of, (row, column)):
            across = TermDerivative(found.of, Entry(of, (column, row)))
            return Times(half, Plus((found, across)))
    raise IllTyped("a derivative by a row", "a convention for symmetric matrices")


Signs = Mapping[Expr, int]
MOST_CASES = 64
MOST_NESTED = 5


@dataclass(frozen=True)
class Case:
    """Both sides where the terms in ``signs`` have these signs, with derivatives taken.

    1 stands for zero and above, -1 for below zero.
    """

    left: Expr
    right: Expr
    signs: Signs = field(default_factory=dict)


def cases_by_sign(left: Expr, right: Expr, conditions: tuple[Condition, ...] = ()) -> list[Case]:
    """Both sides for every choice of signs for the terms that a branch depends on.

    A term with a branch in it is looked at once that is taken.
    """
    opened = (unfold(left), unfold(right))
    found: list[Case] = []
    waiting = [Case(*opened)]
    while waiting:
        case = waiting.pop()
        terms = {t for side in (case.left, case.right) for t in _branching(side, frozenset())}
        innermost = sorted((each for each in terms if not has_branch(each)), key=str)
        new = [each for each in innermost if each not in case.signs]
        if not new:
            taken = [differentiated(side) for side in (case.left, case.right)]
            found.append(Case(taken[0], taken[1], case.signs))
            continue
        if len(found) + len(waiting) + 2 ** len(new) > MOST_CASES:
            raise OutsideFragment(f"more than {MOST_CASES} cases by unknown signs")
        waiting += _split(case, new, conditions)
    if len(found) == 1 and not found[0].signs:
        return [Case(differentiated(left), differentiated(right))]
    return found


def _split(case: Case, terms: list[Expr], conditions: tuple[Condition, ...]) -> Iterator[Case]:
    """The case for every choice of signs that these terms may have beside its own.

    Zero for a term that is zero for all data. One that is so for some words has no sign there:
    where it decides a jump, and not a kink, it is refused.
    """
    above_zero = {each.of.name for each in conditions if isinstance(each, Positive)}
    jumps = {t for side in (case.left, case.right) for t in _jumping(side)}
    choices = [_possible_signs(term, above_zero) for term in terms]
    for number, term in enumerate(terms):
        if _is_zero(term, conditions):
            choices[number] = (0,)
        elif term in jumps:
            normal_form(SignOf(term), conditions)
    known = [*_facts([*case.signs, *terms], above_zero)]
    known += [_signed(term, sign) for term, sign in case.signs.items()]
    for choice in product(*choices):
        chosen = dict(zip(terms, choice, strict=True))
        if possible([*known, *(_signed(term, sign) for term, sign in chosen.items())]):
            signs = {**case.signs, **chosen}
            yield Case(_resolved(case.left, signs), _resolved(case.right, signs), signs)


def _is_zero(term: Expr, conditions: tuple[Condition, ...]) -> bool:
    try:
        return not normal_form(term, conditions)
    except OutsideFragment:
        return False


def _jumping(node: Basic) -> Iterator[Expr]:
    """The terms at whose zeros there may be a jump."""
    if isinstance(node, Signum | Above):
        yield from _compared_with_zero(node)
    for part in node.args:
        yield from _jumping(part)


def by_signs(node: Expr) -> Expr:
    """An unfolded expression without derivatives as a polynomial in signs, also under sums.

    F = (1 + s) / 2 F(1) + (1 - s) / 2 F(-1) for the sign s of a term in F, away from zero.
    """
    if not has_branch(node):
        return node
    if isinstance(node, Sum):
        return node.func(by_signs(node.function), *node.limits)
    if isinstance(node, Add | Mul):
        return node.func(*map(by_signs, node.args))
    return _by_signs(node, {})


def _by_signs(node: Expr, known: Signs) -> Expr:
    terms = {each for each in _branching(node, _bound_in(node)) if not has_branch(each)}
    new = sorted((each for each in terms if each not in known), key=str)
    if not new:
        return node
    if len(known) == MOST_NESTED:
        raise OutsideFragment(f"more than {MOST_NESTED} unknown signs in one term")
    term, result = new[0], Integer(0)
    for sign in (1, -1):
        signs = {**known, term: sign}
        given = [_signed(each, value) for each, value in signs.items()]
        if possible([*given, *_facts([*signs], set())]):
            part = _by_signs(_resolved(node, signs), signs)
            result += (1 + sign * SignOf(term)) * part / 2
    return result


def _bound_in(node: Basic) -> frozenset[Basic]:
    """The indices that are bound inside of an expression."""
    found: set[Basic] = set()
    for part in preorder_traversal(node):
        if isinstance(part, Sum | Product):
            found.update(limit[0] for limit in part.limits)
        if isinstance(part, Entries):
            found.update(part.indices)
    return frozenset(found)


def _signed(term: Expr, sign: int) -> Signed:
    """A term as a linear form in the products in it; zero is on no side."""
    number, form = Fraction(0), {}
    for key, q in term.expand().as_coefficients_dict().items():
        if not q.is_Rational:
            key, q = key * q, Integer(1)
        if key.is_Rational:
            number += Fraction(int(key.p), int(key.q)) * Fraction(int(q.p), int(q.q))
        else:
            form[key] = Fraction(int(q.p), int(q.q))
    return Signed(form, number, sign)


def _facts(terms: Iterable[Expr], above_zero: Set[str]) -> Iterator[Signed]:
    """What is known of the unknowns in some terms: what is above zero, and not below it."""
    for unknown in dict.fromkeys(key for term in terms for key in _signed(term, 1).form):
        assert isinstance(unknown, Expr)
        factors = [each.as_base_exp() for each in Mul.make_args(unknown)]
        kinds = [_kind(base, power, above_zero) for base, power in factors]
        if all(kinds):
            yield Signed({unknown: Fraction(1)}, Fraction(0), 1, or_zero=2 in kinds)


def _kind(base: Expr, power: Expr, above_zero: Set[str]) -> int:
    """1 for a power that is above zero for sure, 2 for one that is not below it, else 0."""
    if isinstance(base, exp | Exp1):
        return 1
    if power == 1 and 1 in (signs := _possible_signs(base, above_zero)) and -1 not in signs:
        return 1 if getattr(base, "is_positive", False) or _is_data(base, above_zero) else 2
    even = isinstance(power, Integer) and power % 2 == 0 and power > 0
    return 2 if even or (isinstance(base, Abs) and power == 1) else 0


def _is_data(term: Expr, above_zero: Set[str]) -> bool:
    """Whether a term is given to be above zero."""
    data = term.base if isinstance(term, Indexed) else term
    return not isinstance(data, Index) and getattr(data, "name", "") in above_zero


def differences(
    left: Expr, right: Expr, cases: Sequence[Case], conditions: tuple[Condition, ...] = ()
) -> tuple[Total, ...]:
    """The normal form of the difference: as it stands, or in all its cases.

    Empty in each where the sides are equal for all sizes. As it stands, |z| is one more atom, also
    where z has a bound index, and so is its sign where both sides are polynomials in signs. Raises
    OutsideFragment as `normal_form` does.
    """
    sides = differentiated(left), differentiated(right)
    tried = [sides]
    try:
        if any(map(has_branch, sides)):
            tried.append((by_signs(sides[0]), by_signs(sides[1])))
    except OutsideFragment:
        pass
    for one, other in tried if len(cases) > 1 or len(tried) > 1 else ():
        try:
            if not difference(one, other, conditions):
                return ((),)
        except OutsideFragment:
            pass
    return tuple(difference(case.left, case.right, conditions) for case in cases)


def _possible_signs(term: Expr, above_zero: Set[str]) -> tuple[int, ...]:
    """The signs that a term may have: a size is not below zero, nor is a member from zero on."""
    if _is_data(term, above_zero):
        return (1,)
    least = term.space.lower if isinstance(term, Index) else term
    return (1,) if least.is_nonnegative else (1, -1)


def _branching(node: Basic, bound: frozenset[Basic]) -> Iterator[Expr]:
    """The terms whose sign decides a branch, each without its sign and content."""
    if isinstance(node, Sum | Product):
        bound = bound | {limit[0] for limit in node.limits}
    if isinstance(node, Entries):
        bound = bound.union(node.indices)
    for term in _compared_with_zero(node):
        if bound.isdisjoint(term.free_symbols) and not term.is_number:
            yield term
    for part in node.args:
        yield from _branching(part, bound)


def _compared_with_zero(node: Basic) -> Iterator[Expr]:
    match node:
        case Abs() | Signum() | Above():
            yield from _odd_factors(node.args[0])[0]
        case Min() | Max():
            for one, other in combinations(node.args, 2):
                yield from _odd_factors(one - other)[0]
        case Relational():
            yield _canonical(node.args[0] - node.args[1])[0]


def _odd_factors(term: Expr) -> tuple[list[Expr], int]:
    """The factors that the sign of a product depends on, and the sign that was taken off them.

    Not for conditions: where one factor is zero, the signs of others do not make that of all.
    """
    sign, found = 1, []
    for factor in Mul.make_args(term):
        base, power = factor.as_base_exp()
        if isinstance(factor, exp):
            continue
        if not isinstance(power, Integer):
            base, power = factor, Integer(1)
        if base.is_number:
            sign *= (-1 if base < 0 and power % 2 else 1) if base != 0 else 0
        elif power % 2:
            rest, taken_off = _canonical(base)
            found.append(rest)
            sign *= taken_off
    return found, sign


def _canonical(term: Expr) -> tuple[Expr, int]:
    """A term up to positive factors, and the sign that was taken off it."""
    content, rest = term.primitive()
    sign = 1 if content > 0 else -1
    return (-rest, -sign) if rest.could_extract_minus_sign() else (rest, sign)


def _resolved(node: Expr, signs: Signs) -> Expr:
    """The unfolded ``node`` on the branch that ``signs`` selects; unknown signs stay."""
    if not node.args or isinstance(node, Indexed):
        return node
    if isinstance(node, Derivative):
        return Derivative(_resolved(node.expr, signs), *node.variable_count, evaluate=False)
    if isinstance(node, Piecewise):
        return _branch(node, signs)
    if isinstance(node, Selected):
        return _selected(node, signs)
    arguments = [_resolved(argument, signs) for argument in node.args]
    if isinstance(node, Above):
        sign = _sign_of_product(arguments[0], signs)
        return Above(*arguments) if sign is None else Integer(sign > 0)
    if isinstance(node, Abs):
        sign = _sign_of_product(arguments[0], signs)
        return node.func(*arguments) if sign is None else sign * arguments[0]
    if isinstance(node, Signum):
        sign = _sign_of_product(arguments[0], signs)
        return Signum(*arguments) if sign is None else Integer(sign)
    if isinstance(node, Min | Max):
        return _extremum(node, arguments, signs)
    return node.func(*arguments)


def _selected(node: Selected, signs: Signs) -> Expr:
    test, value, otherwise = node.args
    known = _resolved(test, signs)
    if isinstance(known, Integer):
        return _resolved(value if known == 1 else otherwise, signs)
    return Selected(known, _resolved(value, signs), _resolved(otherwise, signs))


def _extremum(node: Min | Max, arguments: list[Expr], signs: Signs) -> Expr:
    best = 0
    wanted = -1 if isinstance(node, Min) else 1
    for number in range(1, len(arguments)):
        sign = _sign_of_product(arguments[number] - arguments[best], signs)
        if sign is None:
            return node.func(*arguments)
        if sign == wanted:
            best = number
    return arguments[best]


def _branch(node: Piecewise, signs: Signs) -> Expr:
    for value, condition in node.args:
        holds = _holds(condition, signs)
        if holds is None:
            return node
        if holds:
            return _resolved(value, signs)
    raise OutsideFragment(f"no branch of {node} applies")


def _holds(condition: Basic, signs: Signs) -> bool | None:
    if isinstance(condition, BooleanTrue | BooleanFalse):
        return bool(condition)
    if not isinstance(condition, Relational):
        raise OutsideFragment(f"condition {condition}")
    sign = _sign(condition.args[0] - condition.args[1], signs)
    if isinstance(condition, GreaterThan):
        return None if sign is None else sign >= 0
    if isinstance(condition, StrictLessThan):
        return None if sign is None else sign == -1
    if isinstance(condition, LessThan | StrictGreaterThan):
        raise OutsideFragment(f"condition {condition}: zero is on the side of the positive")
    raise OutsideFragment(f"condition {condition}")


def _sign(term: Expr, signs: Signs) -> int | None:
    """The sign of a term, as far as it is known; of a number, its own."""
    if term.is_number:
        return int(term > 0) - int(term < 0)
    rest, taken_off = _canonical(term)
    known = signs.get(rest)
    return None if known is None else taken_off * known


def _sign_of_product(term: Expr, signs: Signs) -> int | None:
    """The sign of a term where it is not zero, as far as those of its factors are known."""
    factors, result = _odd_factors(term)
    for factor in factors:
        sign = _sign(factor, signs)
        if sign is None:
            return None
        result *= sign
    return result
