"""The rate of an update, which may take the larger of two numbers: by cases."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add, mul
from typing import Any

from sympy import Add, Expr, Max, Min, Mul, Pow

from codegen.execute.specification import Specification
from codegen.interpret.branching import World
from codegen.interpret.exact_numbers import Number
from codegen.interpret.symbolic import larger, smaller

_FOLDED: dict[type[Expr], Any] = {Add: add, Mul: mul, Max: larger, Min: smaller}


def rate_of(update: Any, meant: Specification) -> Expr:
    """What the gradient is multiplied by; an argument where it is named."""
    named = {argument.name: argument.stands_for for argument in meant.kernel.arguments}
    rate: Expr = named[update.rate] if isinstance(update.rate, str) else update.rate
    return rate


def by_cases(expression: Expr, scope: Mapping[Any, int], meant: Specification, world: World) -> Any:
    """The value of an expression with a larger or a smaller of two numbers in it."""
    if not expression.has(Max, Min):
        return Number(world, meant.at(expression, scope))
    if isinstance(expression, Pow):
        return by_cases(expression.base, scope, meant, world) ** int(expression.exp)
    parts = [by_cases(part, scope, meant, world) for part in expression.args]
    return reduce(_FOLDED[expression.func], parts)
