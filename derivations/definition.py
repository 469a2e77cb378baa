"""Named functions with a body, and substitution that captures no index (alpha-conversion).

Scoping is lexical: a body sees its parameters and nothing of the place it is used in. SymPy
does not do this by itself: ``Sum(exp(U[w]), (w, 1, N)).diff(U[w])`` ignores the binder. A new
name for a bound index is chosen against every name in the expression, in the definitions it uses
and in the values put into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from operator import is_
from typing import Any, ClassVar

from sympy import Basic, Derivative, Expr, Function, Indexed, Sum, Symbol

from derivations.indices import Entries, Index

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
    def opened(self) -> Any:
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
def unfold(expression: Expr) -> Any:
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


def substitute(expression: Expr, values: Mapping[Symbol, Expr]) -> Any:
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
) -> Any:
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
        if isinstance(part, Sum):
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

    def walk_sum(part: Sum, inside: dict[Basic, Basic]) -> Basic:
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
