"""Evaluation of terms at random instances, and whether a line holds wherever it has a value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from enum import Enum
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from tests.lines.tree import (
    Add,
    Apply,
    Arbitrary,
    Assumption,
    Call,
    Card,
    Cell,
    Closure,
    Comparison,
    Deriv,
    Det,
    Distinct,
    Div,
    Dot,
    Either,
    End,
    Entry,
    Env,
    Family,
    Holds,
    Index,
    Indicator,
    Inv,
    Labels,
    Letter,
    Listed,
    Matmul,
    Matrix,
    Member,
    Moved,
    Mul,
    Name,
    Neg,
    NormSquared,
    NotAmong,
    Nth,
    Num,
    Odot,
    Picked,
    Pow,
    Prime,
    Prod,
    Range,
    Scalar,
    Scoped,
    SetName,
    Size,
    Subset,
    Sum,
    Term,
    Trace,
    Transpose,
    Unit,
    Vector,
    Whole,
    WholeOf,
    subterms,
)
from tests.lines.values import (
    FUNCTIONS,
    AnyFunction,
    Array,
    Axes,
    Dual,
    NoMeaning,
    NoValue,
    Number,
    Table,
    TooLong,
    Value,
    axes_of,
    determinant,
    divide,
    inverted,
    place_of,
    plus,
    power,
    sign_of,
    size_cell,
    tangent,
    times_of,
    turned,
    two,
)

MOST_STEPS = 60_000


class Evaluator:
    """Values of terms where every cell of ``store`` has one.

    In exact arithmetic numbers are whole numbers and fractions, else decimal ones.
    """

    def __init__(self, store: dict[Cell, Value], *, exact: bool) -> None:
        self.store, self.exact, self.steps, self._tags = store, exact, 0, 0

    def value(self, term: Term, env: Env) -> Value:
        """A number, or an array with rows and columns."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooLong
        return _RULES[type(term)](self, term, env)

    def number(self, term: Term, env: Env) -> Number:
        """The value of a term that has to be a number."""
        found = self.value(term, env)
        if isinstance(found, Table):
            raise NoMeaning("an array where a number belongs")
        return found

    def table(self, term: Term, env: Env) -> Table:
        """The value of a term that has to be an array."""
        found = self.value(term, env)
        if not isinstance(found, Table):
            raise NoMeaning("a number where an array belongs")
        return found

    def lift(self, number: Number) -> Number:
        """A whole number or fraction as a number of the arithmetic in use."""
        if self.exact or not isinstance(number, int | Fraction):
            return number
        return Decimal(number.numerator) / number.denominator

    def holds(self, comparison: Comparison, env: Env) -> bool:
        """Whether it holds."""
        if isinstance(comparison.right, SetName):
            here = self.member(comparison.left, env) in self.members(comparison.right, env)
            return here == (comparison.sign == "in")
        left, right = self.member(comparison.left, env), self.member(comparison.right, env)
        match comparison.sign:
            case "=":
                return left == right
            case "!=":
                return left != right
            case "<":
                return left < right
            case "<=":
                return left <= right
        raise NoMeaning(comparison.sign)

    def member(self, member: Member, env: Env) -> int:
        """The number of a member."""
        match member:
            case Letter(name):
                return self._letter(name, env)
            case Moved(of, by):
                return self._letter(of.name, env) + by
            case Nth(number):
                return number
            case End(size, by):
                return self.length(size, env) + by
            case Listed(name, at):
                cell = env[name]
                if not isinstance(cell, Cell):
                    raise NoMeaning(name)
                entries: list[int] = self.store[cell]
                place = self._letter(at.name, env)
                if not 1 <= place <= len(entries):
                    raise NoMeaning("no such place")
                return entries[place - 1]
            case SetName(name):
                raise NoMeaning(f"{name} is no member")

    def members(self, of: SetName, env: Env) -> frozenset[int]:
        """The members of a subset."""
        cell = env[of.name]
        if not isinstance(cell, Cell) or not isinstance(cell.declaration, Subset):
            raise NoMeaning(of.name)
        if of.at is None:
            found: frozenset[int] = self.store[cell]
            return found
        label = self.member(of.at, env)
        entries: list[int] = self.store[cell.axes[1]]
        return frozenset(n for n, entry in enumerate(entries, 1) if entry == label)

    def _letter(self, name: str, env: Env) -> int:
        cell = env.get(name)
        found = self.store.get(cell) if isinstance(cell, Cell) else None
        if not isinstance(found, int):
            raise NoMeaning(f"{name} is no index")
        return found

    def length(self, size: str, env: Env) -> int:
        """The value of a size."""
        cell = env[size]
        if not isinstance(cell, Cell) or not isinstance(cell.declaration, Size):
            raise NoMeaning(f"{size} is no size")
        found: int = self.store[cell]
        return found

    def run(self, over: Range, env: Env) -> range:
        """The members that a sum runs over."""
        length = self.length(over.axis, env)
        if isinstance(over, Whole):
            return range(1, length + 1)
        low, high = self.member(over.low, env), self.member(over.high, env)
        if low <= high and (low < 1 or high > length):
            raise NoMeaning("a range that goes beyond the set")
        return range(low, high + 1)

    # What names stand for

    def named(self, term: Name, env: Env) -> Value:
        binding = env.get(term.name)
        if isinstance(binding, Closure):
            return self.unfolded(binding)
        if isinstance(binding, WholeOf):
            whole = Table(axes_of(binding.cell), self.store[binding.cell])
            return turned(whole) if binding.columns else whole
        if isinstance(binding, Cell) and binding in self.store:
            found = self.store[binding]
            if isinstance(found, np.ndarray):
                return Table(axes_of(binding), found)
            if not isinstance(found, list | AnyFunction):
                return self.lift(found)
        raise NoMeaning(f"nothing is called {term.name}")

    def unfolded(self, closure: Closure) -> Value:
        """A definition without arguments; one given entry by entry as a whole."""
        definition, env = closure.definition, closure.env
        if definition.parameters:
            raise NoMeaning("arguments are missing")
        if not definition.letters:
            return self.value(definition.body, env)
        axes = two([size_cell(env, axis) for axis in definition.axes])
        entries = np.zeros([self.long(axis) for axis in axes], dtype=object)
        for at in np.ndindex(*entries.shape):
            places = [place + 1 for place in at][: len(definition.letters)]
            entries[at] = self.entry_of(closure, places)
        return Table(axes, entries)

    def entry_of(self, closure: Closure, at: list[int]) -> Number:
        """An entry of a definition given entry by entry."""
        definition, env = closure.definition, closure.env
        for axis, place in zip(definition.axes, at, strict=True):
            if not 1 <= place <= self.length(axis, env):
                raise NoMeaning("no such entry")
        with self.bound(definition.letters, at, env) as inner:
            return self.number(definition.body, inner)

    @contextmanager
    def bound(self, names: tuple[str, ...], values: list[Value], env: Env) -> Iterator[Env]:
        """The scope in which names are new cells with these values."""
        cells = [Cell() for _ in names]
        self.store.update(zip(cells, values, strict=True))
        yield {**env, **dict(zip(names, cells, strict=True))}
        for cell in cells:
            del self.store[cell]

    def entry(self, term: Entry, env: Env) -> Number:
        at = [self.member(member, env) for member in term.at]
        closure = env.get(term.of.name) if isinstance(term.of, Name) else None
        if isinstance(closure, Closure) and len(closure.definition.letters) == len(at):
            return self.entry_of(closure, at)
        table = self.table(term.of, env)
        return self.lift(table.entries[place_of(table.entries, at)])

    def picked(self, term: Picked, env: Env) -> Table:
        cell = env.get(term.family)
        if not isinstance(cell, Cell) or not isinstance(cell.declaration, Family):
            raise NoMeaning(f"{term.family} is no family")
        rows: Array = self.store[cell]
        row = self.member(term.at, env)
        if not 1 <= row <= len(rows):
            raise NoMeaning("no such vector")
        return Table((cell.axes[1], None), rows[row - 1].reshape(-1, 1))

    def called(self, term: Call, env: Env) -> Value:
        binding = env.get(term.name)
        if isinstance(binding, Closure):
            definition = binding.definition
            if len(definition.parameters) != len(term.arguments):
                raise NoMeaning("the wrong number of arguments")
            pairs = list(zip(definition.parameters, term.arguments, strict=True))
            for parameter, argument in pairs:
                if parameter.kind == "fixed" and not _is(argument, env, binding, parameter.name):
                    raise NoMeaning(f"{term.name} is of {parameter.name} alone")
            given = [(p.name, self._argument(a, env)) for p, a in pairs if p.kind != "fixed"]
            names, values = tuple(name for name, _ in given), [value for _, value in given]
            with self.bound(names, values, binding.env) as inner:
                return self.value(definition.body, inner)
        if isinstance(binding, Cell) and isinstance(binding.declaration, Arbitrary):
            labels: list[int] = []
            numbers: list[Number] = []
            for parameter, argument in zip(
                binding.declaration.parameters, term.arguments, strict=True
            ):
                found = self._argument(argument, env)
                if parameter.kind == "index":
                    labels.append(int(found))
                elif isinstance(found, Table):
                    numbers.extend(found.entries.flat)
                else:
                    numbers.append(found)
            return self.lift(self.store[binding](tuple(labels), numbers))
        raise NoMeaning(f"{term.name} is no function")

    def _argument(self, argument: Term | Member, env: Env) -> Value:
        if isinstance(argument, Letter | Moved | Nth | End | Listed | SetName):
            return self.member(argument, env)
        return self.value(argument, env)

    # Derivatives

    def _tag(self) -> int:
        self._tags += 1
        return self._tags

    def primed(self, term: Prime, env: Env) -> Number:
        binding, tag = env.get(term.name), self._tag()
        argument = Dual(tag, self.number(term.argument, env), 1)
        if isinstance(binding, Closure) and len(binding.definition.parameters) == 1:
            definition = binding.definition
            with self.bound((definition.parameters[0].name,), [argument], binding.env) as inner:
                return self.lift(tangent(self.number(definition.body, inner), tag))
        if isinstance(binding, Cell) and isinstance(binding.declaration, Arbitrary):
            return self.lift(tangent(self.store[binding]((), [argument]), tag))
        raise NoMeaning(f"{term.name} is no function")

    def derivative(self, term: Deriv, env: Env) -> Value:
        by = term.by
        base = by.of if isinstance(by, Entry) else by
        name = base.family if isinstance(base, Picked) else _name_of(base)
        binding = env.get(name)
        cell = binding.cell if isinstance(binding, WholeOf) else binding
        if not isinstance(cell, Cell) or isinstance(cell.declaration, Index | Size | Arbitrary):
            raise NoMeaning("no variable to differentiate by")
        old = self.store[cell]
        if not isinstance(old, np.ndarray):
            if isinstance(by, Name):
                return self._tangent(term.of, env, cell, lambda tag: Dual(tag, old, 1))
            raise NoMeaning("an entry of a number")
        if isinstance(by, Name):
            slopes = np.zeros(old.shape, dtype=object)
            for at in np.ndindex(old.shape):
                slopes[at] = self._slope(term.of, env, cell, at)
            found = Table(axes_of(cell), slopes)
            return turned(found) if isinstance(binding, WholeOf) and binding.columns else found
        return self._by_part(term.of, by, env, cell)

    def _by_part(self, of: Term, by: Entry | Picked, env: Env, cell: Cell) -> Value:
        old: Array = self.store[cell]
        if isinstance(by, Picked):
            row, width = self.member(by.at, env), old.shape[1]
            slopes = np.zeros((width, 1), dtype=object)
            for column in range(width):
                slopes[column, 0] = self._slope(of, env, cell, place_of(old, [row, column + 1]))
            return Table((cell.axes[1], None), slopes)
        at = [self.member(member, env) for member in by.at]
        if isinstance(by.of, Picked):
            at = [self.member(by.of.at, env), *at]
        elif isinstance(by.of, Name) and isinstance(env.get(by.of.name), WholeOf):
            whole = env[by.of.name]
            at = at[::-1] if isinstance(whole, WholeOf) and whole.columns else at
        return self._slope(of, env, cell, place_of(old, at))

    def _slope(self, of: Term, env: Env, cell: Cell, at: tuple[int, ...]) -> Number:
        old: Array = self.store[cell]

        def varied(tag: int) -> Array:
            new = old.copy()
            new[at] = Dual(tag, old[at], 1)
            return new

        return self._tangent(of, env, cell, varied)

    def _tangent(self, of: Term, env: Env, cell: Cell, varied: Callable[[int], Value]) -> Number:
        tag, old = self._tag(), self.store[cell]
        self.store[cell] = varied(tag)
        try:
            return self.lift(tangent(self.number(of, env), tag))
        finally:
            self.store[cell] = old

    # Arithmetic

    def total(self, term: Sum, env: Env) -> Value:
        found: Value = None
        for member in self.run(term.over, env):
            with self.bound((term.letter,), [member], env) as inner:
                if all(self.holds(condition, inner) for condition in term.conditions):
                    summand = self.value(term.body, inner)
                    found = summand if found is None else plus(found, summand)
        if found is not None:
            return found
        axes = self.axes(term.body, {**env, term.letter: Cell()})
        if axes is None:
            return self.lift(0)
        return Table(axes, np.zeros([self.long(axis) for axis in axes], dtype=object))

    def product_over(self, term: Prod, env: Env) -> Number:
        found: Number = self.lift(1)
        for member in self.run(term.over, env):
            with self.bound((term.letter,), [member], env) as inner:
                if all(self.holds(condition, inner) for condition in term.conditions):
                    found = found * self.number(term.body, inner)
        return found

    def long(self, axis: Cell | None) -> int:
        """How many rows or columns there are along an axis."""
        found: int = 1 if axis is None else self.store[axis]
        return found

    def axes(self, term: Term, env: Env) -> Axes | None:
        """The axes of a term under an empty sum, which cannot be evaluated; None for a number."""
        match term:
            case Name(name):
                binding = env.get(name)
                if binding is None or (isinstance(binding, Cell) and binding not in self.store):
                    return None  # a letter that nothing was put in for
                found = self.named(term, env)
                return found.axes if isinstance(found, Table) else None
            case Picked(family, _):
                vectors = env.get(family)
                return (vectors.axes[1], None) if isinstance(vectors, Cell) else None
            case Transpose(of):
                inner = self.axes(of, env)
                return inner and (inner[1], inner[0])
            case Matmul(left, right):
                one, other = self.axes(left, env), self.axes(right, env)
                outer = (one[0], other[1]) if one and other else (None, None)
                return None if outer == (None, None) else outer
            case Add(parts) | Mul(parts):
                return next((found for part in parts if (found := self.axes(part, env))), None)
            case Sum(letter, _, _, of):
                return self.axes(of, {**env, letter: Cell()})
            case Neg(of) | Div(of, _) | Odot(of, _) | Deriv(_, of) | Inv(of):
                return self.axes(of, env)
        return None

    def sum_of(self, term: Add, env: Env) -> Value:
        found = self.value(term.parts[0], env)
        for part in term.parts[1:]:
            found = plus(found, self.value(part, env))
        return found

    def negative(self, term: Neg, env: Env) -> Value:
        found = self.value(term.of, env)
        return Table(found.axes, -found.entries) if isinstance(found, Table) else -found

    def product_of(self, term: Mul, env: Env) -> Value:
        found = self.value(term.parts[0], env)
        for part in term.parts[1:]:
            found = times_of(found, self.value(part, env))
        return found

    def quotient(self, term: Div, env: Env) -> Value:
        over, under = self.value(term.over, env), self.number(term.under, env)
        if isinstance(over, Table):
            return times_of(over, divide(self.lift(1), under))
        return divide(over, under)

    def power_of(self, term: Pow, env: Env) -> Number:
        return self.lift(power(self.number(term.base, env), term.exponent))

    def applied(self, term: Apply, env: Env) -> Number:
        return FUNCTIONS[term.function](self.number(term.of, env))

    def below(self, term: Holds | Either, env: Env) -> bool:
        """Whether an inequality holds; where both sides are the same and vary, nothing is said."""
        left, right = self.number(term.left, env), self.number(term.right, env)
        gap = sign_of(right + -left)
        return gap > 0 or (gap == 0 and term.sign == "<=")

    def either(self, term: Either, env: Env) -> Number:
        return self.number(term.then if self.below(term, env) else term.otherwise, env)

    def matrix_product(self, term: Matmul, env: Env) -> Value:
        left, right = self.table(term.left, env), self.table(term.right, env)
        if left.axes[1] is not right.axes[0]:
            raise NoMeaning("shapes that do not fit")
        axes = (left.axes[0], right.axes[1])
        entries = left.entries @ right.entries
        return self.lift(entries[0, 0]) if axes == (None, None) else Table(axes, entries)

    def inner(self, left: Table, right: Table) -> Number:
        """The inner product of two arrays of one shape."""
        if left.axes != right.axes:
            raise NoMeaning("shapes that do not fit")
        pairs = zip(left.entries.ravel().tolist(), right.entries.ravel().tolist(), strict=True)
        return sum((a * b for a, b in pairs), self.lift(0))

    def entrywise(self, term: Odot, env: Env) -> Table:
        left, right = self.table(term.left, env), self.table(term.right, env)
        if left.axes != right.axes:
            raise NoMeaning("shapes that do not fit")
        return Table(left.axes, np.multiply(left.entries, right.entries))

    def transposed(self, term: Transpose, env: Env) -> Value:
        found = self.value(term.of, env)
        return turned(found) if isinstance(found, Table) else found

    def square(self, term: Term, env: Env) -> Table:
        """A matrix with as many rows as columns."""
        found = self.table(term, env)
        if found.axes[0] is None or found.axes[0] is not found.axes[1]:
            raise NoMeaning("a matrix that is not square")
        return found

    def trace(self, term: Trace, env: Env) -> Number:
        return sum(self.square(term.of, env).entries.diagonal().tolist(), self.lift(0))

    def unit(self, term: Unit, env: Env) -> Table:
        axis = size_cell(env, term.axis)
        return Table((axis, axis), np.eye(self.long(axis), dtype=int).astype(object))

    def determinant(self, term: Det, env: Env) -> Number:
        return self.lift(determinant(self.square(term.of, env).entries))

    def inverse(self, term: Inv, env: Env) -> Table:
        found = self.square(term.of, env)
        return Table(found.axes, inverted(found.entries))


