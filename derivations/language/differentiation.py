"""Symbolic differentiation of index expressions: the rules for sums, products and powers.

What a function's derivative is, SymPy's ``fdiff`` says; Kronecker deltas come from its entries of
arrays. Its own recursion through an expression is not used: it asks of every derivative on the
way whether it is zero, which took longer than differentiating.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import count

from sympy import (
    Abs,
    Add,
    Basic,
    Derivative,
    Expr,
    Function,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    Piecewise,
    Pow,
    Product,
    Sum,
    Symbol,
    log,
)
from sympy.core.function import ArgumentIndexError
from sympy.functions.elementary.miscellaneous import MinMaxBase

from derivations.indices import Entries, Index, IndexProduct, IndexSum, free_symbols
from derivations.language.functions import Nowhere, Selected
from derivations.language.index_nodes import (
    Applied,
    Determinant,
    InverseEntry,
    Opaque,
    Partial,
    away_from,
    symbol_names,
    unfold,
)

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
