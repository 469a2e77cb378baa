"""The exact decision of a claim at one small instance, by two routes to every derivative.

The left side is evaluated twice: with derivatives taken by rule on pairs of values
(`dual.py`), and with the derivative that SymPy took at symbolic size. The claim holds at the
instance when the right side equals both; `field.py` says why being zero is decided. A left
side whose two values differ means that one of the routes is wrong: a Disagreement.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from sympy import Derivative, Expr

from derivations.definition import unfold
from derivations.proof.differentiate import differentiated
from derivations.proof.evaluate import Interpreter
from derivations.proof.field import Field, TooManyVariables, Value
from derivations.proof.fragment import OutsideFragment
from derivations.proof.places import Instance
from derivations.proof.signs import Signs, resolved

ROOM = (16, 40, 120, 400)


class Disagreement(Exception):
    """Two arguments that must agree do not: a fault in this program, never a verdict."""


@dataclass(frozen=True)
class Sides:
    """A claim's two sides on one sign case, as typed and with derivatives taken by SymPy."""

    left: Expr
    right: Expr
    left_taken: Expr
    right_taken: Expr
    decided: dict[Hashable, bool] = field(default_factory=dict, compare=False)


def sides_of(left: Expr, right: Expr, signs: Signs) -> Sides:
    """Both readings of both sides where ``signs`` holds."""
    if signs:
        left, right = resolved(unfold(left), signs), resolved(unfold(right), signs)
    return Sides(left, right, differentiated(left), differentiated(right))


def holds(sides: Sides, instance: Instance) -> bool:
    """Whether the sides are equal at ``instance``; what is known is not decided again.

    Raises Disagreement where the two routes to a derivative differ, OutsideFragment and
    ZeroDivisionError where a side has no value.
    """
    key = instance.key
    if key not in sides.decided:
        sides.decided[key] = _decided(sides, instance)
    return sides.decided[key]


def _decided(sides: Sides, instance: Instance) -> bool:
    for room in ROOM:
        try:
            return _holds(sides, instance, Field(room))
        except TooManyVariables:
            continue
    raise OutsideFragment(f"more than {ROOM[-1]} variables at one instance")


def _holds(sides: Sides, instance: Instance, exact: Field) -> bool:
    left = _both_routes(sides.left, sides.left_taken, instance, exact)
    right = _both_routes(sides.right, sides.right_taken, instance, exact)
    return _equal(left, right, exact)


def _both_routes(typed: Expr, taken: Expr, instance: Instance, exact: Field) -> Value:
    interpreter = Interpreter(instance, exact)
    by_rule: Value = interpreter.value(typed)
    if typed.has(Derivative):
        by_sympy: Value = interpreter.value(taken)
        if not _equal(by_rule, by_sympy, exact):
            raise Disagreement(
                f"the derivative by rule and the one by SymPy differ at {instance}: {typed}"
            )
    return by_rule


def _equal(left: Value, right: Value, exact: Field) -> bool:
    negative = exact.multiply(exact.constant(-1), right)
    return exact.is_zero(exact.add(left, negative))