_Rule = Callable[[Evaluator, Any, Env], Value]
_RULES: dict[type, _Rule] = {
    Num: lambda run, term, env: run.lift(term.value),
    Name: Evaluator.named,
    Entry: Evaluator.entry,
    Picked: Evaluator.picked,
    Sum: Evaluator.total,
    Prod: Evaluator.product_over,
    Card: lambda run, term, env: run.lift(len(run.members(term.of, env))),
    Indicator: lambda run, term, env: run.lift(int(run.holds(term.of, env))),
    Holds: lambda run, term, env: run.lift(int(run.below(term, env))),
    Either: Evaluator.either,
    Add: Evaluator.sum_of,
    Neg: Evaluator.negative,
    Mul: Evaluator.product_of,
    Div: Evaluator.quotient,
    Pow: Evaluator.power_of,
    Apply: Evaluator.applied,
    Call: Evaluator.called,
    Prime: Evaluator.primed,
    Matmul: Evaluator.matrix_product,
    Transpose: Evaluator.transposed,
    Dot: lambda run, term, env: run.inner(run.table(term.left, env), run.table(term.right, env)),
    NormSquared: lambda run, term, env: run.inner(*[run.table(term.of, env)] * 2),
    Odot: Evaluator.entrywise,
    Trace: Evaluator.trace,
    Det: Evaluator.determinant,
    Inv: Evaluator.inverse,
    Unit: Evaluator.unit,
    Deriv: Evaluator.derivative,
}


