"""Traversal and substitution: parts of terms, other parts in their place, free variables, kinks.

A free variable is what a term mentions that nothing in it binds, in its definitions too.

Putting in: the variable becomes the parameter of a definition of which the term is the argument.
What is put in means what it means where it stands, and a derivative by the variable inside is taken
before anything is put in (`tree.Call`), so that a gradient is one at the point that is put in.

Abstraction: J as a function of the scores theta it is written in. What is replaced may stand in
definitions that the term uses. These are copied with a parameter more, which their applications
hand on: a definition sees nothing but its own parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from functools import lru_cache
from itertools import count
from weakref import WeakKeyDictionary

from sympy import Expr

from derivations.indices import Index, IndexSet, free_indices
from derivations.language.tree import (
    Apply,
    Arbitrary,
    Argument,
    Array,
    Call,
    Choice,
    Comparison,
    Definition,
    Derivative,
    Entry,
    Extremum,
    ExtremumOver,
    IllTyped,
    IndexVariable,
    Indicator,
    InnerProduct,
    ListEntry,
    Mapped,
    MatrixProduct,
    Member,
    Misfit,
    Negative,
    Number,
    Numbered,
    Offset,
    Plus,
    Power,
    Quotient,
    Ranged,
    Reference,
    Row,
    Rows,
    Size,
    Slice,
    Table,
    Target,
    Term,
    Times,
    Transpose,
    Variable,
    WordList,
    remembered,
    vector_axis,
)

Value = object
Members = Mapping[IndexVariable, Member]
Renamed = Mapping[IndexVariable, IndexVariable]


def parts(term: Term) -> tuple[Term, ...]:
    """The terms directly inside a term, in their order; definitions are not entered."""
    return tuple(_terms([getattr(term, name) for name in _names(type(term))]))


_NAMES: dict[type[Term], tuple[str, ...]] = {}


def _names(kind: type[Term]) -> tuple[str, ...]:
    """The fields of a node in which there is something, all but its place in the text."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(each.name for each in fields(kind) if each.compare)
    return _NAMES[kind]


def _terms(values: Sequence[Value]) -> Iterator[Term]:
    for value in values:
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple):
            yield from _terms(value)
        elif isinstance(value, Offset):
            yield value.by


def with_parts(term: Term, new: Sequence[Term]) -> Term:
    """The same node with other terms inside, given in the order of `parts`.

    Raises IllTyped where they do not fit.
    """
    waiting = iter(new)

    def put(value: Value) -> Value:
        if isinstance(value, Term):
            return next(waiting)
        if isinstance(value, tuple):
            return tuple(put(each) for each in value)
        if isinstance(value, Offset):
            return Offset(value.of, next(waiting))
        return value

    return _changed(term, put)


def _changed(term: Term, put: Callable[[Value], Value]) -> Term:
    changed = {each.name: put(getattr(term, each.name)) for each in fields(term)}
    if all(changed[each.name] is getattr(term, each.name) for each in fields(term)):
        return term
    return replace(term, **changed)  # type: ignore[arg-type]  # each put gives back its kind


def with_members(term: Term, values: Members) -> Term:
    """The term with free index variables replaced by members.

    Nothing is captured: a binder is an object, and no member outside its scope mentions it.
    """
    if not values:
        return term

    def put(value: Value) -> Value:
        match value:
            case IndexVariable():
                return values.get(value, value)
            case Numbered():
                return value
            case ListEntry() | Offset():
                return member_with(value, values)
            case Comparison(left, right, negated):
                return Comparison(member_with(left, values), member_with(right, values), negated)
            case Term():
                return with_members(value, values)
            case tuple():
                new = tuple(put(each) for each in value)
                return value if all(a is b for a, b in zip(value, new, strict=True)) else new
        return value

    return _changed(term, put)


