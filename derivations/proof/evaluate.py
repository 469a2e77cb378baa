"""Interpreter of index expressions at concrete sizes, words and indices (abstract interpretation).

One interpreter serves every domain of values: the exact field, pairs with derivatives, certified
intervals. It reads expressions as they were typed, definitions folded and bound names as they
are: scoping is by environment, nothing is substituted, so it shares no step with the normal
form. |z|, min, max and cases ask the domain for the sign of a value.

An instance says which integers the indices, words and sizes stand for. A dual number is a value and
its tangent: differentiation by rule (forward mode), the second route to every derivative.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, partial, reduce
from itertools import product
from math import isqrt, prod
from typing import Generic, cast

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
    LessThan,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    StrictGreaterThan,
    StrictLessThan,
    Sum,
    Symbol,
    exp,
    log,
    sign,
)
from sympy.core.numbers import Exp1, Pi
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from derivations.indices import Entries, Index, WordArray
from derivations.language.functions import (
    GREATEST,
    PRIMITIVES,
    Above,
    Known,
    Nowhere,
    Selected,
    Signum,
)
from derivations.language.index_nodes import (
    Applied,
    ByKind,
    Defined,
    Determinant,
    InverseEntry,
    Opaque,
    Partial,
)
from derivations.proof.domain import (
    SIGNUM,
    SQUARE_ROOT,
    Application,
    Domain,
    Family,
    Key,
    Primitive,
    Scope,
    V,
    Written,
)
from derivations.proof.fragment import NoValue, OutsideFragment


@dataclass(frozen=True)
class Instance:
    """Sizes, the entries of lists of words, and values of free indices.

    ``extents`` replaces the members of an index set, named by its bounds, by other ones.
    """

    sizes: dict[str, int]
    words: dict[Key, int]
    indices: dict[str, int]
    extents: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)

    @property
    def key(self) -> Hashable:
        """What identifies the instance."""
        parts = (self.sizes, self.words, self.indices, self.extents)
        return tuple(tuple(sorted(part.items())) for part in parts)


class Places:
    """Looks up integers at one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.ranges: dict[tuple[Expr, Expr], tuple[int, ...]] = {}

    def places(self, nodes: Iterable[Expr], scope: Scope) -> tuple[int, ...]:
        """The integers that several indices stand for."""
        return tuple([self.place(node, scope) for node in nodes])

    def place(self, node: Expr, scope: Scope) -> int:
        """The integer an index, a word, a size or a count stands for."""
        bound = scope.get(node)
        if type(bound) is int:
            return bound
        if isinstance(node, Symbol):
            if bound is None:
                known = self.instance.indices.get(node.name, self.instance.sizes.get(node.name))
                if known is None or not node.is_integer:
                    raise OutsideFragment(f"no value for the index {node}")
                return known
            raise OutsideFragment(f"{node} as an index")
        if isinstance(node, Indexed) and isinstance(node.base, WordArray):
            return self._word(node.base.name, self.places(node.indices, scope))
        if node.is_Integer:
            return int(node)
        return self._count(node, scope)

    def _word(self, name: str, places: tuple[int, ...]) -> int:
        word = self.instance.words.get((name, places))
        if word is None:
            raise NoValue(f"{name}[{','.join(map(str, places))}]")
        return word

    def _count(self, node: Expr, scope: Scope) -> int:
        """Integers made of integers: sums and products, and deltas that count equal words."""
        if isinstance(node, Add):
            return sum(self.place(part, scope) for part in node.args)
        if isinstance(node, Mul):
            return prod(self.place(part, scope) for part in node.args)
        if isinstance(node, Pow) and node.exp.is_Integer and node.exp.is_nonnegative:
            return int(self.place(node.base, scope) ** int(node.exp))
        if isinstance(node, KroneckerDelta):
            left, right = self.places(node.args, scope)
            return int(left == right)
        if isinstance(node, Sum):
            inner = self.scopes(node, len(node.limits) - 1, scope)
            return sum(self.place(node.function, each) for each in inner)
        if isinstance(node, Defined) and all(parameter.is_integer for parameter in node.params):
            entered = zip(node.params, self.places(node.args, scope), strict=True)
            return self.place(node.body, dict(entered))
        raise OutsideFragment(f"index {node}")

    def members(self, lower: Expr, upper: Expr, scope: Scope) -> tuple[int, ...]:
        """The integers between two bounds, or what takes their place here."""
        if self.instance.extents:
            known = self.instance.extents.get((str(lower), str(upper)))
            if known is not None:
                return known
        if not (same_everywhere(lower) and same_everywhere(upper)):
            return tuple(range(self.place(lower, scope), self.place(upper, scope) + 1))
        found = self.ranges.get((lower, upper))
        if found is None:
            found = tuple(range(self.place(lower, {}), self.place(upper, {}) + 1))
            self.ranges[lower, upper] = found
        return found

    def scopes(self, node: Sum | Product, level: int, scope: Scope) -> Iterator[Scope]:
        """The scope of the summand at every member of the index sets, outermost last."""
        if level < 0:
            yield scope
            return
        index, lower, upper = node.limits[level]
        members = self.members(lower, upper, scope)
        if level == 0:
            yield from ({**scope, index: member} for member in members)
            return
        for member in members:
            yield from self.scopes(node, level - 1, {**scope, index: member})