def _is(argument: Term | Member, env: Env, closure: Closure, name: str) -> bool:
    """Whether an argument is the very array that a definition is said to be of."""
    return isinstance(argument, Name) and env.get(argument.name) is closure.env.get(name)


def _name_of(term: Term) -> str:
    if not isinstance(term, Name):
        raise NoMeaning("no variable to differentiate by")
    return term.name


PRECISION = Context(prec=60, traps=[InvalidOperation, DivisionByZero, Overflow])
SAME, APART = Decimal("1e-40"), Decimal("1e-15")
LARGEST = 7
TRIES = 12  # to meet what is assumed
ENOUGH = 6  # points at which both sides agree


class Truth(Enum):
    """What evaluation shows; only the first two are used."""

    TRUE = "true"
    FALSE = "false"
    UNCLEAR = "neither plainly equal nor different"
    VACUOUS = "too few points at which both sides have a value"
    MEANINGLESS = "without meaning at some size"


Store = dict[Cell, Value]


@dataclass
class Examined:
    """What was seen, and where the sides differ: the cells' values and both sides."""

    truth: Truth
    agreed: int = 0
    without: int = 0
    store: Store = field(default_factory=dict)
    left: Value = None
    right: Value = None


def examine(scoped: Scoped, seed: str, enough: int = ENOUGH) -> Examined:
    """Evaluate both sides at every kind of sizes."""
    random = Random(seed)
    exact = not transcendental(scoped)
    found = Examined(Truth.VACUOUS)
    with localcontext(PRECISION):
        for sizes in size_choices([c for c in scoped.cells if _is_size(c)], random):
            store = drawn(scoped, sizes, random, exact)
            if store is None:
                continue
            if not _compare(scoped, store, exact, found):
                return found
    if found.agreed >= enough:
        found.truth = Truth.TRUE
    return found