def member_with(member: Member, values: Members) -> Member:
    """The member with index variables in it replaced."""
    match member:
        case IndexVariable():
            return values.get(member, member)
        case ListEntry(words, at):
            return ListEntry(words, member_with(at, values))
        case Offset(of, by):
            by = with_members(by, values)
            put = values.get(of, of) if of is not None else None
            match put:
                case None | IndexVariable():
                    return Offset(put, by)
                case Numbered(value):
                    return Offset(None, Plus((Number(Fraction(value)), by)))
                case Offset(inner, before):
                    return Offset(inner, Plus((before, by)))
            raise TypeError(f"an offset of {put}")
        case Numbered():
            return member
    raise TypeError(f"no member of an index set: {type(member).__name__}")


def with_variables(term: Term, values: Mapping[Variable, Variable]) -> Term:
    """The term with free variables renamed; the bodies of its definitions stay as they are."""

    def put(value: Value) -> Value:
        match value:
            case Variable():
                return values.get(value, value)
            case Term():
                return with_variables(value, values)
            case tuple():
                new = tuple(put(each) for each in value)
                return value if all(a is b for a, b in zip(value, new, strict=True)) else new
        return value

    return _changed(term, put)


def binders(term: Term) -> tuple[IndexVariable, ...]:
    """The index variables that a node binds; a sum's bounds do not mention its own."""
    match term:
        case Ranged(over=over) | Rows(over=over):
            return (over,)
        case Table(axes=axes):
            return tuple(axis for axis in axes if axis is not None)
    return ()


def members(term: Term) -> tuple[Member, ...]:
    """The members directly inside a term, in their order: subscripts, labels, what is compared."""
    bound = ("over", "axes") if isinstance(term, Ranged | Rows | Table) else ()
    names = (name for name in _names(type(term)) if name not in bound)
    return tuple(_members([getattr(term, name) for name in names]))


def _members(values: Sequence[Value]) -> Iterator[Member]:
    for value in values:
        match value:
            case IndexVariable() | Numbered() | ListEntry() | Offset():
                yield value
            case Comparison(left, right):
                yield from (left, right)
            case tuple():
                yield from _members(value)


def same(left: Value, right: Value, names: Renamed | None = None) -> bool:
    """Whether two terms are one up to the names of what they bind (alpha-equivalence)."""
    names = names or {}
    if isinstance(left, IndexVariable) and isinstance(right, IndexVariable):
        return names[left] is right if left in names else left is right not in names.values()
    if isinstance(left, tuple) and isinstance(right, tuple):
        pairs = zip(left, right, strict=False)
        return len(left) == len(right) and all(same(one, other, names) for one, other in pairs)
    structured = Term | ListEntry | Offset | Comparison
    if not isinstance(left, structured) or type(left) is not type(right):
        return left == right
    if isinstance(left, Term) and isinstance(right, Term):
        mine, others = binders(left), binders(right)
        if [each.space for each in mine] != [each.space for each in others]:
            return False
        names = {**names, **dict(zip(mine, others, strict=True))}
    inside = [each.name for each in fields(left) if each.compare]
    return all(same(getattr(left, name), getattr(right, name), names) for name in inside)


# Free variables of a term: what it mentions that nothing in it binds, in its definitions too.


Bound = frozenset[IndexVariable | Variable]
NOTHING: Bound = frozenset()


@dataclass
class Free:
    """What is free in a term, in the order met.

    ``letters`` are the free indices of arrays typed in Python; ``sizes`` are those that stand as
    numbers; ``spaces`` are all index sets, of bound indices and of axes as well; ``varied`` is what
    derivatives are taken by. ``names`` are all names that a bound index may not have: those of the
    free ones, of sizes, lists and functions.
    """

    indices: dict[IndexVariable, None] = field(default_factory=dict)
    letters: dict[Index, None] = field(default_factory=dict)
    variables: dict[Variable, None] = field(default_factory=dict)
    lists: dict[WordList, None] = field(default_factory=dict)
    functions: dict[Arbitrary, None] = field(default_factory=dict)
    sizes: dict[Size, None] = field(default_factory=dict)
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
                self.sizes[value] = None
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
        for axis in sorted(axes | letters, key=str):
            self.visit(axis.space)

    def _add(self, other: Free) -> None:
        self.indices.update(other.indices)
        self.letters.update(other.letters)
        self.variables.update(other.variables)
        self.lists.update(other.lists)
        self.functions.update(other.functions)
        self.sizes.update(other.sizes)
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