@lru_cache(maxsize=4096)
def same_everywhere(end: Expr) -> bool:
    """Whether a bound is made of sizes and numbers alone."""
    if end.is_Atom:
        return not isinstance(end, Index | Indexed)
    return not end.has(KroneckerDelta, Defined, Indexed, Index)


@lru_cache(maxsize=4096)
def delta_factors(node: Mul) -> tuple[Expr, ...]:
    """The factors that are whole-number combinations of deltas.

    They are looked at first, so that what they exclude is never read: the place j = 0 of a window
    has no outside word.
    """
    return tuple(part for part in node.args if _is_linear_in_deltas(part))


def _is_linear_in_deltas(node: Expr) -> bool:
    if isinstance(node, KroneckerDelta | Integer):
        return True
    return isinstance(node, Add | Mul) and all(map(_is_linear_in_deltas, node.args))


def delta_value(node: Expr, delta: Callable[[KroneckerDelta], int | None]) -> int | None:
    """The value of a whole-number combination of deltas; None where a delta has none yet."""
    if isinstance(node, KroneckerDelta):
        return delta(node)
    if isinstance(node, Integer):
        return int(node)
    result = 0 if isinstance(node, Add) else 1
    for part in node.args:
        value = delta_value(part, delta)
        if value is None:
            return None
        result = result + value if isinstance(node, Add) else result * value
    return result


MOST_INVERTED = 4  # rows of a matrix of which the inverse or the determinant is taken


@dataclass(frozen=True)
class Thunk:
    """An argument of a definition, together with the scope it was written in."""

    node: Expr
    scope: Scope


