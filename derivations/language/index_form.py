"""Meaning one of terms: their entries in index notation, SymPy expressions at symbolic sizes.

The entry of a term at given indices is built from the entries of its parts (denotational
semantics, an environment for what is bound). A bound index gets a name where its binder is met,
away from every free name on either side and from the binders around it: nothing can be captured,
and products and substitutions need not rename. Definitions stay folded, as applications of
`Defined`, except those that take arrays, which are written out.

Derivatives at the top stay as they were written. One inside a definition is taken while
the parameters of the definition are free symbols, and what they stand for is put in afterwards:
where it is by a parameter, the parameter varies and its argument does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import count
from weakref import WeakKeyDictionary

from sympy import (
    Add,
    Basic,
    Derivative,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Rational,
    Symbol,
    pi,
)

from derivations.indices import Entries, Index, IndexProduct, IndexSet, IndexSum, Names, WordArray
from derivations.language import tree
from derivations.language.functions import GREATEST, AbsoluteValue, Nowhere, Selected
from derivations.language.index_nodes import (
    Defined,
    Determinant,
    InverseEntry,
    Opaque,
    Scope,
    applied,
    arbitrary,
    define,
    derivative,
    rebuilt,
    substitute,
    symbol_names,
    unfold,
    with_derivatives_taken,
)
from derivations.language.traversal import Free, free_in, free_in_definition
from derivations.language.tree import (
    Definition,
    IndexVariable,
    Member,
    Negative,
    Number,
    Plus,
    Shape,
    Size,
    Term,
    Times,
    Variable,
)
from derivations.proof.fragment import OutsideFragment

Limits = tuple[Index, Expr, Expr]
At = tuple[()] | tuple[Expr | None, Expr | None]
MOST_LEFT_OUT = 4  # members that a sum leaves out one by one; each may double the terms


@dataclass(frozen=True)
class Sides:
    """Both sides of an equality at the same ``axes``, those of length one left out.

    ``letters`` says which variable a free index stands for. ``differentiated`` says that a
    derivative inside a definition was taken on the way, so that the sides do not say what was
    written but what was made of it.
    """

    left: Expr
    right: Expr
    axes: tuple[Index, ...] = ()
    letters: Mapping[Index, IndexVariable] = field(default_factory=dict)
    differentiated: bool = False


def sides(left: Term, right: Term, names: Names | None = None, taken: Iterable[str] = ()) -> Sides:
    """Both sides of one shape in index notation.

    ``names`` are the declared letters; ``taken`` are names that stand for something else beside
    the sides, as those in conditions do.

    Raises IllTyped where the shapes differ, OutsideFragment for what index notation does not say.
    """
    if left.shape != right.shape:
        raise tree.IllTyped(tree.spelled(left.shape), tree.spelled(right.shape))
    form, scope = _begin((left, right), names)
    at, scope = form.axes(left.shape, (left, right), scope.naming(*taken))
    values = [form.entry(side, at, scope) for side in (left, right)]
    free = free_in(left, right)
    _require_told_apart(free)
    letters = {letter(variable): variable for variable in free.indices}
    axes = tuple(axis for axis in at if axis is not None)
    return Sides(values[0], values[1], axes, letters, form.differentiated)


def _require_told_apart(free: Free) -> None:
    """Raise OutsideFragment where index notation has one name for two things."""
    numbers = [variable.name for variable in free.variables if not any(variable.shape)]
    arrays = [variable.name for variable in free.variables if any(variable.shape)]
    lists = [(words.name, words.values) for words in free.lists]
    functions = [function.name for function in free.functions]
    for names in ([*map(letter, free.indices)], numbers, arrays, lists, functions):
        for name, times in Counter(names).items():
            if times > 1:
                raise OutsideFragment(f"{name} stands for two things")


def entry_of(term: Term, names: Names | None = None) -> tuple[Expr, tuple[Index, ...]]:
    """The entry of one term, and the indices that run over its axes."""
    form, scope = _begin((term,), names)
    at, scope = form.axes(term.shape, (term,), scope)
    return form.entry(term, at, scope), tuple(axis for axis in at if axis is not None)


def entry_at(
    term: Term,
    members: Mapping[IndexVariable, Expr],
    at: Sequence[Expr] = (),
    names: Names | None = None,
) -> Expr:
    """The entry of a term at some indices, where index variables stand for ``members``."""
    form, scope = _begin((term,), names)
    used = (symbol_names(each) for each in (*members.values(), *at))
    scope = replace(scope, taken=scope.taken.union(*used), members=dict(members))
    return form.entry(term, _placed(term.shape, at), scope)


def member_form(member: Member) -> Expr:
    """A member of an index set, made of free letters, as an index expression."""
    return _IndexForm(Names()).member(member, _Scope(frozenset()))


def application(definition: Definition, *arguments: Expr) -> Expr:
    """A definition at the arguments of its parameters and, after them, of the axes of its body."""
    made = defined(definition)
    return made.kind(*made.implicit, *arguments)


def letter(variable: IndexVariable) -> Index:
    """The index that a free variable is written as."""
    return Index(variable.name, variable.space)


def size(name: str, least: int) -> Symbol:
    """The symbol of a size."""
    sign = {"positive": True} if least else {"nonnegative": True}
    return Symbol(name, integer=True, **sign)


# Definitions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Folded:
    """A definition as a named function: of ``implicit`` letters, its parameters, and its axes.

    ``implicit`` are the letters that its body leaves free.
    """

    kind: type[Defined]
    implicit: tuple[Index, ...]


_FOLDED: WeakKeyDictionary[Definition, Folded] = WeakKeyDictionary()


def is_folded(definition: Definition) -> bool:
    """Whether a definition stays a named function: one that takes arrays is written out."""
    return not any(isinstance(p, Variable) and p.shape for p in definition.parameters)


def defined(definition: Definition) -> Folded:
    """The named function that a definition is; the same one whenever it is asked for."""
    if definition not in _FOLDED:
        _FOLDED[definition] = _fold(definition)
    return _FOLDED[definition]


def _fold(definition: Definition) -> Folded:
    body, names = definition.body, definition.names
    free = free_in_definition(definition)
    form = _IndexForm(names)
    scope = _Scope(frozenset(free.names), inside=True)
    implicit = tuple(sorted((*map(letter, free.indices), *free.letters), key=str))
    parameters: list[Symbol] = []
    for parameter in definition.parameters:
        if isinstance(parameter, IndexVariable):
            index, scope = form.bind(parameter, scope)
            parameters.append(index)
        else:
            symbol = Symbol(_distinct(parameter.name, scope.taken), real=True)
            scope = scope.valued({parameter: symbol}).naming(symbol.name)
            parameters.append(symbol)
    at, scope = form.axes(body.shape, (body,), scope)
    axes = [axis for axis in at if axis is not None]
    value = form.entry(body, at, scope)
    kind = define(
        definition.name,
        _shown(definition, parameters, axes),
        (*implicit, *parameters, *axes),
        value,
        differentiates=form.differentiated,
    )
    return Folded(kind, implicit)


def _distinct(name: str, taken: frozenset[str]) -> str:
    names = (name + "'" * times for times in count())
    return next(each for each in names if each not in taken)


def _shown(definition: Definition, parameters: list[Symbol], axes: list[Index]) -> str:
    """How an application is printed: subscripts in brackets, arguments in parentheses.

    A function of members of a family, ``J(v_c, o, U)``, is printed by its name alone; parameters
    that its pattern does not show, letters that it depends on without naming them, are left out.
    """
    texts = [part for part in definition.pattern if isinstance(part, str)]
    ends = ["".join(f"{{{axis.name}}}" for axis in (each,)) for each in axes]
    named = [place for place in definition.pattern if isinstance(place, int)]
    if not definition.pattern:
        named = list(range(len(parameters)))
    slots = [f"{{{parameters[place].name}}}" for place in named]
    if "(" not in "".join(texts) and (definition.pattern or not slots):
        return definition.name + _brackets([*slots, *ends])
    before = [
        text
        for text, part in zip(definition.pattern, definition.pattern[1:], strict=False)
        if isinstance(part, int) and isinstance(text, str)
    ]
    if not slots or any(text.endswith(("_{", "_")) for text in before):
        return definition.name + _brackets(ends)
    bar = any(sign in text for text in texts for sign in ("|", r"\mid"))
    return f"{definition.name}({('|' if bar else ', ').join(slots)})" + _brackets(ends)


def _brackets(subscripts: list[str]) -> str:
    return f"[{','.join(subscripts)}]" if subscripts else ""


# The translation -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Closure:
    """An argument with the scope that it was written in."""

    term: Term
    scope: _Scope


@dataclass(frozen=True)
class _Scope:
    """What bound letters and parameters stand for at one place of a term.

    ``taken`` are the names that a bound index may not have here; ``inside`` says that the place
    is in a definition, where derivatives are taken.
    """

    taken: frozenset[str]
    members: Mapping[IndexVariable, Expr] = field(default_factory=dict)
    values: Mapping[Variable, Expr | _Closure] = field(default_factory=dict)
    inside: bool = False

    def naming(self, *names: str) -> _Scope:
        """With more names taken."""
        return replace(self, taken=self.taken.union(names))

    def meaning(self, variable: IndexVariable, member: Expr) -> _Scope:
        """With an index variable that stands for a member."""
        return replace(self, members={**self.members, variable: member})

    def valued(self, values: Mapping[Variable, Expr | _Closure]) -> _Scope:
        """With parameters that stand for values."""
        return replace(self, values={**self.values, **values})


def _begin(terms: tuple[Term, ...], names: Names | None) -> tuple[_IndexForm, _Scope]:
    return _IndexForm(names or Names()), _Scope(frozenset(free_in(*terms).names))


def _placed(shape: Shape, members: Sequence[Expr]) -> At:
    """Members for the axes that are not of length one, in their places."""
    if not shape:
        return ()
    waiting = iter(members)
    row, column = (next(waiting) if axis is not None else None for axis in shape)
    return row, column


class _IndexForm:
    """Translates terms; ``differentiated`` is set once a derivative has been taken."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.differentiated = False

    # Names and members

    def bind(self, variable: IndexVariable, scope: _Scope) -> tuple[Index, _Scope]:
        """A new index for a bound variable, and the scope under its binder."""
        index, scope = self.bound(variable.space, variable.name, scope)
        return index, scope.meaning(variable, index)

    def bound(self, space: IndexSet, hint: str, scope: _Scope) -> tuple[Index, _Scope]:
        """A new index over a set, and the scope in which its name is taken."""
        index = Index(self.names.fresh(space, hint, scope.taken), space)
        return index, scope.naming(index.name)

    def axes(self, shape: Shape, like: tuple[Term, ...], scope: _Scope) -> tuple[At, _Scope]:
        """Indices for the axes of a shape, called as one of the terms calls them."""
        found: list[Index] = []
        for place, space in enumerate(shape):
            if space is not None:
                hints = (hint for term in like if (hint := _hint(term, place)))
                index, scope = self.bound(space, next(hints, ""), scope)
                found.append(index)
        return _placed(shape, found), scope

    def member(self, member: Member, scope: _Scope) -> Expr:
        """A member of an index set as an index expression."""
        match member:
            case IndexVariable():
                return scope.members.get(member) or letter(member)
            case tree.Numbered(value):
                return Integer(value)
            case tree.ListEntry(words, place):
                return WordArray(words.name, words.values)[self.member(place, scope)]
            case tree.Offset(of, by):
                steps = self.entry(by, (), scope)
                return steps if of is None else self.member(of, scope) + steps
        raise TypeError(f"no member of an index set: {type(member).__name__}")

    def delta(self, comparison: tree.Comparison, scope: _Scope) -> Expr:
        """One where a comparison holds, else zero."""
        left = self.member(comparison.left, scope)
        right = self.member(comparison.right, scope)
        same = Integer(1) if left == right else KroneckerDelta(left, right)
        return 1 - same if comparison.negated else same

    # Terms

    def entry(self, term: Term, at: At, scope: _Scope) -> Expr:
        """The entry of a term at row and column ``at``; nothing there for a number."""
        match term:
            case tree.Array():
                return _array(term, at)
            case tree.Number(value):
                return Rational(value.numerator, value.denominator)
            case tree.Size(name, least):
                return size(name, least)
            case tree.Pi():
                return pi
            case tree.IndexNumber(member):
                return self.member(member, scope)
            case tree.Reference(variable):
                return self._reference(variable, at, scope)
            case tree.Entry(of, members):
                found = [self.member(member, scope) for member in members]
                return self.entry(of, _placed(of.shape, found), scope)
            case tree.Row(of, member):
                return self.entry(of, (self.member(member, scope), _pair(at)[0]), scope)
            case tree.Slice(variable, member):
                places = (place for place in at if place is not None)
                return IndexedBase(variable.name)[(self.member(member, scope), *places)]
            case tree.Table(axes, body):
                pairs = zip(axes, at, strict=True)
                return self.entry(body, (), _standing(pairs, scope))
            case tree.Rows(over, body, as_columns):
                row, column = _pair(at)[::-1] if as_columns else _pair(at)
                return self.entry(body, (column, None), _standing([(over, row)], scope))
            case tree.Zeros():
                return Integer(0)
            case tree.Constant(of):
                return self.entry(of, (), scope)
            case tree.Identity():
                row, column = _pair(at)
                return Integer(1) if row == column else KroneckerDelta(row, column)
            case tree.Indicator(comparisons):
                return _product(self.delta(each, scope) for each in comparisons)
            case tree.Cases():
                return self._cases(term, at, scope)
            case tree.Choice():
                return self._choice(term, at, scope)
            case tree.Sum():
                return self._sum(term, at, scope)
            case tree.IndexedProduct():
                return self._product_over(term, scope)
            case tree.ExtremumOver():
                return self._extremum_over(term, scope)
            case tree.Plus(parts):
                return Add(*(self.entry(part, at, scope) for part in parts))
            case tree.Negative(of):
                return -self.entry(of, at, scope)
            case tree.Times(left, right):
                factors = ((each, at if each.shape else ()) for each in (left, right))
                return _product(self.entry(each, place, scope) for each, place in factors)
            case tree.Entrywise(left, right):
                return self.entry(left, at, scope) * self.entry(right, at, scope)
            case tree.MatrixProduct():
                return self._matrix_product(term, at, scope)
            case tree.InnerProduct(left, right):
                return self._inner_product(left, right, scope)
            case tree.Quotient(over, under):
                below = self.entry(under, at if under.shape else (), scope)
                return self.entry(over, at, scope) / below
            case tree.Power(base, exponent):
                return self.entry(base, at, scope) ** exponent
            case tree.Transpose(of):
                return self.entry(of, at[::-1], scope)
            case tree.Inverse(of):
                return self._inverse(of, at, scope)
            case tree.Trace(of):
                return self._trace(of, scope)
            case tree.Determinant(of):
                return self._determinant(of, scope)
            case tree.Extremum(parts, least):
                values = [self.entry(part, at, scope) for part in parts]
                return reduce(_least if least else _greatest, values)
            case tree.Apply(function, of):
                return function.symbolic(self.entry(of, at, scope))
            case tree.Call():
                return self._call(term, at, scope)
            case tree.Mapped(definition, of):
                made = defined(definition)
                return self._applied(made, [self.entry(of, at, scope)])
            case tree.ArbitraryCall():
                return self._arbitrary(term, scope)
            case tree.Derivative(of, by):
                return self._derivative(of, by, at, scope)
        raise TypeError(f"no term of the language: {type(term).__name__}")

    def _reference(self, variable: Variable, at: At, scope: _Scope) -> Expr:
        value = scope.values.get(variable)
        if isinstance(value, _Closure):
            return self.entry(value.term, at, value.scope.naming(*scope.taken))
        if not any(variable.shape):
            return Symbol(variable.name, real=True) if value is None else value
        base = IndexedBase(variable.name) if value is None else value
        return base[tuple(place for place in at if place is not None)]

    def _cases(self, term: tree.Cases, at: At, scope: _Scope) -> Expr:
        """Each value times one where its case holds and none before it does, else zero."""
        result, others = Integer(0), Integer(1)
        for conditions, value in zip(term.conditions, term.values, strict=False):
            holds = _product(self.delta(each, scope) for each in conditions)
            result += others * holds * self.entry(value, at, scope)
            others *= 1 - holds
        return result + others * self.entry(term.values[-1], at, scope)

    def _choice(self, term: tree.Choice, at: At, scope: _Scope) -> Expr:
        """Each value where its test holds, one within the other."""
        tests = [self.entry(test, (), scope) for test in term.tests]
        values = [self.entry(value, at, scope) for value in term.values]
        result: Expr = values[-1] if len(values) > len(tests) else Nowhere()
        for test, value in zip(reversed(tests), values[len(tests) - 1 :: -1], strict=True):
            result = Selected(test, value, result)
        return result

    def _sum(self, term: tree.Sum, at: At, scope: _Scope) -> Expr:
        limits, kept, inner = self._range(term, scope)
        return IndexSum(_product([*kept, self.entry(term.body, at, inner)]), limits)

    def _product_over(self, term: tree.IndexedProduct, scope: _Scope) -> Expr:
        """A member that is left out has the factor one."""
        limits, kept, inner = self._range(term, scope)
        factor = self.entry(term.body, (), inner)
        return IndexProduct(1 + _product(kept) * (factor - 1) if kept else factor, limits)

    def _extremum_over(self, term: tree.ExtremumOver, scope: _Scope) -> Expr:
        """A function of all numbers, and of which of them count: min(x) = -max(-x)."""
        if term.lower is not None or term.upper is not None:
            raise OutsideFragment("the greatest over a part of a range")
        index, inner = self.bind(term.over, scope)
        kept = _product(self.delta(each, inner) for each in term.where)
        sign = -1 if term.least else 1
        number = sign * self.entry(term.body, (), inner)
        arrays = (Entries(each, index) for each in (number, kept))
        found: Expr = sign * applied(GREATEST, 0, (1, 1))(*arrays)
        return found

    def _range(self, term: tree.Ranged, scope: _Scope) -> tuple[Limits, list[Expr], _Scope]:
        """An index with its bounds, what is one for the members that count, and the scope."""
        space = term.over.space
        lower = space.lower if term.lower is None else self.entry(term.lower, (), scope)
        upper = space.upper if term.upper is None else self.entry(term.upper, (), scope)
        index, inner = self.bind(term.over, scope)
        kept = [self.delta(each, inner) for each in term.where]
        left_out = _left_out(space, lower, upper)
        if left_out is not None:
            kept += [1 - KroneckerDelta(index, member) for member in left_out]
            lower, upper = space.lower, space.upper
        return (index, lower, upper), kept, inner

    def _matrix_product(self, term: tree.MatrixProduct, at: At, scope: _Scope) -> Expr:
        row, column = _pair(at)
        space, inner = term.left.shape[1], None  # type: ignore[misc]  # both have axes
        if space is not None:
            hint = _hint(term.left, 1) or _hint(term.right, 0)
            inner, scope = self.bound(space, hint, scope)
        left = self.entry(term.left, (row, inner), scope)
        summand = left * self.entry(term.right, (inner, column), scope)
        return summand if inner is None else _total(summand, inner)

    def _inverse(self, of: Term, at: At, scope: _Scope) -> Expr:
        """That of a product is the product of those of its factors, the last one first."""
        match of:
            case tree.Transpose(inside):
                return self._inverse(inside, at[::-1], scope)
            case tree.Inverse(inside):
                return self.entry(inside, at, scope)
            case tree.Identity():
                return self.entry(of, at, scope)
            case tree.Negative(inside):
                return -self._inverse(inside, at, scope)
            case tree.Times(left, right):
                number, matrix = (left, right) if right.shape else (right, left)
                return self._inverse(matrix, at, scope) / self.entry(number, (), scope)
            case tree.MatrixProduct(left, right) if left.shape == right.shape == of.shape:
                turned = tree.MatrixProduct(tree.Inverse(right), tree.Inverse(left))
                return self._matrix_product(turned, at, scope)
            case tree.Call(definition, ()):
                return self._inverse(definition.body, at, _Scope(scope.taken, inside=True))
        row, column = _pair(at)
        places, inner = self.axes(of.shape, (of,), scope)
        return InverseEntry(row, column, Entries(self.entry(of, places, inner), *places))

    def _trace(self, of: Term, scope: _Scope) -> Expr:
        space = of.shape[0] if of.shape else None
        assert space is not None
        index, inner = self.bound(space, _hint(of, 0), scope)
        return _total(self.entry(of, (index, index), inner), index)

    def _determinant(self, of: Term, scope: _Scope) -> Expr:
        """Of a product of square matrices the product of their determinants."""
        match of:
            case tree.Transpose(inside):
                return self._determinant(inside, scope)
            case tree.Inverse(inside):
                return 1 / self._determinant(inside, scope)
            case tree.Identity():
                return Integer(1)
            case tree.Negative(inside):
                return self._power_of_size(Integer(-1), of, scope) * self._determinant(
                    inside, scope
                )
            case tree.Times(left, right):
                number, matrix = (left, right) if right.shape else (right, left)
                factor = self.entry(number, (), scope)
                return self._power_of_size(factor, of, scope) * self._determinant(matrix, scope)
            case tree.MatrixProduct(left, right) if left.shape == right.shape == of.shape:
                return self._determinant(left, scope) * self._determinant(right, scope)
            case tree.Call(definition, ()):
                return self._determinant(definition.body, _Scope(scope.taken, inside=True))
        places, inner = self.axes(of.shape, (of,), scope)
        return Determinant(Entries(self.entry(of, places, inner), *places))

    def _power_of_size(self, factor: Expr, of: Term, scope: _Scope) -> Expr:
        """A factor for each row of a matrix."""
        space = of.shape[0] if of.shape else None
        assert space is not None
        index, _ = self.bound(space, _hint(of, 0), scope.naming(*symbol_names(factor)))
        return IndexProduct(factor, (index, space.lower, space.upper))

    def _inner_product(self, left: Term, right: Term, scope: _Scope) -> Expr:
        at, scope = self.axes(left.shape, (left, right), scope)
        found = self.entry(left, at, scope) * self.entry(right, at, scope)
        for index in at:
            found = found if index is None else _total(found, index)
        return found

    # Functions

    def _call(self, term: tree.Call, at: At, scope: _Scope) -> Expr:
        definition = term.definition
        places = [place for place in at if place is not None]
        if is_folded(definition):
            arguments = [
                self.entry(each, (), scope) if isinstance(each, Term) else self.member(each, scope)
                for each in term.arguments
            ]
            return self._applied(defined(definition), [*arguments, *places])
        inside = _Scope(scope.taken, inside=True)
        for parameter, argument in zip(definition.parameters, term.arguments, strict=True):
            if isinstance(parameter, Variable) and isinstance(argument, Term):
                inside = inside.valued({parameter: _Closure(argument, scope)})
            elif isinstance(parameter, IndexVariable) and not isinstance(argument, Term):
                inside = inside.meaning(parameter, self.member(argument, scope))
        return self.entry(definition.body, at, inside)

    def _applied(self, made: Folded, arguments: list[Expr]) -> Expr:
        return made.kind(*made.implicit, *arguments)

    def _arbitrary(self, term: tree.ArbitraryCall, scope: _Scope) -> Expr:
        """An arbitrary function of labels and numbers, or of declared arrays and their rows."""
        numbers = [each for each in term.arguments if isinstance(each, Term)]
        if not any(each.shape for each in numbers):
            return self._of_entries(term, scope)
        arrays: list[_Varying] = []
        picked: list[Expr] = []
        for argument in term.arguments:
            if not isinstance(argument, Term):
                picked.append(self.member(argument, scope))
                continue
            whole = argument.of if isinstance(argument, tree.Row | tree.Transpose) else argument
            if not isinstance(whole, tree.Reference) or not _is_declared(whole.variable, scope):
                return self._of_entries(term, scope)
            row = len(picked) if isinstance(argument, tree.Row) else None
            turned = isinstance(argument, tree.Transpose)
            arrays.append(_Varying(whole.variable, row, turned))
            if isinstance(argument, tree.Row):
                picked.append(self.member(argument.member, scope))
        if len({each.of for each in arrays}) < len(arrays):
            return self._of_entries(term, scope)
        return _opaque(term.function, len(picked), tuple(arrays))(*picked)

    def _of_entries(self, term: tree.ArbitraryCall, scope: _Scope) -> Expr:
        """An arbitrary function of labels, and of numbers and arrays by their entries."""
        labels = [self.member(m, scope) for m in term.arguments if not isinstance(m, Term)]
        values, depths = [], []
        for argument in term.arguments:
            if isinstance(argument, Term):
                at, inner = self.axes(argument.shape, (argument,), scope)
                indices = tuple(place for place in at if place is not None)
                entry = self.entry(argument, at, inner)
                values.append(Entries(entry, *indices) if indices else entry)
                depths.append(len(indices))
        return applied(term.function.name, len(labels), tuple(depths))(*labels, *values)

    # Derivatives

    def _derivative(self, of: Term, by: tree.Target, at: At, scope: _Scope) -> Expr:
        if not scope.inside:
            target = self.entry(by, at, scope)
            return Derivative(self.entry(of, (), scope), target, evaluate=False)
        stand_ins = {
            parameter: _stand_in(parameter)
            for parameter, value in scope.values.items()
            if isinstance(value, _Closure)
        }
        lifted = scope.valued(stand_ins)
        target = self.entry(by, at, lifted)
        function = with_derivatives_taken(unfold(self.entry(of, (), lifted)))
        self.differentiated = True
        return self._put_in(derivative(function, target), stand_ins, scope)

    def _put_in(self, value: Expr, stand_ins: Mapping[Variable, Expr], scope: _Scope) -> Expr:
        """The value with arguments for their stand-ins, and with names for what it binds.

        Each argument is written out where its stand-in is, away from the binders around it.
        """
        parameters = {stand_in: parameter for parameter, stand_in in stand_ins.items()}

        def around(inside: Scope) -> _Scope:
            return scope.naming(*(each.name for each in inside.values() if isinstance(each, Index)))

        def rename(index: Index, inside: Scope) -> Index:
            stem = index.name.rstrip("₀₁₂₃₄₅₆₇₈₉")
            return self.bound(index.space, stem, around(inside))[0]

        def replaced(part: Basic, inside: Scope) -> Expr | None:
            parameter = parameters.get(part.base if isinstance(part, Indexed) else part)
            if parameter is None:
                return None
            indices = part.indices if isinstance(part, Indexed) else ()
            places = [rebuilt(index, inside, rename, replaced) for index in indices]
            return self._reference(parameter, _placed(parameter.shape, places), around(inside))

        found: Expr = rebuilt(value, {}, rename, replaced)
        return found


