"""Meaning two of terms: their values at concrete sizes, by direct evaluation (an environment
interpreter).

A number is a value of a domain, an array its rows; definitions are closures, whose arguments are
evaluated where the call stands; derivatives are taken by rule on pairs (`proof/domain.py`), under
which everything evaluated before is a constant. Nothing here knows index notation: the one leaf
that is typed in it, `tree.Array`, is handed to the interpreter of index expressions entry by
entry. What a list does not have, and members outside of their index set, have no value: NoValue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial, reduce
from math import prod
from typing import Generic, TypeVar

from sympy import Add, Expr, Integer, Mul, Symbol

from derivations.indices import IndexSet
from derivations.language import tree
from derivations.language.tree import Definition, IndexVariable, Member, Shape, Term, Variable
from derivations.proof.domain import Application, Domain, Family, Key, V, Written
from derivations.proof.evaluate import Dual, Instance, Interpreter, Pair
from derivations.proof.fragment import NoValue, OutsideFragment

W = TypeVar("W")
Rows = list[list[V]]
MOST_INVERTED = 4  # rows of a matrix of which the inverse or the determinant is taken


class Sets:
    """Members of index sets and their positions along an axis, at one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.known: dict[int, tuple[IndexSet, dict[int, int]]] = {}  # by identity

    def positions(self, space: IndexSet) -> dict[int, int]:
        """The members of a set in order, each with its position."""
        known = self.known.get(id(space))
        if known is None:
            extents = self.instance.extents.get(space.ends)
            lower, upper = self.end(space.lower), self.end(space.upper)
            members = range(lower, upper + 1) if extents is None else extents
            known = self.known[id(space)] = (space, {each: n for n, each in enumerate(members)})
        return known[1]

    def position(self, space: IndexSet | None, member: int) -> int:
        """Where a member stands; NoValue where the set does not have it."""
        found = self.positions(space).get(member) if space is not None else 0
        if found is None:
            raise NoValue(f"the {space.name if space else ''} {member}")
        return found

    def places(self, space: IndexSet | None) -> list[tuple[int, ...]]:
        """What stands in a key for each position along an axis: nothing where it has length one."""
        return [(member,) for member in self.positions(space)] if space is not None else [()]

    def size(self, name: str) -> int:
        """The value of a size."""
        found = self.instance.sizes.get(name)
        if found is None:
            raise OutsideFragment(f"no value for the size {name}")
        return found

    def end(self, bound: Expr) -> int:
        """A bound of an index set, which is made of sizes."""
        match bound:
            case Integer():
                return int(bound)
            case Symbol():
                return self.size(bound.name)
            case Add():
                return sum(self.end(part) for part in bound.args)
            case Mul():
                return prod(self.end(part) for part in bound.args)
        raise OutsideFragment(f"the bound {bound} of an index set")


@dataclass(frozen=True, slots=True)
class Env(Generic[V]):
    """What bound index variables and the parameters of the definition around stand for.

    A number is an array with one entry.
    """

    members: Mapping[IndexVariable, int] = field(default_factory=dict)
    values: Mapping[Variable, Rows[V]] = field(default_factory=dict)

    def binding(self, variable: IndexVariable, member: int) -> Env[V]:
        """The environment under a binder."""
        return Env({**self.members, variable: member}, self.values)