def _compare(scoped: Scoped, store: Store, exact: bool, found: Examined) -> bool:
    """Compare the sides at one point; False where that settles it."""
    run = Evaluator(dict(store), exact=exact)
    try:
        left = run.value(scoped.line.left, scoped.env)
        right = run.value(scoped.line.right, scoped.env)
        pairs = _pairs(scoped, left, right)
    except (NoValue, ArithmeticError, TooLong, RecursionError):
        found.without += 1
        return True
    except NoMeaning:
        found.truth = Truth.MEANINGLESS
        return False
    apart = max((_apart(a, b) for a, b in pairs), default=Decimal(0))
    if apart > (0 if exact else APART):
        found.truth, found.store, found.left, found.right = Truth.FALSE, store, left, right
        return False
    if apart > SAME:
        found.truth = Truth.UNCLEAR
        return False
    found.agreed += 1
    return True


def _pairs(scoped: Scoped, left: Value, right: Value) -> list[tuple[Number, Number]]:
    """Entry by entry; a zero that is written fits any shape."""
    if isinstance(left, Table) and isinstance(right, Table):
        if left.axes != right.axes:
            raise NoMeaning("sides of different shapes")
        return list(zip(left.entries.flat, right.entries.flat, strict=True))
    for one, other, written in (
        (left, right, scoped.line.right),
        (right, left, scoped.line.left),
    ):
        if isinstance(one, Table):
            if isinstance(written, Num) and written.value == 0:
                return [(entry, other) for entry in one.entries.flat]
            raise NoMeaning("sides of different shapes")
    return [(left, right)]