# Pieces ----------------------------------------------------------------------------------------


def _pair(at: At) -> tuple[Expr | None, Expr | None]:
    """Row and column; a number that is met as a matrix of one row and column has neither."""
    return at or (None, None)


def _array(term: tree.Array, at: At) -> Expr:
    pairs = zip(term.axes, at, strict=True)
    values = {axis: place for axis, place in pairs if axis is not None and axis != place}
    found: Expr = substitute(term.entry, values) if values else term.entry
    return found


def _standing(pairs: Iterable[tuple[IndexVariable | None, Expr | None]], scope: _Scope) -> _Scope:
    """The scope in which variables stand for members; both are left out for an axis of one."""
    for variable, member in pairs:
        if variable is not None and member is not None:
            scope = scope.meaning(variable, member)
    return scope


def _greatest(left: Expr, right: Expr) -> Expr:
    """max(a, b) = (a + b + |a - b|) / 2."""
    return (left + right + AbsoluteValue(left - right)) / 2


def _least(left: Expr, right: Expr) -> Expr:
    return (left + right - AbsoluteValue(left - right)) / 2


def _product(factors: Iterable[Expr]) -> Expr:
    result: Expr = Integer(1)
    for factor in factors:
        result = result * factor
    return result


def _total(summand: Expr, index: Index) -> Expr:
    return IndexSum(summand, (index, index.space.lower, index.space.upper))


