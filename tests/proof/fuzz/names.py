"""Substitution in SymPy sums, with care or without: the careless one captures names."""

from __future__ import annotations

from sympy import Abs, Add, Expr, Indexed, Mul, Pow, Sum, exp, log

from derivations.indices import Entries, Index
from tests.proof.fuzz.vocabulary import POOL


def opened(node: Sum) -> tuple[Index, tuple[Expr, Expr], Expr]:
    """The outermost name of a sum, its bounds, and the summand."""
    index, lower, upper = node.limits[-1]
    inner = node.limits[:-1]
    return index, (lower, upper), Sum(node.function, *inner) if inner else node.function


def unused(index: Index, taken: set[Expr]) -> Index:
    """A name over the same index set that is not taken."""
    more = (Index(f"{index.name}{n}", index.space) for n in range(9))
    return next(name for name in (*POOL[index.space], *more) if name not in taken)


def put(node: Expr, old: Expr, new: Expr, *, careful: bool = True) -> Expr:
    """``node`` with the index ``old`` replaced where it is free."""
    if node == old:
        return new
    if isinstance(node, Sum):
        index, bounds, body = opened(node)
        if index in old.free_symbols:
            return node
        if careful and index in new.free_symbols:
            other = unused(index, body.free_symbols | new.free_symbols | old.free_symbols)
            index, body = other, put(body, index, other)
        return Sum(put(body, old, new, careful=careful), (index, *bounds))
    if isinstance(node, Entries):
        return _put_inside(node, old, new)
    if isinstance(node, Indexed):
        return node.base[tuple(put(place, old, new) for place in node.indices)]
    parts = [put(part, old, new, careful=careful) for part in node.args]
    if all(a is b for a, b in zip(parts, node.args, strict=True)):
        return node
    as_written = isinstance(node, Add | Mul | Pow | exp | log | Abs)
    return node.func(*parts, evaluate=False) if as_written else node.func(*parts)


def _put_inside(node: Entries, old: Expr, new: Expr) -> Expr:
    """An array with an index replaced where it is free."""
    entry, bound = node.entry, list(node.indices)
    if not old.free_symbols.isdisjoint(bound):
        return node
    for n, index in enumerate(bound):
        if index in new.free_symbols:
            taken = entry.free_symbols | new.free_symbols | old.free_symbols | set(bound)
            bound[n] = unused(index, taken)
            entry = put(entry, index, bound[n])
    return Entries(put(entry, old, new), *bound)


def summed_apart(node: Sum, from_these: Expr) -> tuple[Index, tuple[Expr, Expr], Expr]:
    """As `opened`, the name changed where it is free in ``from_these``."""
    index, bounds, body = opened(node)
    if index in from_these.free_symbols:
        other = unused(index, body.free_symbols | from_these.free_symbols)
        index, body = other, put(body, index, other)
    return index, bounds, body