def node_count(*terms: Term) -> int:
    """How many nodes terms have, their definitions written out."""
    return sum(_node_count(term, {}) for term in terms)


def _node_count(term: Term, known: dict[Definition, int]) -> int:
    count = 1 + sum(_node_count(part, known) for part in parts(term))
    if isinstance(term, Call | Mapped):
        if term.definition not in known:
            known[term.definition] = _node_count(term.definition.body, known)
        count += known[term.definition]
    return count


_KINK_OF_DEFINITION: WeakKeyDictionary[Definition, bool] = WeakKeyDictionary()


def has_kink(term: Term) -> bool:
    """Whether a term has an absolute value, a sign, cases by size, or the greatest of some."""
    match term:
        case Extremum() | ExtremumOver() | Choice():
            return True
        case Apply(function) if function.kink:
            return True
        case Call(definition) | Mapped(definition):
            if definition not in _KINK_OF_DEFINITION:
                _KINK_OF_DEFINITION[definition] = has_kink(definition.body)
            if _KINK_OF_DEFINITION[definition]:
                return True
    return any(map(has_kink, parts(term)))


# A term in the place of a variable --------------------------------------------------------------


_NUMBERS = count(1)  # of parameters: no two have one name


@dataclass(frozen=True)
class Solved:
    """A variable, and the term that it is said to be, of the variable's shape."""

    variable: Variable
    value: Term


def solved(left: Term, right: Term) -> Solved | None:
    """What ``left = right`` says that a variable is; None where it is no such equality.

    The left side is a variable, its entry at letters that differ (then all entries are given), or
    its row at a letter. The right side does not mention the variable.
    """
    found = _of_variable(left, right)
    if found is None or found.variable in free_in(right).variables:
        return None
    return found


def spoken_of(left: Term, right: Term) -> Variable | None:
    """The variable that an equality is about: alone on the left, or to a power, and not right."""
    while isinstance(left, Power):
        left = left.base
    inside = left.of if isinstance(left, Entry | Row) else left
    if not isinstance(inside, Reference) or inside.variable in free_in(right).variables:
        return None
    return inside.variable


def _of_variable(left: Term, right: Term) -> Solved | None:
    match left:
        case Reference(variable) if variable.shape == right.shape:
            return Solved(variable, right)
        case Entry(Reference(variable), members):
            axes = [axis for axis in variable.shape if axis is not None]
            letters = [each for each in members if isinstance(each, IndexVariable)]
            if [each.space for each in letters] != axes or len(set(letters)) != len(members):
                return None
            fresh = [IndexVariable(each.space, each.name, each.latex) for each in letters]
            body = with_members(right, dict(zip(letters, fresh, strict=True)))
            waiting = iter(fresh)
            row, column = [None if axis is None else next(waiting) for axis in variable.shape]
            return Solved(variable, Table((row, column), body))
        case Row(Reference(variable), IndexVariable() as letter):
            if variable.shape[:1] != (letter.space,) or right.shape != left.shape:
                return None
            over = IndexVariable(letter.space, letter.name, letter.latex)
            return Solved(variable, Rows(over, with_members(right, {letter: over})))
    return None


def with_values(term: Term, values: Sequence[Solved]) -> Term:
    """The term with values in the place of variables, one after the other."""
    for each in values:
        if each.variable not in free_in(term).variables:
            continue
        old, parameter = each.variable, renamed(each.variable)
        body = _Renaming(old, parameter).of(term)
        term = Call(Definition(f"put in for {old.name}", (parameter,), body), (each.value,))
    return term