def _left_out(space: IndexSet, lower: Expr, upper: Expr) -> list[Expr] | None:
    """The members that a part of a set leaves out at its ends; None where they are not few.

    A sum over the part is one over the whole set with the factor ``1 - delta(i, m)`` for each of
    them: every factor is 0 or 1, so that the product is 1 for the members of the part and 0 for
    the others of the set, however often one is named, and one that the set lacks changes nothing.
    """
    before, after = lower - space.lower, space.upper - upper
    if not (isinstance(before, Integer) and isinstance(after, Integer)):
        return None
    if before < 0 or after < 0 or before + after > MOST_LEFT_OUT:
        return None
    first = [space.lower + number for number in range(int(before))]
    return [*first, *(space.upper - number for number in range(int(after)))]


def _is_declared(variable: Variable, scope: _Scope) -> bool:
    return bool(variable.shape) and variable not in scope.values


def _stand_in(parameter: Variable) -> Expr:
    if any(parameter.shape):
        return IndexedBase(Dummy(parameter.name))
    return Dummy(parameter.name, real=True)


@dataclass(frozen=True)
class _Varying:
    """An array that an arbitrary function depends on.

    ``row`` is which of the labels picks the one row it depends on; ``turned`` says that it is the
    transpose.
    """

    of: Variable
    row: int | None
    turned: bool