class Interpreter(Places, Generic[V]):
    """Evaluates at one instance in one domain."""

    def __init__(self, instance: Instance, domain: Domain[V]) -> None:
        super().__init__(instance)
        self.domain = domain
        self.known: dict[tuple[Basic, tuple[int, ...]], V] = {}
        self.inverses: dict[Basic, list[list[V]]] = {}

    def value(self, node: Expr, scope: Scope | None = None) -> V:
        """The value of ``node`` in the domain."""
        return self._value(node, scope or {})

    def _value(self, node: Expr, scope: Scope) -> V:
        return cast(V, CASES[type(node)](self, node, scope))

    def _rational(self, node: Rational, scope: Scope) -> V:
        return self.domain.constant(Fraction(int(node.p), int(node.q)))

    def _e(self, node: Exp1, scope: Scope) -> V:
        """What SymPy makes of exp(1)."""
        return self.domain.exp(self.domain.constant(1))

    def _integer(self, node: Integer, scope: Scope) -> V:
        return self.domain.constant(int(node))

    def _parameter(self, node: Indexed, scope: Scope) -> V:
        if isinstance(node.base, WordArray):
            raise OutsideFragment(f"the word {node} as a number")
        return self.domain.parameter((node.base.name, self.places(node.indices, scope)))

    def _delta_value(self, node: KroneckerDelta, scope: Scope) -> V:
        return self.domain.constant(self._delta(node, scope))

    def _power(self, node: Pow, scope: Scope) -> V:
        base = node.base
        if node.exp.is_Integer:
            return self.domain.power(self._value(base, scope), int(node.exp))
        if not node.exp.is_Rational:
            return self._refused(node, scope)
        if node.exp.q == 2:
            root = self.domain.apply(SQUARE_ROOT, self._value(base, scope))
            return self.domain.power(root, int(node.exp.p))
        logarithm = self.domain.log(self._value(base, scope))
        try:  # a root: of a square, an absolute value
            return self.domain.exp(self.domain.multiply(self._rational(node.exp, scope), logarithm))
        except OutsideFragment:
            return self._refused(node, scope)

    def _exp(self, node: exp, scope: Scope) -> V:
        return self.domain.exp(self._value(node.args[0], scope))

    def _log(self, node: log, scope: Scope) -> V:
        return self.domain.log(self._value(node.args[0], scope))

    def _opaque(self, node: Opaque, scope: Scope) -> V:
        return self.domain.arbitrary(self._application(node.func, self.places(node.args, scope)))

    def _applied(self, node: Applied, scope: Scope) -> V:
        if node.function == GREATEST:
            return self._furthest(node, scope)
        labels = self.places(node.args[: node.labels], scope)
        values = [self._entries(each, scope) for each in node.values]
        arguments: tuple[int | tuple[V, ...], ...] = (*labels, *values)
        application = Application(node.function, arguments)
        for place, indices in node.entries:
            array = node.args[place]
            known = self._places_of(array.indices if isinstance(array, Entries) else ())
            at = self.places(indices, scope)
            if at not in known:
                raise NoValue(f"a derivative by {node.function} at {list(at)}")
            application = application.by(place, known.index(at))
        return self.domain.arbitrary(application)

    def _furthest(self, node: Applied, scope: Scope) -> V:
        """The greatest of the entries that count; its slope is one by that entry alone."""
        array, counting = node.values
        values = self._entries(array, scope)
        chosen: int | None = None
        tied = False
        for number, counts in enumerate(self._entries(counting, scope)):
            if not self.domain.sign(counts):
                continue
            sign = 1 if chosen is None else self._sign_of_difference(values[number], values[chosen])
            tied = tied or sign == 0
            if sign > 0:
                chosen = number
        if chosen is None or (tied and node.entries):
            raise NoValue("the greatest of none, or its slope where there are two of them")
        if not node.entries:
            return values[chosen]
        (_, indices), *more = node.entries
        assert isinstance(array, Entries)
        place = self._places_of(array.indices)[chosen]
        same = self.places(indices, scope) == place
        return self.domain.constant(int(same and not more))

    def _entries(self, node: Expr, scope: Scope) -> tuple[V, ...]:
        """The entries of an argument, row by row; of a number, the number."""
        if not isinstance(node, Entries):
            return (self._value(node, scope),)
        scopes = (
            {**scope, **dict(zip(node.indices, at, strict=True))}
            for at in self._places_of(node.indices)
        )
        return tuple([self._value(node.entry, inner) for inner in scopes])

    def _inverse_entry(self, node: InverseEntry, scope: Scope) -> V:
        """One entry of the inverse, which is worked out once where nothing bound is in it."""
        matrix = node.of
        rows, columns = (
            self.members(each.space.lower, each.space.upper, {}) for each in matrix.indices
        )
        row, column = self.places(node.at, scope)
        if row not in columns or column not in rows:
            raise NoValue(f"the inverse of a matrix at {row}, {column}")
        closed = matrix.free_symbols.isdisjoint(scope)
        known = self.inverses.get(matrix) if closed else None
        if known is None:
            step, last = self._characteristic(self._square(matrix, scope))
            minus_one = self.domain.constant(-1)
            over = self.domain.power(self.domain.multiply(minus_one, last), -1)
            known = [[self.domain.multiply(each, over) for each in row] for row in step]
            if closed:
                self.inverses[matrix] = known
        return known[columns.index(row)][rows.index(column)]

    def _determinant(self, node: Determinant, scope: Scope) -> V:
        matrix = self._square(node.of, scope)
        if not matrix:
            return self.domain.constant(1)
        _, last = self._characteristic(matrix)
        return self.domain.multiply(self.domain.constant((-1) ** len(matrix)), last)

    def _square(self, matrix: Entries, scope: Scope) -> list[list[V]]:
        """The rows of a square matrix."""
        entries = self._entries(matrix, scope)
        size = isqrt(len(entries))
        return [[*entries[n * size :][:size]] for n in range(size)]

    def _characteristic(self, matrix: list[list[V]]) -> tuple[list[list[V]], V]:
        """The last steps to the characteristic polynomial (Faddeev and LeVerrier).

        M_1 = 1, c_k = -tr(A M_k) / k, M_{k+1} = A M_k + c_k 1: these are M_n and c_n, and
        A^{-1} = -M_n / c_n, det A = (-1)^n c_n.
        """
        domain, size = self.domain, len(matrix)
        if size > MOST_INVERTED:
            raise OutsideFragment(f"the determinant of a matrix with {size} rows")
        zero, one = domain.constant(0), domain.constant(1)
        step = [[one if i == j else zero for j in range(size)] for i in range(size)]
        for count in range(1, size + 1):
            product_ = [
                [
                    reduce(
                        domain.add,
                        (domain.multiply(a, b) for a, b in zip(row, column, strict=True)),
                    )
                    for column in zip(*step, strict=True)
                ]
                for row in matrix
            ]
            trace = reduce(domain.add, (product_[n][n] for n in range(size)))
            coefficient = domain.multiply(domain.constant(Fraction(-1, count)), trace)
            if count == size:
                return step, coefficient
            step = [
                [domain.add(each, coefficient) if i == j else each for j, each in enumerate(row)]
                for i, row in enumerate(product_)
            ]
        raise NoValue("the inverse of a matrix without rows")

    def _places_of(self, indices: tuple[Index, ...]) -> list[tuple[int, ...]]:
        spaces = [index.space for index in indices]
        return [*product(*(self.members(each.lower, each.upper, {}) for each in spaces))]

    def _partial(self, node: Partial, scope: Scope) -> V:
        """By the entries that the arguments after those of the function say."""
        function = node.function
        application = self._application(function, self.places(node.labels, scope))
        assert application.written is not None
        arrays = application.written.arrays
        first = len(application.arguments) - len(arrays)
        for base, indices in node.entries:
            number, entry = list(function.rows).index(base), self.places(indices, scope)
            if entry not in arrays[number].places:
                raise NoValue(f"a derivative by {base}{list(entry)}")
            application = application.by(first + number, arrays[number].places.index(entry))
        return self.domain.arbitrary(application)

    def _application(self, function: type[Opaque], places: tuple[int, ...]) -> Application[V]:
        """The labels that pick no row, and the entries of the rows and matrices depended on."""
        arrays = []
        for base, picked in function.rows.items():
            row = () if picked is None else (places[picked],)
            sets = (self.members(each.lower, each.upper, {}) for each in function.axes[base])
            entries_at = [*product(*sets)]
            if base in function.turned:  # the transpose, row by row
                entries_at.sort(key=lambda at: at[::-1])
            arrays.append(Family(base.name, row, tuple(entries_at)))
        labels = [label for n, label in enumerate(places) if n not in function.rows.values()]
        entries = [
            tuple(self.domain.parameter((each.base, (*each.row, *at))) for at in each.places)
            for each in arrays
        ]
        written = Written(places, tuple(arrays))
        return Application(function.__name__, (*labels, *entries), written=written)

    def _absolute(self, node: Abs, scope: Scope) -> V:
        inner = self._value(node.args[0], scope)
        return self.domain.multiply(self.domain.constant(self.domain.sign(inner)), inner)

    def _sign(self, node: sign, scope: Scope) -> V:
        """The sign of a number, as in the derivative of |z|."""
        return self.domain.constant(self.domain.sign(self._value(node.args[0], scope)))

    def _signum(self, node: Signum, scope: Scope) -> V:
        """The sign that was written."""
        return self.domain.apply(SIGNUM, self._value(node.args[0], scope))

    def _above(self, node: Above, scope: Scope) -> V:
        """One of a number above zero, else zero: half of its sign and of the square of that."""
        sign = self.domain.apply(SIGNUM, self._value(node.args[0], scope))
        both = self.domain.add(sign, self.domain.multiply(sign, sign))
        return self.domain.multiply(self.domain.constant(Fraction(1, 2)), both)

    def _selected(self, node: Selected, scope: Scope) -> V:
        """What is not selected need not have a value."""
        test, value, otherwise = node.args
        half = self.domain.constant(Fraction(1, 2))
        if self.domain.sign(self.domain.add(self._value(test, scope), self._minus(half))) > 0:
            return self._value(value, scope)
        if isinstance(otherwise, Nowhere):
            raise NoValue("cases of which none holds")
        return self._value(otherwise, scope)

    def _minus(self, value: V) -> V:
        return self.domain.multiply(self.domain.constant(-1), value)

    def _known(self, node: Known, scope: Scope) -> V:
        return self.domain.apply(PRIMITIVES[node.called], self._value(node.args[0], scope))

    def _pi(self, node: Pi, scope: Scope) -> V:
        return self.domain.pi()

    def _extremum(self, node: Min | Max, scope: Scope) -> V:
        """The least or greatest: one after the other is compared with the best so far."""
        best, *others = (self._value(part, scope) for part in node.args)
        wanted = -1 if isinstance(node, Min) else 1
        for other in others:
            if self._sign_of_difference(other, best) == wanted:
                best = other
        return best

    def _piecewise(self, node: Piecewise, scope: Scope) -> V:
        for branch, condition in node.args:
            if self._holds(condition, scope):
                return self._value(branch, scope)
        raise OutsideFragment(f"no branch of {node} applies")

    def _holds(self, condition: Basic, scope: Scope) -> bool:
        """Whether an inequality between numbers holds."""
        match condition:
            case BooleanTrue() | BooleanFalse():
                return bool(condition)
            case GreaterThan() | StrictGreaterThan() | LessThan() | StrictLessThan():
                left, right = (self._value(part, scope) for part in condition.args)
                signs = _SIGNS[type(condition)]
                return self._sign_of_difference(left, right) in signs
        raise OutsideFragment(f"condition {condition}")

    def _sign_of_difference(self, left: V, right: V) -> int:
        return self.domain.sign(self.domain.add(left, self._minus(right)))

    def _refused(self, node: Expr, scope: Scope) -> V:
        raise OutsideFragment(f"{type(node).__name__}: {node}")

    def _addition(self, node: Add, scope: Scope) -> V:
        result = self._value(node.args[0], scope)
        for part in node.args[1:]:
            result = self.domain.add(result, self._value(part, scope))
        return result

    def _product(self, node: Mul, scope: Scope) -> V:
        """Deltas first: a factor of zero ends the product before anything else is read."""
        for part in delta_factors(node):
            if delta_value(part, partial(self._delta, scope=scope)) == 0:
                return self.domain.constant(0)
        result = self._value(node.args[0], scope)
        for part in node.args[1:]:
            result = self.domain.multiply(result, self._value(part, scope))
        return result

    def _delta(self, node: KroneckerDelta, scope: Scope) -> int:
        left, right = self.places(node.args, scope)
        return int(left == right)

    def _sum(self, node: Sum, scope: Scope) -> V:
        result: V | None = None
        for inner in self.scopes(node, len(node.limits) - 1, scope):
            value = self._value(node.function, inner)
            result = value if result is None else self.domain.add(result, value)
        return self.domain.constant(0) if result is None else result

    def _product_over(self, node: Product, scope: Scope) -> V:
        result = self.domain.constant(1)
        for inner in self.scopes(node, len(node.limits) - 1, scope):
            result = self.domain.multiply(result, self._value(node.function, inner))
        return result

    def _symbol(self, node: Symbol, scope: Scope) -> V:
        bound = scope.get(node)
        if isinstance(bound, Thunk):
            return self._value(bound.node, bound.scope)
        if bound is not None or node.is_integer:
            return self.domain.constant(self.place(node, scope))
        return self.domain.parameter((node.name, ()))

    def _defined(self, node: Defined, scope: Scope) -> V:
        """The body's value; its scope is its parameters and nothing else."""
        if not all(parameter.is_integer for parameter in node.params):
            pairs = zip(node.params, node.args, strict=True)
            entered = {
                p: self.place(argument, scope) if p.is_integer else Thunk(argument, scope)
                for p, argument in pairs
            }
            return self._value(node.body, entered)
        key = (node.func, self.places(node.args, scope))
        if key not in self.known:
            self.known[key] = self._value(node.body, dict(zip(node.params, key[1], strict=True)))
        return self.known[key]

    def _derivative(self, node: Derivative, scope: Scope) -> V:
        return self._derived(node.expr, tuple(node.variables), scope)

    def _derived(self, node: Expr, variables: tuple[Expr, ...], scope: Scope) -> V:
        """The tangent; pairs of pairs for a derivative of a derivative."""
        if not variables:
            return self._value(node, scope)
        *inner, last = variables
        dual = Dual(self.domain, self._coordinate(last, scope))
        pair: Pair[V] = Interpreter(self.instance, dual)._derived(node, tuple(inner), scope)
        return pair.tangent

    def _coordinate(self, by: Expr, scope: Scope) -> Key:
        if isinstance(by, Indexed):
            return by.base.name, self.places(by.indices, scope)
        return by.name, ()