class _Renaming:
    """One variable in the place of another one.

    A definition that mentions it gets a parameter more, and is given the variable where it is
    called (lambda lifting): the body of a definition mentions no parameter of another one.
    """

    def __init__(self, old: Variable, new: Variable) -> None:
        self.old, self.new = old, new
        self.lifted: dict[Definition, Definition] = {}

    def of(self, term: Term) -> Term:
        """The term with the new variable."""
        if self.old not in free_in(term).variables:
            return term
        if isinstance(term, Call) and self.old in free_in_definition(term.definition).variables:
            arguments = [self._argument(each) for each in term.arguments]
            return Call(self._lifted(term.definition), (*arguments, Reference(self.new)))
        if isinstance(term, Mapped) and self.old in free_in_definition(term.definition).variables:
            raise IllTyped("entry by entry", "a function of one number alone")
        changed = {each.name: self._put(getattr(term, each.name)) for each in fields(term)}
        return replace(term, **changed)  # type: ignore[arg-type]  # each keeps its kind

    def _lifted(self, definition: Definition) -> Definition:
        known = self.lifted.get(definition)
        if known is None:
            parameter = renamed(self.old)
            body = _Renaming(self.old, parameter).of(definition.body)
            known = replace(definition, parameters=(*definition.parameters, parameter), body=body)
            self.lifted[definition] = known
        return known

    def _argument(self, argument: Argument) -> Argument:
        return self.of(argument) if isinstance(argument, Term) else argument

    def _put(self, value: object) -> object:
        if value is self.old:
            return self.new
        if isinstance(value, Term):
            return self.of(value)
        if isinstance(value, tuple):
            return tuple(map(self._put, value))
        return value


def renamed(variable: Variable) -> Variable:
    """A parameter of the shape of a variable."""
    return replace(variable, name=f"{variable.name} {next(_NUMBERS)}")


# Abstraction ------------------------------------------------------------------------------------


class Closed(Exception):
    """A function that is taken entry by entry depends on what is replaced."""


@lru_cache(maxsize=256)
def abstracted(term: Term, part: Term, name: str, latex: str) -> tuple[Term, Variable] | None:
    """The term with a variable in the place of ``part``, and that variable; None without one.

    Raises Closed where it cannot be said.
    """
    variable = Variable(part.shape, name, latex)
    lifted = with_parameter(term, part, variable)
    return None if lifted is term else (lifted, variable)


def with_parameter(term: Term, part: Term, variable: Variable) -> Term:
    """The term with ``variable`` for ``part``, in the definitions that it uses as well.

    Raises Closed where it cannot be said.
    """
    return _Lifting(part, variable, free_in(part)).of(term, variable)


@lru_cache(maxsize=256)
def abstracted_family(
    term: Term, family: Definition, name: str, latex: str
) -> tuple[Term, Variable] | None:
    """The term with the rows of a matrix for a family of vectors, and that matrix; None without.

    Raises Closed where it cannot be said: at what is no member of the family's own set, too.
    """
    (over,) = family.parameters
    assert isinstance(over, IndexVariable)
    variable = Variable((over.space, vector_axis(family.body.shape)), name, latex)
    nothing = Call(family, (over,))
    lifted = _LiftingFamily(nothing, variable, free_in(nothing)).of(term, variable)
    return None if lifted is term else (lifted, variable)