_OPAQUE: WeakKeyDictionary[tree.Arbitrary, dict[tuple[_Varying, ...], type[Opaque]]]
_OPAQUE = WeakKeyDictionary()


def _opaque(function: tree.Arbitrary, arity: int, arrays: tuple[_Varying, ...]) -> type[Opaque]:
    """The function of these arrays; the same one whenever it is asked for."""
    known = _OPAQUE.setdefault(function, {})
    if arrays not in known:
        rows, axes, turned = {}, {}, set()
        for each in arrays:
            base = IndexedBase(each.of.name)
            spaces = each.of.shape if each.row is None else each.of.shape[1:]
            rows[base] = each.row
            axes[base] = tuple(axis for axis in spaces if axis is not None)
            turned |= {base} if each.turned else set()
        known[arrays] = arbitrary(function.name, arity, rows, axes, frozenset(turned))
    return known[arrays]


def _hint(term: Term, place: int) -> str:
    """How a term calls the index of its rows (0) or columns (1); empty where it says nothing."""
    match term:
        case tree.Array(axes=axes) | tree.Table(axes=axes):
            axis = axes[place]
            return axis.name if axis is not None else ""
        case tree.Rows(over, body, as_columns):
            return over.name if place == int(as_columns) else _hint(body, 0)
        case tree.Transpose(of) | tree.Inverse(of):
            return _hint(of, 1 - place)
        case tree.MatrixProduct(left, right):
            return _hint((left, right)[place], place)
        case tree.Plus(parts) | tree.Extremum(parts):
            return next((hint for part in parts if (hint := _hint(part, place))), "")
        case tree.Cases(values=values) | tree.Choice(values=values):
            return next((hint for value in values if (hint := _hint(value, place))), "")
        case tree.Times(left, right):
            return _hint(left if left.shape else right, place)
        case tree.Entrywise(left, right):
            return _hint(left, place) or _hint(right, place)
        case tree.Quotient(over=of) | tree.Power(base=of) | tree.Sum(body=of):
            return _hint(of, place)
        case tree.Negative(of) | tree.Apply(of=of) | tree.Mapped(of=of):
            return _hint(of, place)
        case tree.Call(definition):
            return _hint(definition.body, place)
    return ""


def size_expression(term: Term) -> Expr | None:
    """A whole number made of sizes, as index sets have it; None for anything else, as a count."""
    match term:
        case Number(value=value):
            return Integer(int(value)) if value.denominator == 1 else None
        case Size(name=name, least=least):
            return size(name, least)
        case Negative(of=inner):
            found = size_expression(inner)
            return None if found is None else -found
        case Plus(parts=parts):
            every = [size_expression(part) for part in parts]
            known = [each for each in every if each is not None]
            return sum(known, Integer(0)) if len(known) == len(every) else None
        case Times(left=left, right=right):
            one, other = size_expression(left), size_expression(right)
            return None if one is None or other is None else one * other
    return None


def size_term(size: Expr) -> Term:
    """How many members an index set has, as a term: the inverse of `size_expression`."""
    if size.is_Integer:
        return Number(Fraction(int(size)))
    if isinstance(size, Symbol):
        return Size(size.name, 1 if size.is_positive else 0)
    if size.is_Add:
        return Plus(tuple(map(size_term, size.args)))
    if size.could_extract_minus_sign():
        return Negative(size_term(-size))
    if size.is_Mul and len(size.args) == 2:
        return Times(*map(size_term, size.args))
    raise TypeError(f"no size: {size}")