_SIGNS: dict[type, tuple[int, ...]] = {
    GreaterThan: (1, 0),
    StrictGreaterThan: (1,),
    LessThan: (-1, 0),
    StrictLessThan: (-1,),
}
How = Callable[..., object]  # a method of the interpreter, of one kind of node
CASES: ByKind[How] = ByKind(
    (
        (Defined, Interpreter._defined),
        (Opaque, Interpreter._opaque),
        (Mul, Interpreter._product),
        (Add, Interpreter._addition),
        (Pow, Interpreter._power),
        (Integer, Interpreter._integer),
        (Rational, Interpreter._rational),
        (Indexed, Interpreter._parameter),
        (Sum, Interpreter._sum),
        (Product, Interpreter._product_over),
        (KroneckerDelta, Interpreter._delta_value),
        (exp, Interpreter._exp),
        (Exp1, Interpreter._e),
        (log, Interpreter._log),
        (Symbol, Interpreter._symbol),
        (Derivative, Interpreter._derivative),
        (Applied, Interpreter._applied),
        (Partial, Interpreter._partial),
        (InverseEntry, Interpreter._inverse_entry),
        (Determinant, Interpreter._determinant),
        (Abs, Interpreter._absolute),
        (sign, Interpreter._sign),
        (Signum, Interpreter._signum),
        (Above, Interpreter._above),
        (Selected, Interpreter._selected),
        (Known, Interpreter._known),
        (Pi, Interpreter._pi),
        (Min, Interpreter._extremum),
        (Max, Interpreter._extremum),
        (Piecewise, Interpreter._piecewise),
    ),
    Interpreter._refused,
)


