"""Nodes of index expressions that SymPy lacks, and symbolic differentiation of all of them.

A named definition (``Defined``) keeps its body and its parameters; an arbitrary function
(``Opaque``) depends on the entries of arrays that it is given; the inverse and the determinant of a
matrix are arbitrary functions of its entries. ``ByKind`` dispatches on the type of a node.

Differentiation is the rules for sums, products and powers. What a function's derivative is, SymPy's
``fdiff`` says; Kronecker deltas come from its entries of arrays. Its own recursion through an
expression is not used: it asks of every derivative on the way whether it is zero, which took longer
than differentiating.

A softmax is defined once, in the stable forms that floating-point evaluation uses (``softmax``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from operator import is_
from typing import ClassVar, Generic, TypeVar

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    log,
)
from sympy.core.function import ArgumentIndexError
from sympy.functions.elementary.miscellaneous import MinMaxBase

from derivations.indices import (
    Entries,
    Index,
    IndexProduct,
    IndexSet,
    IndexSum,
    free_symbols,
    total,
)
from derivations.language.functions import Above, Nowhere, Selected, Signum

# Named functions with a body, and substitution that captures no index (alpha-conversion).
#
# Scoping is lexical: a body sees its parameters and nothing of the place it is used in. SymPy
# does not do this by itself: ``Sum(exp(U[w]), (w, 1, N)).diff(U[w])`` ignores the binder. A new
# name for a bound index is chosen against every name in the expression, in the definitions it uses
# and in the values put into it.


Scope = Mapping[Basic, Basic]
Rename = Callable[[Index, Scope], Index]
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Defined(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """A function application that abbreviates ``body`` with ``params`` replaced.

    ``differentiates`` says that a derivative was taken when the body was made: the body is that
    derivative as it was found, not as it was written.
    """

    params: tuple[Symbol, ...]
    body: Expr
    shown: str
    differentiates: ClassVar[bool] = False

    @property
    def opened(self) -> Expr:
        """What it abbreviates: the body with the arguments in place of the parameters."""
        return substitute(self.body, dict(zip(self.params, self.args, strict=True)))


def define(
    name: str,
    shown: str,
    params: tuple[Symbol, ...],
    body: Expr,
    *,
    differentiates: bool = False,
) -> type[Defined]:
    """A new named function.

    ``shown`` is how an application is printed: a format string over the parameters' names,
    for example ``"ŷ[{w}]"``. A parameter that is a whole number is an index.
    """
    assert all(isinstance(each, Index) for each in params if each.is_integer)
    members = {
        "nargs": len(params),
        "params": params,
        "body": body,
        "shown": shown,
        "differentiates": differentiates,
    }
    return type(name, (Defined,), members)


@lru_cache(maxsize=4096)
def unfold(expression: Expr) -> Expr:
    """``expression`` with every definition replaced by its body and all bound indices distinct.

    New names end in subscript digits; none is the name of anything else in the result.
    """
    taken = symbol_names(expression, inside_definitions=True)
    numbers = count(1)

    def rename(index: Index, _: Scope) -> Index:
        stem = index.name.rstrip("₀₁₂₃₄₅₆₇₈₉")
        names = (f"{stem}{number}".translate(_SUBSCRIPTS) for number in numbers)
        return Index(next(name for name in names if name not in taken), index.space)

    return rebuilt(expression, {}, rename, unfolding=True)


def substitute(expression: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """``expression`` with free symbols replaced; definitions stay folded.

    A bound index keeps its name unless a value put under it uses that very name.
    """
    everywhere = symbol_names(expression).union(*map(symbol_names, values.values()))

    def rename(index: Index, scope: Scope) -> Index:
        used = {symbol.name for value in scope.values() for symbol in value.free_symbols}
        if index.name not in used:
            return index
        names = (index.name + "'" * n for n in count(1))
        return Index(next(n for n in names if n not in used | everywhere), index.space)

    return rebuilt(expression, dict(values), rename)


def symbol_names(node: Basic, *, inside_definitions: bool = False) -> frozenset[str]:
    """The names of all symbols in an expression, bound and free, and of what it varies by."""
    found = {symbol.name for symbol in node.free_symbols}  # the rows of arbitrary functions, too
    seen: set[type[Defined]] = set()
    waiting: list[Basic] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Symbol):
            found.add(part.name)
        if inside_definitions and isinstance(part, Defined) and part.func not in seen:
            seen.add(part.func)
            waiting += [part.body, *part.params]
        waiting += part.args
    return frozenset(found)


def rebuilt(
    node: Basic,
    scope: Scope,
    rename: Rename,
    replaced: Callable[[Basic, Scope], Basic | None] | None = None,
    *,
    unfolding: bool = False,
) -> Expr:
    """The expression with free symbols replaced as ``scope`` says, binders as ``rename`` does.

    ``rename`` gets a bound index and the scope around it. ``replaced`` may give another
    expression for an entry or a symbol, which is then not entered; it gets the scope as well.
    """

    def walk(part: Basic, inside: Scope) -> Basic:
        if replaced is not None and isinstance(part, Symbol | Indexed):
            other = replaced(part, inside)
            if other is not None:
                return other
        if isinstance(part, Symbol):
            return inside.get(part, part)
        if isinstance(part, Defined) and unfolding:
            entered = zip(part.params, _walked(part.args, inside), strict=True)
            return walk(part.body, dict(entered))
        if isinstance(part, Indexed):
            indices = _walked(part.indices, inside)
            return part if _same(indices, part.indices) else part.base[indices]
        if isinstance(part, Sum | Product):
            return walk_sum(part, dict(inside))
        if isinstance(part, Entries):
            return walk_entries(part, dict(inside))
        if isinstance(part, Derivative):
            variables = _walked(part.variables, inside)
            return Derivative(walk(part.expr, inside), *variables, evaluate=False)
        arguments = _walked(part.args, inside)
        return part if _same(arguments, part.args) else part.func(*arguments)

    def _walked(parts: Iterable[Basic], inside: Scope) -> tuple[Basic, ...]:
        return tuple(walk(part, inside) for part in parts)

    def walk_sum(part: Sum | Product, inside: dict[Basic, Basic]) -> Basic:
        limits = []
        for index, lower, upper in reversed(part.limits):  # the last one is outermost
            bounds = (walk(lower, inside), walk(upper, inside))
            inside.pop(index, None)
            inside[index] = rename(index, inside)
            limits.append((inside[index], *bounds))
        return part.func(walk(part.function, inside), *reversed(limits))

    def walk_entries(part: Entries, inside: dict[Basic, Basic]) -> Basic:
        for index in part.indices:
            inside.pop(index, None)
            inside[index] = rename(index, inside)
        return Entries(walk(part.entry, inside), *(inside[index] for index in part.indices))

    return walk(node, scope)


def _same(left: Sequence[Basic], right: Sequence[Basic]) -> bool:
    """Whether nothing was replaced: SymPy takes long to build again what is there already."""
    return all(map(is_, left, right))


# Arbitrary functions: nothing is known of them but what they depend on.
#
# Their partial derivatives are arbitrary functions again, named so that a derivative can be formed,
# compared and given a value in a counterexample. `Opaque` depends on rows and whole matrices that
# are declared; `Applied` on numbers and arrays of any kind, by the chain rule. Partial derivatives
# of smooth functions commute (Schwarz's theorem), so that a derivative of any order is told by how
# often it is by each entry of each argument.


class Opaque(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An application of an arbitrary function.

    ``rows`` maps a matrix to the position of the argument that picks the one row of it the
    function depends on, or to None where it depends on the whole matrix; ``axes`` has the sets
    that run over the entries of the row or of the matrix. Of matrices in ``turned`` it takes the
    transpose.
    """

    rows: Mapping[IndexedBase, int | None] = {}
    axes: Mapping[IndexedBase, tuple[IndexSet, ...]] = {}
    turned: frozenset[IndexedBase] = frozenset()
    partials: ClassVar[dict[tuple[IndexedBase, ...], type[Partial]]] = {}

    @property
    def free_symbols(self) -> set[Symbol]:
        free: set[Symbol] = super().free_symbols
        return free.union(*(base.free_symbols for base in self.rows))

    def _eval_derivative(self, by: Expr) -> Expr:
        if not isinstance(by, Indexed) or by.base not in self.rows:
            return Integer(0)
        return self.partial(by.base, by.indices)

    @classmethod
    def depth(cls, base: IndexedBase) -> int:
        """How many indices an entry of a matrix or vector that it depends on has."""
        return len(cls.axes[base]) + (cls.rows[base] is not None)

    def partial(self, base: IndexedBase, indices: tuple[Expr, ...]) -> Expr:
        """The derivative by the entry ``base[indices]``."""
        return _derived(self.func, self.args, (), base, indices)


