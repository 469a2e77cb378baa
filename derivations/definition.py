"""Named functions with a body, and substitution that captures no index.

Scoping is lexical: a body sees its parameters and nothing of the place it is used in. SymPy
does not do this by itself: ``Sum(exp(U[w]), (w, 1, N)).diff(U[w])`` ignores the binder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any

from sympy import Basic, Derivative, Expr, Function, Indexed, Sum, Symbol

from derivations.indices import Index

Scope = Mapping[Basic, Basic]
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Defined(Function):  # type: ignore[misc]  # SymPy's classes are untyped
    """A function application that abbreviates ``body`` with ``params`` replaced."""

    params: tuple[Symbol, ...]
    body: Expr
    shown: str

    @property
    def opened(self) -> Any:
        """What it abbreviates: the body with the arguments in place of the parameters."""
        return substitute(self.body, dict(zip(self.params, self.args, strict=True)))


def define(name: str, shown: str, params: tuple[Symbol, ...], body: Expr) -> type[Defined]:
    """A new named function.

    ``shown`` is how an application is printed: a format string over the parameters' names,
    for example ``"ŷ[{w}]"``.
    """
    members = {"nargs": len(params), "params": params, "body": body, "shown": shown}
    return type(name, (Defined,), members)


@lru_cache(maxsize=4096)
def unfold(expression: Expr) -> Any:
    """``expression`` with every definition replaced by its body and all bound indices distinct.

    New names end in subscript digits, which no declared index does.
    """
    numbers = count(1)

    def rename(index: Index, _: Scope) -> Index:
        return Index(f"{_stem(index)}{next(numbers)}".translate(_SUBSCRIPTS), index.space)

    return _walk(expression, {}, rename, unfolding=True)


def substitute(expression: Expr, values: Mapping[Symbol, Expr]) -> Any:
    """``expression`` with free symbols replaced; definitions stay folded.

    A bound index keeps its name unless a value put under it uses that very name.
    """

    def rename(index: Index, scope: Scope) -> Index:
        taken = {symbol for value in scope.values() for symbol in value.free_symbols}
        names = (Index(index.name + "'" * n, index.space) for n in count())
        return next(name for name in names if name not in taken)

    return _walk(expression, dict(values), rename, unfolding=False)


def _stem(index: Index) -> str:
    name: str = index.name
    return name.rstrip("₀₁₂₃₄₅₆₇₈₉")


def _walk(
    node: Basic, scope: Scope, rename: Callable[[Index, Scope], Index], *, unfolding: bool
) -> Any:
    def walk(part: Basic, inside: Scope) -> Basic:
        if isinstance(part, Symbol):
            return inside.get(part, part)
        if isinstance(part, Defined) and unfolding:
            arguments = [walk(argument, inside) for argument in part.args]
            return walk(part.body, dict(zip(part.params, arguments, strict=True)))
        if isinstance(part, Indexed):
            return part.base[tuple(walk(index, inside) for index in part.indices)]
        if isinstance(part, Sum):
            return walk_sum(part, dict(inside))
        if isinstance(part, Derivative):
            variables = [walk(variable, inside) for variable in part.variables]
            return Derivative(walk(part.expr, inside), *variables, evaluate=False)
        if not part.args:
            return part
        return part.func(*[walk(argument, inside) for argument in part.args])

    def walk_sum(part: Sum, inside: dict[Basic, Basic]) -> Basic:
        limits = []
        for index, lower, upper in reversed(part.limits):  # the last one is outermost
            bounds = (walk(lower, inside), walk(upper, inside))
            inside.pop(index, None)
            inside[index] = rename(index, inside)
            limits.append((inside[index], *bounds))
        return part.func(walk(part.function, inside), *reversed(limits))

    return walk(node, scope)