# Dual numbers: differentiation by rule (forward mode).
#
# A pair carries a value and its tangent, the derivative by one coordinate; sums, products, powers,
# exponentials and logarithms follow the rules of calculus, exp(f)' = exp(f) f' above all, and an
# arbitrary function the chain rule. It is a domain over any other domain, so that derivatives nest.


@dataclass(frozen=True, slots=True)
class Pair(Generic[V]):
    """A value and its derivative."""

    value: V
    tangent: V


class Dual(Generic[V]):
    """The domain of pairs over ``base``: derivatives by the coordinate ``by``.

    With None for it no coordinate varies, only what is given as `varying`.
    """

    def __init__(self, base: Domain[V], by: Key | None) -> None:
        self.base, self.by = base, by
        self.zero = base.constant(0)

    def constant(self, value: Fraction | int) -> Pair[V]:
        return Pair(self.base.constant(value), self.zero)

    def lifted(self, value: V) -> Pair[V]:
        """A value that does not vary."""
        return Pair(value, self.zero)

    def varying(self, value: V) -> Pair[V]:
        """A value that the derivative is by."""
        return Pair(value, self.base.constant(1))

    def parameter(self, key: Key) -> Pair[V]:
        value = self.base.parameter(key)
        return self.varying(value) if key == self.by else self.lifted(value)

    def arbitrary(self, application: Application[Pair[V]]) -> Pair[V]:
        """The chain rule over all entries of all arguments; a label does not vary."""
        here: Application[V] = Application(
            application.function,
            tuple(
                each if isinstance(each, int) else tuple([pair.value for pair in each])
                for each in application.arguments
            ),
            application.partials,
            application.written,
        )
        tangent = self.zero
        for number, argument in enumerate(application.arguments):
            for entry, pair in enumerate(() if isinstance(argument, int) else argument):
                if pair.tangent is not self.zero:
                    partial = self.base.arbitrary(here.by(number, entry))
                    tangent = self._add(tangent, self._scale(pair.tangent, partial))
        return Pair(self.base.arbitrary(here), tangent)

    def add(self, left: Pair[V], right: Pair[V]) -> Pair[V]:
        return Pair(self.base.add(left.value, right.value), self._add(left.tangent, right.tangent))

    def _add(self, left: V, right: V) -> V:
        """The sum; most tangents are the constant zero, which costs nothing."""
        if left is self.zero:
            return right
        return left if right is self.zero else self.base.add(left, right)

    def _scale(self, tangent: V, by: V) -> V:
        return tangent if tangent is self.zero else self.base.multiply(tangent, by)

    def multiply(self, left: Pair[V], right: Pair[V]) -> Pair[V]:
        first = self._scale(left.tangent, right.value)
        second = self._scale(right.tangent, left.value)
        return Pair(self.base.multiply(left.value, right.value), self._add(first, second))

    def power(self, base: Pair[V], exponent: int) -> Pair[V]:
        domain = self.base
        value = domain.power(base.value, exponent)
        if base.tangent is self.zero or exponent == 0:
            return Pair(value, self.zero)
        outer = domain.multiply(domain.constant(exponent), domain.power(base.value, exponent - 1))
        return Pair(value, domain.multiply(outer, base.tangent))

    def exp(self, value: Pair[V]) -> Pair[V]:
        result = self.base.exp(value.value)
        return Pair(result, self._scale(value.tangent, result))

    def log(self, value: Pair[V]) -> Pair[V]:
        result = self.base.log(value.value)
        if value.tangent is self.zero:
            return Pair(result, self.zero)
        return Pair(result, self.base.multiply(value.tangent, self.base.power(value.value, -1)))

    def pi(self) -> Pair[V]:
        return self.lifted(self.base.pi())

    def apply(self, primitive: Primitive, value: Pair[V]) -> Pair[V]:
        result = self.base.apply(primitive, value.value)
        if value.tangent is self.zero:
            return Pair(result, self.zero)
        slope = primitive.slope(self.base, value.value, result)
        return Pair(result, self.base.multiply(value.tangent, slope))

    def sign(self, value: Pair[V]) -> int:
        """That of the value; none where this is zero and varies, since |z| has a kink there."""
        sign = self.base.sign(value.value)
        if sign == 0 and value.tangent is not self.zero:
            raise NoValue("the derivative where a sign changes")
        return sign