class Partial(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """A partial derivative of an arbitrary function.

    The arguments are its name, those of ``function``, and for each of ``bases`` the indices of the
    entry that the derivative is by, the index of a row that the function picks left out.
    """

    function: type[Opaque]
    bases: tuple[IndexedBase, ...]

    @property
    def free_symbols(self) -> set[Symbol]:
        free: set[Symbol] = super().free_symbols
        return free.union(*(base.free_symbols for base in self.function.rows))

    @property
    def labels(self) -> tuple[Expr, ...]:
        """The arguments of the function."""
        return tuple(self.args[1 : 1 + next(iter(self.function.nargs))])

    @property
    def entries(self) -> tuple[tuple[IndexedBase, tuple[Expr, ...]], ...]:
        """For each derivative what it is by, and the indices there."""
        rest = self.args[1 + len(self.labels) :]
        found = []
        for base in self.bases:
            depth = len(self.function.axes[base])
            found.append((base, tuple(rest[:depth])))
            rest = rest[depth:]
        return tuple(found)

    def _eval_derivative(self, by: Expr) -> Expr:
        if not isinstance(by, Indexed) or by.base not in self.function.rows:
            return Integer(0)
        return _derived(self.function, self.labels, self.entries, by.base, by.indices)


def _derived(
    function: type[Opaque],
    labels: tuple[Expr, ...],
    before: tuple[tuple[IndexedBase, tuple[Expr, ...]], ...],
    base: IndexedBase,
    indices: tuple[Expr, ...],
) -> Expr:
    """One derivative more; those by one matrix after another are in the order of their names."""
    picked = function.rows[base]
    entry = indices if picked is None else indices[1:]
    entries = sorted((*before, (base, tuple(entry))), key=lambda each: str(each[0]))
    bases = tuple(each for each, _ in entries)
    if bases not in function.partials:
        name = f"∂{function.__name__}/{''.join(f'∂{each}' for each in bases)}"
        members = {"function": function, "bases": bases}
        function.partials[bases] = type(name, (Partial,), members)
    kind = function.partials[bases]
    flat = (index for _, places in entries for index in places)
    value = kind(Symbol(kind.__name__), *labels, *flat)
    return value if picked is None else KroneckerDelta(indices[0], labels[picked]) * value


def arbitrary(
    name: str,
    arity: int,
    rows: Mapping[IndexedBase, int | None],
    axes: Mapping[IndexedBase, tuple[IndexSet, ...]],
    turned: frozenset[IndexedBase] = frozenset(),
) -> type[Opaque]:
    """A new arbitrary function of ``arity`` indices; the others as in `Opaque`."""
    members = {
        "nargs": arity,
        "rows": dict(rows),
        "axes": dict(axes),
        "turned": turned,
        "partials": {},
    }
    return type(name, (Opaque,), members)


class Applied(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """An arbitrary function at labels, numbers and arrays, or a partial derivative of it there.

    The first ``labels`` arguments are members of index sets. The others are numbers and arrays;
    ``depths`` has for each how many indices it has, none for a number and as many as its
    `Entries` bind for an array. ``partials`` says by which arguments the derivative is, all counted
    from zero, in order; the indices of the entries that it is by stand behind the arguments.
    """

    function: str
    labels: int
    depths: tuple[int, ...]
    partials: tuple[int, ...]

    @property
    def values(self) -> tuple[Expr, ...]:
        """The numbers and arrays."""
        return tuple(self.args[self.labels : self.labels + len(self.depths)])

    @property
    def entries(self) -> tuple[tuple[int, tuple[Expr, ...]], ...]:
        """For each derivative the argument that it is by, and the indices there."""
        rest = self.args[self.labels + len(self.depths) :]
        found = []
        for place in self.partials:
            depth = self.depths[place - self.labels]
            found.append((place, tuple(rest[:depth])))
            rest = rest[depth:]
        return tuple(found)

    def partial(self, place: int, indices: tuple[Expr, ...]) -> Expr:
        """The derivative by an entry of an argument, which is counted from zero."""
        entries = sorted((*self.entries, (place, indices)), key=lambda each: each[0])
        partials = tuple(each for each, _ in entries)
        kind = applied(self.function, self.labels, self.depths, partials)
        arguments = self.args[: self.labels + len(self.depths)]
        return kind(*arguments, *(index for _, found in entries for index in found))


def away_from(value: Entries, names: Collection[str]) -> tuple[Expr, tuple[Index, ...]]:
    """The entry of an array at indices that have none of the names."""
    new: list[Index] = []
    for index in value.indices:
        called = (index.name + "'" * times for times in count())
        taken = {*names, *(other.name for other in new)}
        new.append(Index(next(name for name in called if name not in taken), index.space))
    return substitute(value.entry, dict(zip(value.indices, new, strict=True))), tuple(new)


@lru_cache(maxsize=4096)
def applied(
    name: str, labels: int, depths: tuple[int, ...], partials: tuple[int, ...] = ()
) -> type[Applied]:
    """The arbitrary function of this name, or its derivative by the arguments ``partials``."""
    by = "".join(f",{place + 1}" for place in partials)
    indices = sum(depths[place - labels] for place in partials)
    members = {
        "nargs": labels + len(depths) + indices,
        "function": name,
        "labels": labels,
        "depths": depths,
        "partials": partials,
    }
    return type(f"{name}{by}", (Applied,), members)


# Entries of the inverse of a matrix, and its determinant, in index notation; their derivatives.
#
# Both are of a matrix that has an inverse M: dM = -M dA M, and d det A = det(A) tr(M dA), Jacobi's
# formula (K. B. Petersen and M. S. Pedersen, The Matrix Cookbook, 2012, equations 40 and 46).


class InverseEntry(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """The entry at a row and a column of the inverse of a square matrix, which is `Entries`."""

    nargs = 3

    @property
    def at(self) -> tuple[Expr, Expr]:
        """Row and column."""
        row, column, _ = self.args
        return row, column

    @property
    def of(self) -> Entries:
        """The matrix that it is the inverse of."""
        found: Entries = self.args[2]
        return found

    def varied(self, by: Expr) -> tuple[Expr, tuple[Index, Index]]:
        """The entry of the matrix at indices that are neither here nor in ``by``."""
        return _varied(self.of, self, by)

    def weighted(self, slope: Expr, row: Index, column: Index) -> Expr:
        """Minus the sum over p and q of M[i,p] dA[p,q] M[q,k], for the inverse M of A."""
        first, last = self.at
        around = self.func(first, row, self.of) * self.func(column, last, self.of)
        limits = ((each, each.space.lower, each.space.upper) for each in (row, column))
        return -IndexSum(around * slope, *limits)


class Determinant(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """The determinant of a square matrix, which is `Entries`."""

    nargs = 1

    @property
    def of(self) -> Entries:
        """The matrix."""
        found: Entries = self.args[0]
        return found

    def varied(self, by: Expr) -> tuple[Expr, tuple[Index, Index]]:
        """The entry of the matrix at indices that are neither here nor in ``by``."""
        return _varied(self.of, self, by)

    def weighted(self, slope: Expr, row: Index, column: Index) -> Expr:
        """det(A) times the sum over p and q of M[q,p] dA[p,q], for the inverse M of A."""
        limits = ((each, each.space.lower, each.space.upper) for each in (row, column))
        return self * IndexSum(InverseEntry(column, row, self.of) * slope, *limits)


def _varied(of: Entries, whole: Expr, by: Expr) -> tuple[Expr, tuple[Index, Index]]:
    used = free_symbols(whole) | free_symbols(by) | set(of.indices)
    names = {symbol.name for symbol in used if isinstance(symbol, Symbol)}
    entry, (row, column) = away_from(of, names)
    return entry, (row, column)


# Dispatch on the type of a node, found once for each type that is there for good.


T = TypeVar("T")
# each of these is a type of its own, that may go again
PASSING = (Defined, Opaque, Partial, Applied)


class ByKind(dict[type, T], Generic[T]):
    """What is done with a node of each type, by the first of ``rows`` whose type it is one of."""

    def __init__(self, rows: tuple[tuple[type, T], ...], otherwise: T) -> None:
        super().__init__()
        self.rows, self.otherwise = rows, otherwise

    def __missing__(self, kind: type) -> T:
        found = next((how for base, how in self.rows if issubclass(kind, base)), self.otherwise)
        if not issubclass(kind, PASSING):
            self[kind] = found
        return found


ZERO = Integer(0)


def differentiated(expression: Expr) -> Expr:
    """``expression`` unfolded, with every derivative in it taken."""
    if not expression.has(Derivative):
        return unfold(expression)
    if isinstance(expression, Derivative):
        return _differentiated(expression)
    return with_derivatives_taken(unfold(expression))


@lru_cache(maxsize=1024)
def _differentiated(node: Derivative) -> Expr:
    return with_derivatives_taken(unfold(node))


def with_derivatives_taken(node: Expr) -> Expr:
    """The unfolded expression with every derivative in it taken, the inner ones first."""
    if isinstance(node, Derivative):
        return derivative(with_derivatives_taken(node.expr), *node.variables)
    if not node.args or isinstance(node, Indexed):
        return node
    if isinstance(node, Sum | Product):
        return node.func(with_derivatives_taken(node.function), *node.limits)
    return node.func(*map(with_derivatives_taken, node.args))


def derivative(node: Expr, *by: Expr) -> Expr:
    """The derivative of an unfolded expression without others in it.

    ``by`` are entries of arrays and numbers, one after the other; bound indices are apart.
    """
    for each in by:
        node = _by(node, each)
    return node


@lru_cache(maxsize=8192)
def _by(node: Expr, by: Expr) -> Expr:
    if not _may_depend(node, by):
        return ZERO
    if isinstance(node, Add):
        return Add(*(_by(part, by) for part in node.args))
    if isinstance(node, Mul):
        return Add(*_product_rule(node, by))
    if isinstance(node, Pow):
        slope = _by(node.base, by) * node.exp / node.base
        grown = _by(node.exp, by)
        return node * (slope + grown * log(node.base) if grown != 0 else slope)
    if isinstance(node, Sum):
        return _of_sum(node, by)
    if isinstance(node, Product):
        return _of_product(node, by)
    if isinstance(node, Abs):  # of a real number; SymPy does not know that entries are real
        return _by(node.args[0], by) * node.args[0] / node
    if isinstance(node, Selected):  # away from where the cases meet
        test, value, otherwise = node.args
        rest = otherwise if isinstance(otherwise, Nowhere) else _by(otherwise, by)
        return Selected(test, _by(value, by), rest)
    if isinstance(node, Applied):
        return Add(*_of_applied(node, by))
    if isinstance(node, InverseEntry | Determinant):
        entry, (row, column) = node.varied(by)
        slope = _by(entry, by)
        return node.weighted(slope, row, column) if slope != 0 else ZERO
    if isinstance(node, Opaque | Partial | Indexed):
        return node._eval_derivative(by)
    if isinstance(node, KroneckerDelta):
        return ZERO
    if isinstance(node, Function) and not isinstance(node, Piecewise | MinMaxBase):
        return Add(*_chain_rule(node, by))
    return node.diff(by)


def _product_rule(node: Mul, by: Expr) -> list[Expr]:
    parts = node.args
    slopes = ((n, _by(part, by)) for n, part in enumerate(parts))
    return [Mul(*parts[:n], slope, *parts[n + 1 :]) for n, slope in slopes if slope != 0]


def _of_sum(node: Sum, by: Expr) -> Expr:
    """Under the sum: its ends do not depend on data."""
    slope = _by(node.function, by)
    return node.func(slope, *node.limits) if slope != 0 else ZERO


def _of_product(node: Product, by: Expr) -> Expr:
    """One factor differentiated, times all the others; products may stand in one another."""
    slope = _by(node.function, by)
    if slope == 0:
        return ZERO
    same, names, limits = Integer(1), {}, []
    for index, lower, upper in node.limits:
        names[index] = Index(_new_name(index.name, node, by), index.space)
        same *= KroneckerDelta(names[index], index)
        limits.append((names[index], lower, upper))
    factor = 1 + (1 - same) * (node.function.xreplace(names) - 1)
    return IndexSum(slope * IndexProduct(factor, *limits), *node.limits)


def _new_name(stem: str, *nodes: Basic) -> str:
    """A name for an index that no symbol in these has."""
    taken = frozenset[str]().union(*map(symbol_names, nodes))
    names = (stem + "\N{MODIFIER LETTER PRIME}" * times for times in count(1))
    return next(name for name in names if name not in taken)


def _chain_rule(node: Function, by: Expr) -> list[Expr]:
    found = []
    for place, argument in enumerate(node.args, 1):
        slope = _by(argument, by)
        if slope != 0:
            try:
                found.append(node.fdiff(place) * slope)
            except ArgumentIndexError:
                found.append(Function.fdiff(node, place) * slope)
    return found


def _of_applied(node: Applied, by: Expr) -> Iterator[Expr]:
    """The chain rule: over all entries of the arguments, each times its own slope."""
    for place, value in enumerate(node.values, node.labels):
        if not isinstance(value, Entries):
            yield _by(value, by) * node.partial(place, ())
            continue
        used = free_symbols(node) | free_symbols(by)
        names = {symbol.name for symbol in used if isinstance(symbol, Symbol)}
        entry, indices = away_from(value, names)
        slope = _by(entry, by) * node.partial(place, indices)
        if slope != 0:
            yield IndexSum(slope, *((i, i.space.lower, i.space.upper) for i in indices))


def _may_depend(node: Expr, by: Expr) -> bool:
    return (by.base if isinstance(by, Indexed) else by) in _varied_by(node)


@lru_cache(maxsize=8192)
def _varied_by(node: Basic) -> frozenset[Basic]:
    """The arrays and numbers that an expression may depend on."""
    match node:
        case Symbol():
            return frozenset((node,))
        case Indexed(base=base):
            return frozenset((base,))
        case Opaque(rows=rows):
            return frozenset(rows)
        case Partial(function=function):
            return frozenset(function.rows)
        case _:
            return frozenset[Basic]().union(*map(_varied_by, node.args))


@dataclass(frozen=True)
class Softmax:
    """The forms, each a named function: of the given indices, then of those it says.

    ``weight`` (a, w), ``weight_sum`` (a), ``weight_of_others`` (a, o) leaves o out; ``error``
    (o, a, w) is the probability of w less one where w is o, ``excess`` (o, a, w) the same times
    the weight sum; ``lag`` (o, a) is minus the logarithm of the probability of o.
    """

    weight: type[Defined]
    weight_sum: type[Defined]
    weight_of_others: type[Defined]
    excess: type[Defined]
    error: type[Defined]
    lag: type[Defined]


def softmax(
    score: Callable[[Expr], Expr],
    given: tuple[Index, ...],
    w: Index,
    o: Index,
    a: Index,
    e: str = "e",
) -> Softmax:
    """The forms for the scores of members w, o and a of one set, beside the ``given`` indices.

    ``e`` is the letter that the weights are printed as.
    """
    weight = define("weight", f"{e}[{{{w}}}]", (*given, a, w), exp(score(w) - score(a)))
    weight_sum = define("weight_sum", f"Σ{e}", (*given, a), total(weight(*given, a, w), w))
    weight_of_others = define(
        "weight_of_others",
        f"Σ{e}≠{{{o}}}",
        (*given, a, o),
        total((1 - KroneckerDelta(w, o)) * weight(*given, a, w), w),
    )
    # the probability less one, without subtracting: minus the share of all others
    excess = define(
        "excess",
        f"excess[{{{w}}}]",
        (*given, o, a, w),
        (1 - KroneckerDelta(w, o)) * weight(*given, a, w)
        - KroneckerDelta(w, o) * weight_of_others(*given, a, o),
    )
    error = define(
        "error",
        f"error[{{{w}}}]",
        (*given, o, a, w),
        excess(*given, o, a, w) / weight_sum(*given, a),
    )
    # how far o lags behind the leader, plus the logarithm of what the others add
    lag = define(
        "lagging_loss",
        "lag",
        (*given, o, a),
        (score(a) - score(o)) + log(1 + weight_of_others(*given, a, a)),
    )
    return Softmax(weight, weight_sum, weight_of_others, excess, error, lag)


def has_branch(term: Expr) -> bool:
    """Whether a sign, a larger one or a case stands in a term."""
    return bool(term.has(Abs, Signum, Above, Selected, Min, Max, Piecewise))