def _apart(one: Number, other: Number) -> Decimal:
    """How far apart two numbers are, by the larger one, or by one if both are small."""
    difference = one - other
    if difference == 0:
        return Decimal(0)
    if not isinstance(difference, Decimal):
        return Decimal(1)
    return abs(difference) / max(abs(Decimal(one)), abs(Decimal(other)), Decimal(1))


def transcendental(scoped: Scoped) -> bool:
    """Whether an exponential or logarithm can be met."""
    terms = [scoped.line.left, scoped.line.right]
    return any(_is_transcendental(term, scoped.env, set()) for term in terms)


def _is_transcendental(term: Term, env: Env, seen: set[Closure]) -> bool:
    closures = [each for each in env.values() if isinstance(each, Closure) and each not in seen]
    seen.update(closures)
    return any(isinstance(each, Apply) for _, each in subterms(term)) or any(
        _is_transcendental(each.definition.body, each.env, seen) for each in closures
    )


# Sizes and values ---------------------------------------------------------------------------


def _is_size(cell: Cell) -> bool:
    return isinstance(cell.declaration, Size)


def size_choices(cells: list[Cell], random: Random) -> Iterator[dict[Cell, int]]:
    """Sizes to look at: distinct ones, the least, equal ones, and one large among small ones.

    Of two sizes each is once the larger one: a member of one set is one of another where that is
    the smaller one.
    """
    several = [2, 3, 4, 5, 6, 7][: max(len(cells), 2)]
    least = {cell: _least(cell) for cell in cells}
    random.shuffle(several)
    for _ in range(2):
        several = [min(several) + max(several) - size for size in several]
        yield {cell: max(size, least[cell]) for cell, size in zip(cells, several, strict=False)}
    yield dict(least)
    yield {cell: max(1, low) for cell, low in least.items()}
    yield {cell: max(2, low) for cell, low in least.items()}
    yield {cell: max(2, low) for cell, low in least.items()}
    yield {cell: max(3, low) for cell, low in least.items()}
    for _ in range(2):
        yield {cell: random.randint(low, 4) for cell, low in least.items()}
    large = random.choice(cells) if cells else None
    yield {c: LARGEST if c is large else random.randint(max(1, least[c]), 3) for c in cells}