class Direct(Generic[V]):
    """Evaluates terms at one instance in one domain."""

    def __init__(self, instance: Instance, domain: Domain[V], sets: Sets | None = None) -> None:
        self.instance, self.domain = instance, domain
        self.sets = sets or Sets(instance)
        self.empty: Env[V] = Env()
        self.index_notation = Interpreter(instance, domain)
        self.calls: dict[tuple[Definition, tuple[int, ...]], Rows[V]] = {}
        self.entries: dict[tuple[Definition, tuple[int, ...]], V] = {}
        self.arrays: dict[Variable, Rows[V]] = {}
        self.duals: dict[Key | None, tuple[Dual[V], Direct[Pair[V]]]] = {}

    def value(self, term: Term) -> Rows[V]:
        """The whole value of a term without free parameters; a number as its one entry."""
        return self._rows(term, self.empty)

    def entry(self, term: Term, at: Sequence[int]) -> V:
        """One entry: a member for each axis that is not of length one."""
        if not term.shape:
            return self._number(term, self.empty)
        if isinstance(term, tree.Derivative):  # its other entries are not asked for
            variable, fixed = self._target(term.by, self.empty)
            return self._tangent(term.of, variable, (*fixed, *at), self.empty)
        return self._picked(term, self._rows(term, self.empty), at)

    # Numbers

    def _number(self, term: Term, env: Env[V]) -> V:
        domain = self.domain
        match term:
            case tree.Times():
                return self._product(term, env)
            case tree.Entry(of, members):
                return self._entry(of, [self._member(each, env) for each in members], env)
            case tree.Plus(parts):
                return self._added(self._number(part, env) for part in parts)
            case tree.Number(value):
                return domain.constant(value)
            case tree.Reference(variable):
                if variable in env.values:
                    return env.values[variable][0][0]
                return domain.parameter((variable.name, ()))
            case tree.Sum(body=body):
                return self._added(self._number(body, inner) for inner in self._summed(term, env))
            case tree.IndexedProduct(body=body):
                found = self._summed(term, env)
                return self._multiplied(self._number(body, inner) for inner in found)
            case tree.ExtremumOver():
                return self._furthest(term, env)
            case tree.Call():
                return self._called(term, env)[0][0]
            case tree.Negative(of):
                return self._negative(self._number(of, env))
            case tree.Apply(function, of):
                return function.value(domain, self._number(of, env))
            case tree.Power(base, exponent):
                return domain.power(self._number(base, env), exponent)
            case tree.Quotient(over, under):
                return self._quotient(self._number(over, env), self._number(under, env))
            case tree.Indicator(comparisons):
                return domain.constant(int(self._meets(comparisons, env)))
            case tree.Cases():
                return self._number(self._case(term, env), env)
            case tree.Choice():
                return self._number(self._chosen(term, env), env)
            case tree.MatrixProduct(left, right):
                return self._matrix_product(left, right, env)[0][0]
            case tree.InnerProduct(left, right):
                return self._inner_product(left, right, env)
            case tree.Transpose(of):
                return self._number(of, env)
            case tree.Trace(of):
                rows = self._rows(of, env)
                return self._added(row[n] for n, row in enumerate(rows))
            case tree.Determinant(of):
                rows = self._rows(of, env)
                every = range(self._invertible_size(rows))
                return self._determinant(rows, every, every)
            case tree.Derivative(of, by):
                variable, place = self._target(by, env)
                return self._tangent(of, variable, place, env)
            case tree.Mapped(definition, of):
                return self._applied(definition, self._number(of, env))
            case tree.ArbitraryCall():
                return self._arbitrary(term, env)
            case tree.Size(name):
                return domain.constant(self.sets.size(name))
            case tree.Pi():
                return domain.pi()
            case tree.Extremum(parts, least):
                return reduce(partial(self._further, least), [self._number(p, env) for p in parts])
            case tree.IndexNumber(member):
                return domain.constant(self._member(member, env))
            case tree.Array(entry):
                return self.index_notation.value(entry)
        raise TypeError(f"no number of the language: {type(term).__name__}")

    def _product(self, term: tree.Times, env: Env[V]) -> V:
        """Counts first: a factor of zero ends the product before anything else is looked at."""
        if self._vanishes(term, env):
            return self.domain.constant(0)
        first, *others = _factors(term)
        result = self._number(first, env)
        for factor in others:
            result = self.domain.multiply(result, self._number(factor, env))
        return result

    def _vanishes(self, number: Term, env: Env[V]) -> bool:
        return any(_is_count(each) and self._whole(each, env) == 0 for each in _factors(number))

    def _negative(self, value: V) -> V:
        return self.domain.multiply(self.domain.constant(-1), value)

    def _quotient(self, over: V, under: V) -> V:
        return self.domain.multiply(over, self.domain.power(under, -1))

    def _further(self, least: bool, left: V, right: V) -> V:
        """The less or the greater of two values."""
        sign = self.domain.sign(self.domain.add(right, self._negative(left)))
        return right if sign == (-1 if least else 1) else left

    def _furthest(self, term: tree.ExtremumOver, env: Env[V]) -> V:
        """The greatest or least over a range."""
        values = [self._number(term.body, inner) for inner in self._summed(term, env)]
        if not values:
            raise NoValue("the greatest of none")
        return reduce(partial(self._further, term.least), values)

    def _added(self, values: Iterator[V]) -> V:
        """The sum of some values, zero of none."""
        result = next(values, None)
        if result is None:
            return self.domain.constant(0)
        for value in values:
            result = self.domain.add(result, value)
        return result

    def _multiplied(self, values: Iterator[V]) -> V:
        """The product of some values, one of none."""
        result = self.domain.constant(1)
        for value in values:
            result = self.domain.multiply(result, value)
        return result

    def _inner_product(self, left: Term, right: Term, env: Env[V]) -> V:
        pairs = zip(self._rows(left, env), self._rows(right, env), strict=True)
        return self._added(self._dot(row, other) for row, other in pairs)

    def _dot(self, left: Sequence[V], right: Sequence[V]) -> V:
        return self._added(map(self.domain.multiply, left, right))

    def _entry(self, of: Term, at: Sequence[int], env: Env[V]) -> V:
        if isinstance(of, tree.Reference) and of.variable not in env.values:
            return self.domain.parameter(self._key(of.variable, at))
        if isinstance(of, tree.Slice):
            member = self._member(of.member, env)
            return self.domain.parameter(self._key(of.variable, (member, *at)))
        if isinstance(of, tree.Call) and isinstance(of.definition.body, tree.Table):
            return self._defined_entry(of, of.definition.body, at, env)
        return self._picked(of, self._rows(of, env), at)

    def _defined_entry(
        self, call: tree.Call, table: tree.Table, at: Sequence[int], env: Env[V]
    ) -> V:
        """One entry of a defined array, the others not looked at: they need not have a value."""
        inner = self._entered(call, env)
        key = (call.definition, (*inner.members.values(), *at))
        if not inner.values and key in self.entries:
            return self.entries[key]
        axes = [axis for axis in table.axes if axis is not None]
        bound = Env(dict(inner.members), inner.values)
        for axis, member in zip(axes, at, strict=True):
            self.sets.position(axis.space, member)
            bound = bound.binding(axis, member)
        value = self._number(table.body, bound)
        if not inner.values:
            self.entries[key] = value
        return value

    def _picked(self, term: Term, rows: Rows[V], at: Sequence[int]) -> V:
        """The entry of an evaluated array at the members of its axes."""
        row, column = self._position(term.shape, at)
        return rows[row][column]

    def _position(self, shape: Shape, at: Sequence[int]) -> tuple[int, int]:
        """Row and column of an entry; of a number, the only ones."""
        members = iter(at)
        row, column = (
            0 if axis is None else self.sets.position(axis, next(members))
            for axis in shape or (None, None)
        )
        return row, column

    def _key(self, variable: Variable, at: Sequence[int]) -> Key:
        """The coordinate that an entry of a variable is."""
        spaces = [axis for axis in (variable.over, *variable.shape) if axis is not None]
        for space, member in zip(spaces, at, strict=True):
            self.sets.position(space, member)
        if variable.shape and not spaces:
            return (variable.name, (1, 1))
        return (variable.name, tuple(at))

    # Arrays

    def _rows(self, term: Term, env: Env[V]) -> Rows[V]:
        """The rows of an array; of a number, one row with one entry."""
        if not term.shape:
            return [[self._number(term, env)]]
        domain = self.domain
        match term:
            case tree.Reference(variable):
                known = env.values.get(variable)
                return self._variable(variable) if known is None else known
            case tree.MatrixProduct(left, right):
                return self._matrix_product(left, right, env)
            case tree.Transpose(of):
                return self._transposed(self._rows(of, env), of.shape)
            case tree.Inverse(of):
                return self._inverse(self._rows(of, env))
            case tree.Plus(parts):
                result = self._rows(parts[0], env)
                for part in parts[1:]:
                    result = _paired(domain.add, result, self._rows(part, env))
                return result
            case tree.Negative(of):
                return _each(self._negative, self._rows(of, env))
            case tree.Times(left, right):
                number, array = (left, right) if right.shape else (right, left)
                return self._scaled(number, array, env)
            case tree.Entrywise(left, right):
                return _paired(domain.multiply, self._rows(left, env), self._rows(right, env))
            case tree.Quotient(over, under):
                return self._divided(over, under, env)
            case tree.Table((row, column), body):
                return self._tabled(row, column, lambda inner: self._number(body, inner), env)
            case tree.Rows():
                return self._stacked(term, env)
            case tree.Row(of, member):
                return self._row(of, self._member(member, env), env)
            case tree.Slice(variable, member):
                return self._slice(variable, self._member(member, env))
            case tree.Sum(body=body):
                result = self._filled(term.shape, domain.constant(0))
                for inner in self._summed(term, env):
                    result = _paired(domain.add, result, self._rows(body, inner))
                return result
            case tree.Cases():
                return self._rows(self._case(term, env), env)
            case tree.Choice():
                return self._rows(self._chosen(term, env), env)
            case tree.Call():
                return self._called(term, env)
            case tree.Apply(function, of):
                return _each(lambda each: function.value(domain, each), self._rows(of, env))
            case tree.Extremum(parts, least):
                further = partial(self._further, least)
                every = [self._rows(part, env) for part in parts]
                return reduce(lambda left, right: _paired(further, left, right), every)
            case tree.Power(base, exponent):
                return _each(lambda each: domain.power(each, exponent), self._rows(base, env))
            case tree.Mapped(definition, of):
                return _each(lambda each: self._applied(definition, each), self._rows(of, env))
            case tree.Derivative(of, by):
                return self._gradient(of, by, env)
            case tree.Zeros():
                return self._filled(term.shape, domain.constant(0))
            case tree.Constant(of):
                return self._filled(term.shape, self._number(of, env))
            case tree.Identity(space):
                zero, one = domain.constant(0), domain.constant(1)
                places = range(len(self.sets.positions(space)))
                return [[one if n == m else zero for m in places] for n in places]
            case tree.Array():
                return self._typed(term)
        raise TypeError(f"no array of the language: {type(term).__name__}")

    def _variable(self, variable: Variable) -> Rows[V]:
        """All coordinates of a variable; made once."""
        if variable not in self.arrays:
            self.arrays[variable] = [
                [
                    self.domain.parameter(self._key(variable, (*i, *j)))
                    for j in self._axis(variable.shape, 1)
                ]
                for i in self._axis(variable.shape, 0)
            ]
        return self.arrays[variable]

    def _axis(self, shape: Shape, which: int) -> list[tuple[int, ...]]:
        """What stands in a key for each position along one axis of an array."""
        return self.sets.places(shape[which])

    def _filled(self, shape: Shape, value: V) -> Rows[V]:
        columns = len(self._axis(shape, 1))
        return [[value] * columns for _ in self._axis(shape, 0)]

    def _transposed(self, rows: Rows[V], shape: Shape) -> Rows[V]:
        return [[row[n] for row in rows] for n in range(len(self._axis(shape, 1)))]

    def _matrix_product(self, left: Term, right: Term, env: Env[V]) -> Rows[V]:
        """Rows times columns; zero where there is nothing to add up."""
        columns = self._transposed(self._rows(right, env), right.shape)
        return [[self._dot(row, column) for column in columns] for row in self._rows(left, env)]

    def _inverse(self, rows: Rows[V]) -> Rows[V]:
        """The adjugate over the determinant; ZeroDivisionError where the matrix is singular."""
        every = range(self._invertible_size(rows))
        over = self.domain.power(self._determinant(rows, every, every), -1)

        def entry(i: int, j: int) -> V:
            kept = ([n for n in every if n != j], [n for n in every if n != i])
            minor = self._determinant(rows, *kept)
            signed = self._negative(minor) if (i + j) % 2 else minor
            return self.domain.multiply(signed, over)

        return [[entry(i, j) for j in every] for i in every]

    def _invertible_size(self, rows: Rows[V]) -> int:
        """How many rows there are; OutsideFragment where these are too many."""
        if len(rows) > MOST_INVERTED:
            raise OutsideFragment(f"the determinant of a matrix with {len(rows)} rows")
        return len(rows)

    def _determinant(self, rows: Rows[V], high: Sequence[int], wide: Sequence[int]) -> V:
        """That of some rows and columns, by cofactors of the first row."""
        if not high:
            return self.domain.constant(1)
        first, *below = high

        def cofactor(place: int) -> V:
            others = [n for n in wide if n != wide[place]]
            minor = self._determinant(rows, below, others)
            value = self.domain.multiply(rows[first][wide[place]], minor)
            return self._negative(value) if place % 2 else value

        return self._added(map(cofactor, range(len(wide))))

    def _scaled(self, number: Term, array: Term, env: Env[V]) -> Rows[V]:
        if self._vanishes(number, env):
            return self._filled(array.shape, self.domain.constant(0))
        factor = self._number(number, env)
        return _each(lambda each: self.domain.multiply(factor, each), self._rows(array, env))

    def _divided(self, over: Term, under: Term, env: Env[V]) -> Rows[V]:
        if under.shape:
            return _paired(self._quotient, self._rows(over, env), self._rows(under, env))
        number = self._number(under, env)
        return _each(lambda each: self._quotient(each, number), self._rows(over, env))

    def _tabled(
        self,
        row: IndexVariable | None,
        column: IndexVariable | None,
        body: Callable[[Env[V]], V],
        env: Env[V],
    ) -> Rows[V]:
        return [
            [body(inner) for inner in self._along(column, outer)] for outer in self._along(row, env)
        ]

    def _along(self, variable: IndexVariable | None, env: Env[V]) -> Iterator[Env[V]]:
        """The environment at every position along an axis."""
        if variable is None:
            yield env
            return
        for member in self.sets.positions(variable.space):
            yield env.binding(variable, member)

    def _stacked(self, term: tree.Rows, env: Env[V]) -> Rows[V]:
        """Columns written one below the other as rows, or beside one another."""
        cells = [
            [entry for (entry,) in self._rows(term.body, inner)]
            for inner in self._along(term.over, env)
        ]
        if not term.as_columns:
            return cells
        return [[cell[n] for cell in cells] for n in range(len(self._axis(term.shape, 0)))]

    def _row(self, of: Term, member: int, env: Env[V]) -> Rows[V]:
        """One row, as a column."""
        space = of.shape[0] if of.shape else None
        row = self._rows(of, env)[self.sets.position(space, member)]
        return [[entry] for entry in row]

    def _slice(self, variable: Variable, member: int) -> Rows[V]:
        """One matrix of a family."""
        return [
            [
                self.domain.parameter(self._key(variable, (member, *i, *j)))
                for j in self._axis(variable.shape, 1)
            ]
            for i in self._axis(variable.shape, 0)
        ]

    def _typed(self, array: tree.Array) -> Rows[V]:
        """An array typed in index notation."""

        def along(axis: int) -> Iterator[dict[object, int]]:
            index = array.axes[axis] if array.axes else None
            if index is None:
                yield {}
                return
            for member in self.sets.positions(index.space):
                yield {index: member}

        value = self.index_notation.value
        return [[value(array.entry, {**i, **j}) for j in along(1)] for i in along(0)]

    # Definitions, arbitrary functions, derivatives

    def _called(self, call: tree.Call, env: Env[V]) -> Rows[V]:
        """The body where its parameters are what the arguments are where the call stands.

        Remembered where they are labels.
        """
        definition, inner = call.definition, self._entered(call, env)
        if inner.values:
            return self._rows(definition.body, inner)
        key = (definition, tuple(inner.members.values()))
        if key not in self.calls:
            self.calls[key] = self._rows(definition.body, inner)
        return self.calls[key]

    def _entered(self, call: tree.Call, env: Env[V]) -> Env[V]:
        """What the parameters of a definition stand for, its arguments evaluated outside of it."""
        members: dict[IndexVariable, int] = {}
        values: dict[Variable, Rows[V]] = {}
        for parameter, argument in zip(call.definition.parameters, call.arguments, strict=True):
            if isinstance(parameter, IndexVariable):
                members[parameter] = self._label(argument, env)
            else:
                values[parameter] = self._argument(argument, env)
        return Env(members, values)

    def _applied(self, definition: Definition, value: V) -> V:
        """A definition of one number at a number."""
        (parameter,) = definition.parameters
        assert isinstance(parameter, Variable)
        return self._number(definition.body, Env({}, {parameter: [[value]]}))

    def _label(self, argument: tree.Argument, env: Env[V]) -> int:
        assert not isinstance(argument, Term)
        return self._member(argument, env)

    def _argument(self, argument: tree.Argument, env: Env[V]) -> Rows[V]:
        assert isinstance(argument, Term)
        return self._rows(argument, env)

    def _arbitrary(self, term: tree.ArbitraryCall, env: Env[V]) -> V:
        labels = [self._member(each, env) for each in term.arguments if not isinstance(each, Term)]
        arrays = [self._rows(each, env) for each in term.arguments if isinstance(each, Term)]
        entries = [tuple(entry for row in rows for entry in row) for rows in arrays]
        written = self._written(term, env)
        return self.domain.arbitrary(
            Application(term.function.name, (*labels, *entries), written=written)
        )

    def _written(self, term: tree.ArbitraryCall, env: Env[V]) -> Written | None:
        """The names of the arguments, where they are labels, declared arrays and rows of these."""
        labels: list[int] = []
        families: list[Family] = []
        for argument in term.arguments:
            row: tuple[int, ...] = ()
            match argument:
                case tree.Row(tree.Reference(variable), member):
                    row = (self._member(member, env),)
                    labels += row
                case tree.Reference(variable) | tree.Transpose(tree.Reference(variable)):
                    pass
                case Term():
                    return None
                case _:
                    labels.append(self._member(argument, env))
                    continue
            if variable in env.values or not variable.shape:
                return None
            rows, columns = (self._axis(argument.shape, which) for which in (0, 1))
            places = [(*i, *j) for i in rows for j in columns]
            if isinstance(argument, tree.Transpose):
                places = [place[::-1] for place in places]
            families.append(Family(variable.name, row, tuple(places)))
        return Written(tuple(labels), tuple(families))

    def _target(self, by: tree.Target, env: Env[V]) -> tuple[Variable, tuple[int, ...]]:
        """The variable that a derivative is by, and the members that pick a part of it."""
        match by:
            case tree.Reference(variable):
                return variable, ()
            case tree.Entry(tree.Reference(variable), members):
                return variable, tuple(self._member(each, env) for each in members)
            case tree.Row(tree.Reference(variable), member) | tree.Slice(variable, member):
                return variable, (self._member(member, env),)
            case tree.Entry(tree.Slice(variable, member), members):
                return variable, tuple(self._member(each, env) for each in (member, *members))
        raise TypeError(f"no variable to differentiate by: {type(by).__name__}")

    def _gradient(self, of: Term, by: tree.Target, env: Env[V]) -> Rows[V]:
        """The tangents by all entries of what the derivative is by, in its shape."""
        variable, fixed = self._target(by, env)
        return [
            [self._tangent(of, variable, (*fixed, *i, *j), env) for j in self._axis(by.shape, 1)]
            for i in self._axis(by.shape, 0)
        ]

    def _tangent(self, of: Term, variable: Variable, at: Sequence[int], env: Env[V]) -> V:
        """The derivative by one entry: forward mode, what is already a value being constant."""
        key = self._key(variable, at)
        dual, inner = self._dual(None if variable in env.values else key)
        values = {each: _each(dual.lifted, rows) for each, rows in env.values.items()}
        if variable in values:
            row, column = self._position(variable.shape, at)
            values[variable][row][column] = dual.varying(env.values[variable][row][column])
        return inner._number(of, Env(env.members, values)).tangent

    def _dual(self, by: Key | None) -> tuple[Dual[V], Direct[Pair[V]]]:
        """The same instance in pairs; made once for each coordinate."""
        if by not in self.duals:
            dual = Dual(self.domain, by)
            self.duals[by] = (dual, Direct(self.instance, dual, self.sets))
        return self.duals[by]

    # Members and whole numbers

    def _member(self, member: Member, env: Env[V]) -> int:
        """The number of a member of an index set."""
        match member:
            case IndexVariable():
                found = env.members.get(member, self.instance.indices.get(member.name))
                if found is None:
                    raise OutsideFragment(f"no value for the index {member.name}")
                return found
            case tree.Numbered(value):
                return value
            case tree.ListEntry(words, at):
                place = (self._member(at, env),)
                word = self.instance.words.get((words.name, place))
                if word is None:
                    raise NoValue(f"{words.name}[{place[0]}]")
                return word
            case tree.Offset(of, by):
                start = 0 if of is None else self._member(of, env)
                return start + self._whole(by, env)
        raise TypeError(f"no member of an index set: {type(member).__name__}")

    def _meets(self, conditions: tuple[tree.Comparison, ...], env: Env[V]) -> bool:
        """Whether all conditions hold; one that fails decides, whatever has no value beside it."""
        without: NoValue | None = None
        for each in conditions:
            try:
                same = self._member(each.left, env) == self._member(each.right, env)
            except NoValue as error:
                without = error
                continue
            if same == each.negated:
                return False
        if without is not None:
            raise without
        return True

    def _case(self, term: tree.Cases, env: Env[V]) -> Term:
        """The value that counts; the others are not looked at, and need not have one."""
        for conditions, value in zip(term.conditions, term.values, strict=False):
            if self._meets(conditions, env):
                return value
        return term.values[-1]

    def _chosen(self, term: tree.Choice, env: Env[V]) -> Term:
        """The value whose test is the first to be one; the others need not have one."""
        half = self.domain.constant(Fraction(-1, 2))
        for test, value in zip(term.tests, term.values, strict=False):
            if self.domain.sign(self.domain.add(self._number(test, env), half)) > 0:
                return value
        if len(term.values) == len(term.tests):
            raise NoValue("cases of which none holds")
        return term.values[-1]

    def _summed(self, term: tree.Ranged, env: Env[V]) -> Iterator[Env[V]]:
        """The environment at every member of a range."""
        space, low, high = term.over.space, term.lower, term.upper
        members: Sequence[int] = list(self.sets.positions(space))
        if low is not None or high is not None:
            lower = self.sets.end(space.lower) if low is None else self._whole(low, env)
            upper = self.sets.end(space.upper) if high is None else self._whole(high, env)
            members = range(lower, upper + 1)
        for member in members:
            inner = env.binding(term.over, member)
            if self._meets(term.where, inner):
                self.sets.position(space, member)  # a bound outside of the set has no value
                yield inner

    def _whole(self, term: Term, env: Env[V]) -> int:
        """A whole number made of sizes, members and counts."""
        match term:
            case tree.Number(Fraction(denominator=1) as value):
                return int(value)
            case tree.Size(name):
                return self.sets.size(name)
            case tree.IndexNumber(member):
                return self._member(member, env)
            case tree.Indicator(comparisons):
                return int(self._meets(comparisons, env))
            case tree.Plus(parts):
                return sum(self._whole(part, env) for part in parts)
            case tree.Negative(of):
                return -self._whole(of, env)
            case tree.Times(left, right):
                return self._whole(left, env) * self._whole(right, env)
            case tree.Sum(body=body):
                return sum(self._whole(body, inner) for inner in self._summed(term, env))
            case tree.Call(definition, arguments):
                pairs = zip(definition.parameters, arguments, strict=True)
                members = {
                    parameter: self._label(argument, env)
                    for parameter, argument in pairs
                    if isinstance(parameter, IndexVariable)
                }
                return self._whole(definition.body, Env(members))
        raise OutsideFragment(f"{type(term).__name__} as a whole number")


def _each(function: Callable[[V], W], rows: Rows[V]) -> Rows[W]:
    return [[function(entry) for entry in row] for row in rows]


def _paired(function: Callable[[V, V], V], left: Rows[V], right: Rows[V]) -> Rows[V]:
    return [
        [function(one, other) for one, other in zip(row, beside, strict=True)]
        for row, beside in zip(left, right, strict=True)
    ]


def _factors(term: Term) -> Iterator[Term]:
    """The factors of a product of numbers."""
    if isinstance(term, tree.Times):
        yield from _factors(term.left)
        yield from _factors(term.right)
    else:
        yield term


def _is_count(term: Term) -> bool:
    """Whether a term is made of indicators and whole numbers by adding and multiplying."""
    match term:
        case tree.Indicator():
            return True
        case tree.Negative(of):
            return _is_count(of)
        case tree.Plus(parts):
            return all(_is_count(part) or _is_whole(part) for part in parts)
        case tree.Times(left, right):
            return all(_is_count(part) or _is_whole(part) for part in (left, right))
    return False


def _is_whole(term: Term) -> bool:
    return isinstance(term, tree.Number) and term.value.denominator == 1