@dataclass
class _Lifting:
    """The replacement of one part, with the definitions that were copied for it."""

    part: Term
    parameter: Variable
    mentioned: Free
    copies: dict[Definition, Definition] = field(default_factory=dict)

    def of(self, term: Term, variable: Variable) -> Term:
        """A term with a reference to ``variable`` for the part; the same one where it has none."""
        put = self._put(term, variable)
        if put is not None:
            return put
        old = parts(term)
        new = tuple(self.of(each, variable) for each in old)
        changed = any(one is not other for one, other in zip(old, new, strict=True))
        found = with_parts(term, new) if changed else term
        if isinstance(found, Call | Mapped):
            copy = self._copy(found.definition) if self._means_the_same(found) else found.definition
            if copy is not found.definition:
                if isinstance(found, Mapped):
                    raise Closed
                arguments = (*found.arguments, Reference(variable))
                found = replace(found, definition=copy, arguments=arguments)
        return found

    def _put(self, term: Term, variable: Variable) -> Term | None:
        """What stands for a term; None for one that is not replaced."""
        return Reference(variable) if term == self.part else None

    def _means_the_same(self, term: Call | Mapped) -> bool:
        """Whether the part means the same inside the definition as where it is applied."""
        arguments = term.arguments if isinstance(term, Call) else (term.of,)
        return all(
            argument in (parameter, Reference(parameter))
            if isinstance(parameter, Variable)
            else argument is parameter
            for parameter, argument in zip(term.definition.parameters, arguments, strict=True)
            if parameter in self.mentioned.variables or parameter in self.mentioned.indices
        )

    def _copy(self, definition: Definition) -> Definition:
        """The definition with a parameter for the part, where it depends on it."""
        if definition not in self.copies:
            variable = replace(self.parameter)
            body = self.of(definition.body, variable)
            copy = definition
            if body is not definition.body:
                parameters = (*definition.parameters, variable)
                copy = replace(definition, parameters=parameters, body=body)
            self.copies[definition] = copy
        return self.copies[definition]


@dataclass
class _LiftingFamily(_Lifting):
    """The replacement of all members of a family, which depends on nothing but its letter."""

    def _put(self, term: Term, variable: Variable) -> Term | None:
        assert isinstance(self.part, Call)
        if not isinstance(term, Call) or term.definition is not self.part.definition:
            return None
        (member,) = term.arguments
        if not isinstance(member, IndexVariable) or (member.space,) != variable.shape[:1]:
            raise Closed
        return Row(Reference(variable), member)

    def _means_the_same(self, term: Call | Mapped) -> bool:
        return True


# Einstein's convention: a letter that stands twice in a product, and nowhere on the other side.


def summed_by_convention(term: Term, other: Term | Misfit) -> IndexVariable | None:
    """The letter that a side sums over if its author writes no sum signs; None where it has none.

    ``A_{ij} x_j`` is read as it stands, for each j, which no other side without a j is equal to.
    """
    known = free_in(other).indices if isinstance(other, Term) else {}
    own = [letter for letter in free_in(term).indices if letter not in known and letter.latex]
    summed = all(_times_in_products(term, letter) == 2 for letter in own)
    return own[0] if own and summed else None


def _times_in_products(term: Term, letter: IndexVariable) -> int | None:
    """How often a letter stands in each product that has it; None where that is not one number."""
    if letter not in free_in(term).indices:
        return 0
    match term:
        case Plus(summands):
            counts = {_times_in_products(each, letter) for each in summands} - {0}
            return counts.pop() if len(counts) == 1 else None
        case Negative(inside):
            return _times_in_products(inside, letter)
        case Quotient(over, under) if letter not in free_in(under).indices:
            return _times_in_products(over, letter)
        case Times(left, right) | MatrixProduct(left, right) | InnerProduct(left, right):
            one, two = (_times_in_products(each, letter) for each in (left, right))
            return None if one is None or two is None else one + two
        case Entry(of, members) if letter not in free_in(of).indices:
            return members.count(letter)
        case Transpose(Row(_, member)) | Row(_, member):
            return int(member is letter)
        case Derivative(of, by):
            one, two = _times_in_products(of, letter), _times_in_products(by, letter)
            return None if one is None or two is None else one + two
        case Indicator(comparisons):
            return sum((each.left, each.right).count(letter) for each in comparisons)
    return None