def _least(cell: Cell) -> int:
    assert isinstance(cell.declaration, Size)
    return cell.declaration.least


def drawn(scoped: Scoped, sizes: dict[Cell, int], random: Random, exact: bool) -> Store | None:
    """Values for every cell that meet what is assumed; None where none were found."""
    for _ in range(TRIES):
        store: Store = dict(sizes)
        for cell in scoped.cells:
            if cell not in store and not _draw(cell, store, random, exact):
                return None
        if all(_met(what, env, store) for what, env in scoped.assumed):
            return store
    return None


def _draw(cell: Cell, store: Store, random: Random, exact: bool) -> bool:
    lengths = [store[axis] for axis in cell.axes if isinstance(axis.declaration, Size)]
    match cell.declaration:
        case Index():
            if lengths[0] < 1:
                return False
            store[cell] = random.randint(1, lengths[0])
        case Scalar(_, _, numbers) if numbers:
            store[cell] = _one_of(numbers, random, exact)
        case Scalar(_, positive):
            number = _number(random, exact)
            store[cell] = abs(number) if positive else number
        case Vector(_, _, _, 1, "{0, 1}"):
            store[cell] = _one_hot(lengths[0], random)
        case Vector(_, _, _, None, numbers) if numbers:
            found = np.zeros((lengths[0], 1), dtype=object)
            for place in range(lengths[0]):
                found[place, 0] = _one_of(numbers, random, exact)
            store[cell] = found
        case Vector(_, _, positive, total):
            entries = _numbers(lengths[0], 1, random, exact)
            entries = np.abs(entries) if positive else entries
            store[cell] = entries if total is None else _adding_up(entries, total, positive)
        case Matrix(total=int() as total):
            found = _numbers(lengths[0], lengths[1], random, exact)
            for row in range(lengths[0]):
                found[row] = _adding_up(found[row][:, None], total, positive=False)[:, 0]
            store[cell] = found
        case Matrix(symmetric=symmetric, said=said):
            rows = _numbers(lengths[0], lengths[1], random, exact)
            if said == "invertible" and not _is_invertible(rows):
                return False
            if said == "positive definite":
                rows = rows @ rows.T + np.eye(lengths[0], dtype=int).astype(object)
            store[cell] = np.tril(rows) + np.tril(rows, -1).T if symmetric else rows
        case Family():
            store[cell] = _numbers(lengths[0], lengths[1], random, exact)
        case Subset():
            store[cell] = frozenset(n + 1 for n in range(lengths[0]) if random.random() < 0.5)
        case Labels():
            if lengths[0] < 1 and lengths[1] > 0:
                return False
            few = min(lengths[0], random.choice((2, 3, LARGEST)))  # so that labels repeat
            store[cell] = [random.randint(1, few) for _ in range(lengths[1])]
        case Arbitrary():
            store[cell] = AnyFunction(random.randrange(10**9))
    return True


