"""Cases by sign: |z|, min(z, 0) and conditions on z become rational once the sign is known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from sympy import (
    Abs,
    Expr,
    GreaterThan,
    Max,
    Min,
    Piecewise,
    StrictGreaterThan,
    StrictLessThan,
    Symbol,
)
from sympy.core.relational import LessThan
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from derivations.definition import unfold
from derivations.proof.fragment import OutsideFragment

Signs = dict[Symbol, int]


def sign_cases(*expressions: Expr) -> Iterator[Signs]:
    """Every choice of signs for the scalars that a branch of the expressions depends on.

    1 stands for zero and above, -1 for below zero.
    """
    branching = {
        symbol
        for expression in expressions
        for node in unfold(expression).atoms(Abs, Min, Max, Piecewise)
        for symbol in node.free_symbols
    }
    scalars = sorted(branching, key=lambda symbol: symbol.name)
    for signs in product((1, -1), repeat=len(scalars)):
        yield dict(zip(scalars, signs, strict=True))


def resolved(node: Expr, signs: Signs) -> Expr:
    """The unfolded ``node`` on the branch that ``signs`` selects."""
    if not signs or not node.args:
        return node
    if isinstance(node, Piecewise):
        return resolved(_branch(node, signs), signs)
    if isinstance(node, Abs):
        return node.args[0] * _sign(node.args[0], signs)
    if isinstance(node, Min | Max):
        (scalar,) = [part for part in node.args if part != 0]
        keeps = (_sign(scalar, signs) == 1) == isinstance(node, Max)
        return scalar if keeps and len(node.args) == 2 else 0 * scalar
    return node.func(*[resolved(argument, signs) for argument in node.args])


def _branch(node: Piecewise, signs: Signs) -> Expr:
    for value, condition in node.args:
        if isinstance(condition, BooleanTrue) or _holds(condition, signs):
            return value
    raise OutsideFragment(f"no branch of {node} applies")


def _holds(condition: Expr, signs: Signs) -> bool:
    if isinstance(condition, BooleanFalse):
        return False
    if condition.args[1] != 0:
        raise OutsideFragment(f"condition {condition}")
    sign = _sign(condition.args[0], signs)
    if isinstance(condition, GreaterThan):
        return sign == 1
    if isinstance(condition, StrictLessThan):
        return sign == -1
    if isinstance(condition, LessThan | StrictGreaterThan):
        raise OutsideFragment(f"condition {condition}: zero is on the side of the positive")
    raise OutsideFragment(f"condition {condition}")


def _sign(scalar: Expr, signs: Signs) -> int:
    flipped = -scalar
    if scalar in signs:
        return signs[scalar]
    if flipped in signs:
        return -signs[flipped]
    raise OutsideFragment(f"sign of {scalar}")