Interval = tuple[int, int]


SlotScope = Mapping[Basic, Key | int | None]  # what indices and words are, or their slots
Read = Callable[[Expr, SlotScope], Key | int]


class SumBounds:
    """Least and greatest values at given sizes; ``read`` gives the slot of a word."""

    def __init__(self, places: Places, read: Read) -> None:
        self.at, self.read = places, read

    def scopes(self, node: Sum | Product, level: int, scope: SlotScope) -> Iterator[SlotScope]:
        """The scope of the summand at every member that the sum can have."""
        if level < 0:
            yield scope
            return
        index, lower, upper = node.limits[level]
        for member in self._members(lower, upper, scope):
            yield from self.scopes(node, level - 1, {**scope, index: member})

    def _members(self, lower: Expr, upper: Expr, scope: SlotScope) -> tuple[int, ...]:
        if same_everywhere(lower) and same_everywhere(upper):
            return self.at.members(lower, upper, scope)
        return tuple(range(self._interval(lower, scope)[0], self._interval(upper, scope)[1] + 1))

    def _interval(self, node: Expr, scope: SlotScope) -> Interval:
        if isinstance(node, KroneckerDelta):
            left, right = (self.read(index, scope) for index in node.args)
            if isinstance(left, int) and isinstance(right, int):
                return (int(left == right),) * 2
            return (1, 1) if left == right else (0, 1)
        if isinstance(node, Add):
            return _interval_sum([self._interval(part, scope) for part in node.args])
        if isinstance(node, Mul):
            return _interval_product([self._interval(part, scope) for part in node.args])
        if isinstance(node, Pow) and isinstance(node.exp, Integer) and node.exp >= 0:
            return _interval_product([self._interval(node.base, scope)] * int(node.exp))
        if isinstance(node, Sum):
            # a member that may be missing adds zero
            parts = [
                self._interval(node.function, inner)
                for inner in self.scopes(node, len(node.limits) - 1, scope)
            ]
            return _interval_sum([(min(low, 0), max(high, 0)) for low, high in parts])
        if isinstance(node, Defined) and all(parameter.is_integer for parameter in node.params):
            entered = [self.read(argument, scope) for argument in node.args]
            return self._interval(node.body, dict(zip(node.params, entered, strict=True)))
        value = self.read(node, scope)
        if isinstance(value, int):
            return value, value
        raise OutsideFragment(f"the word {node} as a number")


def _interval_sum(parts: list[Interval]) -> Interval:
    return sum(low for low, _ in parts), sum(high for _, high in parts)


def _interval_product(parts: list[Interval]) -> Interval:
    products = [prod(choice) for choice in product(*parts)]
    return min(products), max(products)