def _numbers(rows: int, columns: int, random: Random, exact: bool) -> Array:
    found = np.zeros((rows, columns), dtype=object)
    for at in np.ndindex(rows, columns):
        found[at] = _number(random, exact)
    return found


def _adding_up(entries: Array, total: int, positive: bool) -> Array:
    """The entries changed so that they add up to a number: all in proportion, or the last one."""
    if positive:
        whole = entries.sum()
        scale = Fraction(total) / whole if isinstance(whole, int) else total / whole
        scaled: Array = entries * scale
        return scaled
    changed = entries.copy()
    changed[-1, 0] = total - entries[:-1, 0].sum()
    return changed


def _number(random: Random, exact: bool) -> Number:
    number = random.choice((-1, 1)) * random.randint(1, 15)
    return number if exact else Decimal(number) / 8


def _is_invertible(rows: Array) -> bool:
    """Whether a matrix is plainly so: one that is nearly not would be taken for one that is."""
    try:
        return bool(abs(determinant(rows)) > SAME)
    except NoValue:
        return False


def _one_of(numbers: str, random: Random, exact: bool) -> Number:
    """A number of a set, as it is written."""
    if numbers == "(0, 1)":
        found = Fraction(random.randint(1, 15), 16)
        return found if exact else Decimal(found.numerator) / found.denominator
    return random.choice((0, 1) if numbers == "{0, 1}" else (-1, 1))


def _one_hot(length: int, random: Random) -> Array:
    found = np.zeros((length, 1), dtype=object)
    found[random.randrange(length), 0] = 1
    return found


def _met(what: Assumption, env: Env, store: Store) -> bool:
    run = Evaluator(store, exact=True)
    if isinstance(what, Comparison):
        return run.holds(what, env)
    cell = env[what.list]
    assert isinstance(cell, Cell)
    entries: list[int] = store[cell]
    if isinstance(what, Distinct):
        return len(set(entries)) == len(entries)
    assert isinstance(what, NotAmong)
    return run.member(what.label, env) not in entries
